import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import type { LinkState } from '../tiering/types.ts';
import { type Fault, FaultProxy } from './fault-proxy.ts';
import { freePort, type MinioAccess } from './minio-server.ts';
import { minioClient, minioToml, newBucket, ServedSite } from './served-site.ts';

const minio = inject('minio');
const N = 2_000;

async function startSite(t: TestContext, access: MinioAccess & { bucket: string }): Promise<ServedSite> {
  const site = new ServedSite(minioToml(access));
  t.onTestFinished(() => site.end());
  await site.start();
  return site;
}

/** The operator corrects tidemark.toml. */
function configure(site: ServedSite, from: string, to: string): void {
  const file = join(site.gateway.folder, 'tidemark.toml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
}

/** It takes in, keeps and answers everything, moves nothing more, and says what is wrong. */
async function expectHeld(site: ServedSite, link: LinkState, sentence: RegExp): Promise<void> {
  const { cold } = (await site.status()).tiers;
  await site.fillDay(`h${site.oracle.size}`, site.firstDay + site.oracle.size, N);
  await site.tierNow();
  const status = await site.until(link, (s) => s.link.state === link && !s.tiering.running);
  expect(status).toMatchObject({
    state: link === 'offline' ? 'offline' : 'attention',
    sentence: expect.stringMatching(sentence),
    tiering: { requested: true },
  });
  expect(status.tiers.cold).toEqual(cold);
  await site.expectWhole();
}

/** A trouble that lasts is tried again, ever more rarely, and told once. */
async function expectQuiet(site: ServedSite): Promise<void> {
  const troubles = async (): Promise<string[]> => {
    const { events } = (await (await site.call('/events')).json()) as { events: { code: string }[] };
    return events.map((e) => e.code).filter((code) => code.startsWith('TM-LINK'));
  };
  const before = await troubles();
  expect(before.filter((code) => code === 'TM-LINK-DOWN')).toHaveLength(1);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await troubles()).toEqual(before);
}

describe.concurrent('F2 O5 what is wrong with the bucket', () => {
  it('F2 the bucket is missing: told, and all goes by itself once somebody makes it', async (t) => {
    const bucket = `t-missing-${Date.now()}`;
    const site = await startSite(t, { ...minio, bucket });
    await expectHeld(site, 'bucket', /^Needs attention: the bucket or folder .* 404 NoSuchBucket\.$/);
    await minioClient(minio).makeBucket(bucket);
    await site.settled(1);
    await site.expectWhole();
    await site.expectBucket(minio, bucket);
  });

  it.for([
    ['access key', 'accessKey'],
    ['secret key', 'secretKey'],
  ] as const)(
    'F2 the %s is wrong: told, no secret in any answer or log; with the right one all goes',
    async ([_, which], t) => {
      const bucket = await newBucket(minio);
      const wrong = { ...minio, [which]: 'not-the-right-one-123' };
      const site = await startSite(t, { ...wrong, bucket });
      await expectHeld(site, 'credentials', /refuses our keys/);
      const said = JSON.stringify([await site.status(), await (await site.call('/events')).json()]) + site.gateway.log;
      expect(said).not.toContain(wrong.secretKey);
      await site.gateway.stop();
      configure(site, 'not-the-right-one-123', minio[which]);
      await site.start();
      await site.settled(1);
      await site.expectWhole();
    },
  );

  it.for<[string, (port: number) => string]>([
    ['nobody listens there', (port) => `http://127.0.0.1:${port}`],
    ['there is no such host', () => 'http://no-such-host.invalid:9000'],
  ])('F2 the endpoint is wrong, %s: offline; with the right one all goes', async ([_, endpoint], t) => {
    const bucket = await newBucket(minio);
    const wrong = endpoint(await freePort());
    const site = await startSite(t, { ...minio, endpoint: wrong, bucket });
    await expectHeld(site, 'offline', /^Offline since .*Data stays on this gateway/);
    await site.gateway.stop();
    configure(site, wrong, minio.endpoint);
    await site.start();
    await site.settled(1);
  });

  it.for<[string, (endpoint: string, ui: string) => string]>([
    ['https where http is spoken', (endpoint: string) => endpoint.replace('http:', 'https:')],
    ["the gateway's own screen", (_: string, ui: string) => ui],
  ])('F2 the endpoint is wrong, %s: something else answers', async ([_, wrong], t) => {
    const bucket = await newBucket(minio);
    const site = await startSite(t, { ...minio, bucket });
    await site.gateway.stop();
    const other = await startSite(t, { ...minio, bucket: await newBucket(minio) });
    configure(site, minio.endpoint, wrong(minio.endpoint, other.started.ui));
    await site.start();
    await expectHeld(site, 'portal', /something other than the archive answers/);
  });

  it.for<[string, number, string, LinkState, RegExp]>([
    ['the keys may read but not write', 403, 'AccessDenied', 'credentials', /refuses our keys.*what they may do/],
    [
      'the bucket is full',
      507,
      'XMinioStorageFull',
      'bucket',
      /cannot be used: the archive answered 507 XMinioStorageFull/,
    ],
  ])(
    'F2 %s: told once, history is still answered, and it is tried ever more rarely',
    async ([_, status, code, link, sentence], t) => {
      const proxy = await FaultProxy.start(minio.endpoint);
      t.onTestFinished(() => proxy.offline());
      const bucket = await newBucket(minio);
      const site = await startSite(t, { ...minio, endpoint: proxy.endpoint, bucket });
      await site.fillDay('old', site.firstDay - 1, N);
      await site.tierNow();
      await site.settled(1);
      const headers = { 'x-amz-request-id': '1', 'content-type': 'application/xml' };
      const body = `<Error><Code>${code}</Code></Error>`;
      void proxy.next('put', { do: 'answer', status, headers, body } satisfies Fault, Number.POSITIVE_INFINITY);
      const from = proxy.seen.length;
      await expectHeld(site, link, sentence);
      await expectQuiet(site);
      expect(proxy.calls('put', from).length).toBeLessThan(12);
      expect((await site.status()).link.state).toBe(link);
      proxy.heal();
      await site.settled(2);
      await site.expectWhole();
    },
  );
});

