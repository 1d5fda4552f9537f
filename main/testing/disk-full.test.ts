import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { ServedSite } from './served-site.ts';

const BATCH = 50_000;
const RESERVE_MB = 64;
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** A gateway whose data folder is a small disk of its own, and whose archive is a folder elsewhere, which can be unplugged. */
async function startOnDisk(): Promise<{ site: ServedSite; archive: { unplug(): void; plug(): void } }> {
  const elsewhere = mkdtempSync(join(tmpdir(), 'tidemark-cold-'));
  cleanups.push(() => rmSync(elsewhere, { recursive: true, force: true }));
  const folder = join(elsewhere, 'archive');
  const site = new ServedSite(`[cold]\ndirectory = "${folder}"\n`);
  cleanups.push(() => site.end());
  mkdirSync(site.gateway.data);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512m', 'tmpfs', site.gateway.data]);
  if (mounted.status !== 0)
    throw new Error(
      `this test fills a small disk and must run as root, or in a container that may mount: ${mounted.stderr}`,
    );
  cleanups.push(() => void spawnSync('umount', ['-l', site.gateway.data]));
  // Somebody else's file leaves about 25 MB above the reserve, so that it is soon full.
  write(site, 'ballast', 291);
  // The reserve as an earlier run left it: half of what must stay free.
  write(site, 'reserve', RESERVE_MB);
  await site.start();
  // A file in its place, or the next start would take the missing folder for a new archive.
  const unplug = (): void => {
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, '');
  };
  const plug = (): void => {
    rmSync(folder);
    renameSync(`${folder}-away`, folder);
  };
  return { site, archive: { unplug, plug } };
}

function write(site: ServedSite, name: string, mb: number): void {
  const made = spawnSync('dd', ['if=/dev/zero', `of=${join(site.gateway.data, name)}`, 'bs=1M', `count=${mb}`]);
  expect(made.status).toBe(0);
}

/** Sends day after day, as fast as it goes, until the gateway refuses and goes on refusing; what it says first. */
async function fill(site: ServedSite, from: number): Promise<Response> {
  let first: Response | undefined;
  for (let i = from; i < from + 400; i++) {
    const start = (site.firstDay - 100 + Math.floor(i / 4)) * DAY_US + (i % 4) * (DAY_US / 4);
    const rows = Array.from({ length: BATCH }, (_, n): [number, number] => [
      start + n * 400_000 + Math.floor(Math.random() * 400_000),
      Math.random(),
    ]);
    const refused = await site.offer('full', rows);
    if (refused === undefined) continue;
    first ??= refused;
    // It refuses what might be too much before it looks at the disk again, which it does each second.
    await sleep(1_500);
    if ((await site.status()).ingest.refusing !== null) return first;
  }
  throw new Error('the disk was never full');
}

/** A query sees every acknowledged reading. */
async function expectAll(site: ServedSite): Promise<void> {
  const range = new URLSearchParams({
    series: 'f.v{hub=full}',
    from: '0',
    to: String(Date.now() * 1_000),
    points: '1',
  });
  const answer = (await (await site.call(`/query?${range}`)).json()) as { points: number[][] };
  const values = [...site.oracle.get('f.v{hub=full}')!.values()];
  const least = values.reduce((a, b) => Math.min(a, b));
  expect(answer.points[0]!.filter((_, i) => i === 1 || i === 4)).toEqual([least, values.length]);
}

const free = (site: ServedSite): number => {
  const { bavail, bsize } = statfsSync(site.gateway.data);
  return bavail * bsize;
};

it('T8 SZ7 SZ9 a full disk: 503 with whole seconds before the store fails, queries go on, nothing is lost, and once the archive is back all goes on by itself', {
  timeout: 240_000,
}, async () => {
  const { site, archive } = await startOnDisk();
  archive.unplug();
  const refused = await fill(site, 0);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^[1-9]\d*$/)]);
  expect(await refused.text()).toMatch(/nearly full/);
  expect(site.gateway.log).not.toMatch(/SQLITE/i);
  expect(free(site)).toBeGreaterThan(0);
  expect(site.oracle.get('f.v{hub=full}')!.size).toBeGreaterThan(300_000);
  expect(await site.status()).toMatchObject({
    state: 'error',
    sentence: expect.stringMatching(/^New readings are refused: the disk is nearly full/),
    ingest: { refusing: expect.stringMatching(/nearly full/) },
  });
  await expectAll(site);

  await site.gateway.kill();
  await site.start();
  await expectAll(site);
  // The start emptied the log, which made a little room.
  expect((await fill(site, 400)).status).toBe(503);
  expect(site.gateway.log).not.toMatch(/SQLITE/i);

  // Somebody takes nearly all that was free, unless cuts did already: the reserve is what evictions have.
  if (existsSync(join(site.gateway.data, 'reserve'))) write(site, 'rest', Math.floor(free(site) / 2 ** 20) - 8);
  await site.until('released', () => !existsSync(join(site.gateway.data, 'reserve')));
  archive.plug();
  await site.until('ok again', (s) => s.ingest.refusing === null);
  const { events } = (await (await site.call('/events')).json()) as { events: { code: string }[] };
  expect(events.map((e) => e.code)).toContain('TM-EARLY');
  await site.send('again', [[site.firstDay * DAY_US, 1]]);
  await expectAll(site);
  expect(site.gateway.log).not.toMatch(/SQLITE/i);
});

it('T8 SZ7 a disk filled to the last byte, then a power cut: the next start serves history, and takes readings once there is room', {
  timeout: 180_000,
}, async () => {
  const { site } = await startOnDisk();
  await site.send('full', [[site.firstDay * DAY_US, 1]]);
  await site.gateway.kill();
  const rest = join(site.gateway.data, 'rest');
  spawnSync('dd', ['if=/dev/zero', `of=${rest}`, 'bs=64K']);
  expect(free(site)).toBe(0);
  await site.start();
  await expectAll(site);
  expect((await site.status()).ingest.refusing).toMatch(/nearly full/);
  expect(existsSync(join(site.gateway.data, 'reserve'))).toBe(false);
  expect(await site.gateway.stop()).toBe(0);
  rmSync(rest);
  rmSync(join(site.gateway.data, 'ballast'));
  await site.start();
  await site.until('taking again', (s) => s.ingest.refusing === null);
  await site.send('full', [[site.firstDay * DAY_US + 1, 2]]);
  await expectAll(site);
});

it('T8 the database removed under a running gateway: it says so and takes nothing more, instead of losing it at the next start', async () => {
  const site = await ServedSite.start('');
  cleanups.push(() => site.end());
  const path = join(site.gateway.data, 'tidemark.db');
  renameSync(path, `${path}.away`);
  const gone = await site.until('refusing', (s) => s.ingest.refusing !== null);
  expect(gone.sentence).toMatch(/tidemark\.db was removed or replaced/);
  expect((await site.offer('full', [[site.firstDay * DAY_US, 1]]))?.status).toBe(503);
  renameSync(`${path}.away`, path);
  await site.until('taking again', (s) => s.ingest.refusing === null);
  await site.send('full', [[site.firstDay * DAY_US, 1]]);
  expect(await site.gateway.stop()).toBe(0);
  await site.start();
  await expectAll(site);
});
