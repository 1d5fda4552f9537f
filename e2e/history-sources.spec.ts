import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './gateway.ts';
import { DAY_US, legend, query, seed, TODAY } from './history-site.ts';
import { expectGoodLooksEverywhere } from './looks.ts';

test('UI4 the band says where data comes from, and that a second look is cached', async ({ gateway, page }) => {
  await seed(gateway);
  const all = query(TODAY - 40 * DAY_US, TODAY);
  await gateway.open(page, 'history', all);
  await expect(legend(page, 'archive')).toHaveText('In archive');
  await expect(legend(page, 'gateway')).toHaveText('On this gateway');
  await expect(legend(page, 'none')).toHaveText('Never recorded');
  await expect(legend(page, 'unreachable')).toBeHidden();
  await gateway.open(page, 'history', all);
  await page.reload();
  await expect(legend(page, 'cached')).toHaveText('Cached');
  await expect(legend(page, 'archive')).toBeHidden();
});

test('UI4 an archive that is away is said to be, on the chart too, and its return heals the picture', async ({
  gateway,
  page,
}) => {
  test.setTimeout(120_000);
  await seed(gateway);
  const archive = join(gateway.process.folder, 'archive');
  renameSync(archive, `${archive}.away`);
  const cache = join(gateway.process.data, 'cache');
  if (existsSync(cache)) for (const name of readdirSync(cache)) rmSync(join(cache, name), { recursive: true });

  await gateway.open(page, 'history', query(TODAY - 40 * DAY_US, TODAY));
  await expect(legend(page, 'unreachable')).toHaveText('Not reachable');
  await expect(legend(page, 'gateway')).toBeVisible();
  await expect(page.getByRole('application').getByText('Not reachable')).toBeVisible();
  await expect(
    page.getByText('Full detail needs the link. It is fetched by itself when the link returns.'),
  ).toBeVisible();
  await expectGoodLooksEverywhere(page, () => expect(legend(page, 'unreachable')).toBeVisible());

  // Nothing but unreachable time: still never an empty chart.
  await gateway.open(page, 'history', query(TODAY - 36 * DAY_US, TODAY - 35 * DAY_US));
  await expect(page.getByRole('application').getByText('Not reachable')).toBeVisible();
  await expect(page.getByText('Nothing was recorded in this time.')).toBeHidden();
  await expect(page.getByText('This time is only in the archive, which cannot be reached now.')).toBeVisible();
  await expect(page.getByText('Full detail needs the link.')).toBeHidden();

  renameSync(`${archive}.away`, archive);
  await expect(legend(page, 'archive')).toBeVisible({ timeout: 60_000 });
  await expect(legend(page, 'unreachable')).toBeHidden();
  await expect(page.getByText('which cannot be reached now')).toBeHidden();
});

test('UI4 a series that does not exist is said not to, as a chart and as a table', async ({ gateway, page }) => {
  await gateway.open(page, 'history', 'series=nope.nope');
  const said = page.getByText('There is no series nope.nope on this gateway. Pick another one.');
  await expectGoodLooksEverywhere(page, () => expect(said).toBeVisible());
  await expect(page.getByText('Loading')).toBeHidden();
  await page.getByRole('button', { name: 'Table' }).click();
  await expect(said).toBeVisible();
  await expect(page.getByText('Loading')).toBeHidden();
});

test('UI4 a block that is damaged in the archive is said to be, and is never drawn', async ({ gateway, page }) => {
  await seed(gateway);
  const day = new Date((TODAY - 36 * DAY_US) / 1_000).toISOString().slice(0, 10);
  const folder = join(gateway.process.folder, 'archive', 'gateway=site1', `date=${day}`);
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    writeFileSync(join(folder, name), bytes.fill(0x55, 8, bytes.length - 64));
  }
  await gateway.open(page, 'history', query(TODAY - 38 * DAY_US, TODAY - 34 * DAY_US));
  await expect(legend(page, 'damaged')).toHaveText('Damaged in archive');
  await expect(legend(page, 'archive')).toBeVisible();
  await expect(page.getByRole('application').getByText('Damaged in archive')).toBeVisible();
  await expect(
    page.getByText('Some of it is damaged or missing in the archive and is not shown. Transfers says what to do.'),
  ).toBeVisible();
  await expectGoodLooksEverywhere(page, () => expect(legend(page, 'damaged')).toBeVisible());
});