describe.concurrent('F2 P2 who owns the prefix', () => {
  it('F2 P2 a second gateway with the same id and another data folder uploads nothing, says so, and keeps what it took in', async (t) => {
    const bucket = await newBucket(minio);
    const first = await startSite(t, { ...minio, bucket });
    await first.fillDay('first', first.firstDay, N);
    await first.tierNow();
    await first.settled(1);
    const second = await startSite(t, { ...minio, bucket });
    await second.fillDay('second', second.firstDay, N);
    await second.tierNow();
    const status = await second.until('attention', (s) => s.state === 'attention' && !s.tiering.running);
    expect(status.sentence).toMatch(/another gateway with the id "site1" writes to this archive.*another gateway\.id/);
    expect(status.tiers).toMatchObject({ cold: { blocks: 0 }, local: { readings: N } });
    await second.expectWhole();
    await first.fillDay('more', first.firstDay + 1, N);
    await first.tierNow();
    await first.settled(2);
    await first.expectBucket(minio, bucket);
    await second.gateway.stop();
    configure(second, 'id = "site1"', 'id = "site2"');
    await second.start();
    await second.tierNow();
    await second.settled(1);
    await second.expectWhole();
  });

  it("F2 P2 a clone of the gateway's disk takes over at its start, and the first then stops uploading and says so", async (t) => {
    const bucket = await newBucket(minio);
    const first = await startSite(t, { ...minio, bucket });
    await first.fillDay('a', first.firstDay, N);
    await first.tierNow();
    await first.settled(1);
    const clone = new ServedSite(minioToml({ ...minio, bucket }));
    t.onTestFinished(() => clone.end());
    await first.gateway.stop();
    cpSync(first.gateway.data, clone.gateway.data, { recursive: true });
    await first.start();
    await first.until('claimed', (s) => s.tiering.last_run_us !== null && s.link.state === 'ok' && !s.tiering.running);
    await clone.start();
    await clone.until('claimed', (s) => s.link.state === 'ok' && !s.tiering.running);
    await first.fillDay('b', first.firstDay + 1, N);
    await first.tierNow();
    const status = await first.until('attention', (s) => s.state === 'attention' && !s.tiering.running);
    expect(status.sentence).toMatch(/a copy of this gateway's disk is running/);
    expect(status.tiers.cold.blocks).toBe(1);
    await first.expectWhole();
    await clone.gateway.stop();
    await first.gateway.stop();
    await first.start();
    await first.tierNow();
    await first.settled(2);
    await first.expectWhole();
  });

  it('F2 another bucket, prefix or id while blocks lie under the old one: the start is refused and says how to go on', async (t) => {
    const bucket = await newBucket(minio);
    const site = await startSite(t, { ...minio, bucket });
    await site.fillDay('a', site.firstDay, N);
    await site.tierNow();
    await site.settled(1);
    await site.gateway.stop();
    for (const [from, to] of [
      [`bucket = "${bucket}"`, 'bucket = "another"'],
      ['id = "site1"', 'id = "site2"'],
      ['[minio]\n', '[minio]\nprefix = "x/"\n'],
    ] as const) {
      configure(site, from, to);
      const { status, stderr } = site.gateway.cli('start', '--json');
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^tidemark: blocks of this gateway lie in .* set endpoint, bucket, prefix and gateway\.id/m,
      );
      configure(site, to, from);
    }
    await site.start();
    await site.settled(1);
    await site.expectWhole();
  });
});

it('D1 a database of a newer version: start says so, ends with 1 and leaves the file as it is', async (t) => {
  const site = await startSite(t, { ...minio, bucket: await newBucket(minio) });
  await site.fillDay('a', site.firstDay, N);
  await site.gateway.stop();
  const file = join(site.gateway.data, 'tidemark.db');
  const db = new Database(file);
  const version = Number(db.pragma('user_version', { simple: true }));
  db.pragma(`user_version = ${version + 1}`);
  db.close();
  const before = readFileSync(file);
  const { status, stdout, stderr } = site.gateway.cli('start', '--json');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    new RegExp(`schema ${version + 1}, this version knows up to ${version}; start the newer version`),
  );
  expect(readFileSync(file).equals(before)).toBe(true);
  const back = new Database(file);
  back.pragma(`user_version = ${version}`);
  back.close();
  await site.start();
  await site.expectWhole();
});

it('F2 the data folder is not writable or no folder: start says so and ends with 1', async (t) => {
  const site = new ServedSite('');
  t.onTestFinished(() => site.end());
  writeFileSync(site.gateway.data, 'a file');
  expect(site.gateway.cli('start')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/cannot use the data folder .*--data-dir/),
  });
  rmSync(site.gateway.data);
  const made = spawnSync('sh', ['-c', `mkdir ${site.gateway.data} && mount -t tmpfs -o ro tmpfs ${site.gateway.data}`]);
  if (made.status !== 0)
    throw new Error(`this test mounts a small disk and must run as root: ${made.stderr.toString()}`);
  t.onTestFinished(() => void spawnSync('umount', ['-l', site.gateway.data]));
  expect(site.gateway.cli('start')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/cannot use the data folder .*--data-dir/),
  });
});
