import { randomBytes } from 'node:crypto';
import { Client } from 'minio';
import { FaultProxy } from '../main/testing/fault-proxy.ts';
import { forgetRollups } from '../main/testing/forget-rollups.ts';
import { type MinioServer, startMinio } from '../main/testing/minio-server.ts';
import { expect, Gateway, test } from './gateway.ts';
import { DAY_US, LINES, query, TODAY } from './history-site.ts';
import { expectGoodLooksEverywhere } from './looks.ts';

let minio: MinioServer;
let link: FaultProxy;
test.beforeAll(async () => {
  test.setTimeout(240_000);
  minio = await startMinio();
  link = await FaultProxy.start(minio.endpoint);
});
test.afterAll(async () => {
  await link.offline();
  await minio.close();
});

async function toml(): Promise<string> {
  const { hostname, port } = new URL(minio.endpoint);
  const { accessKey, secretKey } = minio;
  const bucket = `t-${randomBytes(6).toString('hex')}`;
  await new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey }).makeBucket(bucket);
  const keys = `access_key = "${accessKey}"\nsecret_key = "${secretKey}"`;
  return `[minio]\nendpoint = "${link.endpoint}"\nbucket = "${bucket}"\n${keys}\n`;
}

test('UI4 data on its way from the archive says so; it can be stopped, taken up again, and arrives', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const gateway = await Gateway.start(await toml());
  try {
    await gateway.write(LINES);
    // Not `tidemark tier-now`: the link runs in this process, and must not stand still while a command is waited for.
    await gateway.rest('/tier-now', 'POST');
    await expect.poll(async () => (await gateway.status()).tiers.cold.blocks, { timeout: 30_000 }).toBe(8);
    // All of them have to be fetched.
    forgetRollups(gateway.process.data);

    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    void link.next('get', { do: 'hold', until: held }, Number.POSITIVE_INFINITY);
    await gateway.open(page, 'history', query(TODAY - 40 * DAY_US, TODAY));

    const progress = page.getByText(/^Fetching 0\sB of [\d.]+\skB from the archive, /);
    await expect(progress).toBeVisible();
    await expect(page.getByText('Waiting for the archive …')).toBeVisible();
    // What is on this gateway is drawn at once.
    await expect(page.getByTestId('source-gateway')).toBeVisible();
    await expectGoodLooksEverywhere(page, () => expect(progress).toBeVisible());

    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText('Fetching was stopped. What is shown may be incomplete.')).toBeVisible();
    await expect(progress).toBeHidden();
    await page.getByRole('button', { name: 'Fetch the rest' }).click();
    await expect(progress).toBeVisible();

    // The gateway goes while it fetches, and comes back: the page asks again by itself.
    await gateway.process.kill();
    await expect(page.getByRole('alert').filter({ hasText: 'The gateway does not answer' })).toBeVisible({
      timeout: 15_000,
    });
    await expect(page.getByTestId('plot')).toBeVisible();
    link.heal();
    release();
    await gateway.restart();
    await expect(page.getByText('Waiting for the archive …')).toBeHidden({ timeout: 30_000 });
    await expect(page.getByTestId('source-archive').or(page.getByTestId('source-cached'))).toBeVisible();
    await expect(page.getByText(/Fetching/)).toBeHidden();
    await page.getByRole('button', { name: 'Table' }).click();
    await expect(page.getByText(/^pump temp \(h1\): [\d,]+ rows$/)).toBeVisible();
  } finally {
    link.heal();
    await gateway.process.remove();
  }
});
