import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { ServedSite } from './served-site.ts';

const N = 2_000;

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-cold-'));
  t.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function startSite(t: TestContext, directory: string): Promise<ServedSite> {
  const site = new ServedSite(`[cold]\ndirectory = "${directory}"\n`);
  t.onTestFinished(() => site.end());
  await site.start();
  return site;
}

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`this test mounts a small disk and must run as root (or in a container that may): ${stderr}`);
}

/** A small disk of its own. */
function newDisk(t: TestContext): string {
  const folder = newFolder(t);
  mount('-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder);
  t.onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

/** It takes in, keeps and answers everything, moves nothing, and says what is wrong. */
async function expectHeld(site: ServedSite, hub: string, sentence: RegExp): Promise<void> {
  const { cold } = (await site.status()).tiers;
  await site.fillDay(hub, site.firstDay + site.oracle.size, N);
  await site.tierNow();
  const status = await site.until('attention', (s) => s.state === 'attention' && !s.tiering.running);
  expect(status).toMatchObject({ sentence: expect.stringMatching(sentence), link: { state: 'bucket' } });
  expect(status.tiers.cold).toEqual(cold);
  const points = [...site.oracle.get(`f.v{hub=${hub}}`)!];
  const { points: read } = await site.raw(`f.v{hub=${hub}}`, 0, site.firstDay * DAY_US + 100 * DAY_US);
  expect(read).toEqual(points);
}

describe.concurrent('F2 a folder as archive', { timeout: 180_000 }, () => {
  it('F2 a file stands in its place: the gateway starts, takes in and says so; a restart with the folder moves it all', async (t) => {
    const directory = join(newFolder(t), 'archive');
    writeFileSync(directory, 'not a folder');
    const site = await startSite(t, directory);
    await expectHeld(site, 'a', /^Needs attention: the bucket or folder .*not mounted/);
    await site.gateway.stop();
    rmSync(directory);
    await site.start();
    await site.settled(1);
    await site.expectWhole();
  });

  it('F2 O4 it is unplugged and an empty folder shows: nothing is written there, cold history is unreachable, plugged in it all goes on', async (t) => {
    const folder = newFolder(t);
    const directory = join(folder, 'archive');
    const site = await startSite(t, directory);
    await site.fillDay('a', site.firstDay, N);
    await site.tierNow();
    await site.settled(1);
    renameSync(directory, join(folder, 'unplugged'));
    mkdirSync(directory);
    await expectHeld(site, 'b', /not mounted/);
    const range = [site.firstDay * DAY_US, (site.firstDay + 1) * DAY_US] as const;
    const { points, sources } = await site.raw('f.v{hub=a}', ...range);
    expect([points, [...sources].filter((s) => s !== 'none')]).toEqual([[], ['unreachable']]);
    await site.gateway.stop();
    await site.start();
    await site.until('attention', (s) => s.state === 'attention');
    expect(readdirSync(directory)).toEqual([]);
    rmSync(directory, { recursive: true });
    renameSync(join(folder, 'unplugged'), directory);
    await site.settled(2);
    await site.expectWhole();
  });

  it('F2 it is not writable, from the start and later: told once, data stays, writable again it all goes', async (t) => {
    const directory = newDisk(t);
    mount('-o', 'remount,ro', directory);
    const site = await startSite(t, directory);
    await expectHeld(site, 'a', /not mounted/);
    await site.gateway.stop();
    mount('-o', 'remount,rw', directory);
    await site.start();
    await site.settled(1);
    mount('-o', 'remount,ro', directory);
    await expectHeld(site, 'b', /^Needs attention: the bucket or folder of the archive cannot be used: .*read-only/);
    await expectQuiet(site);
    mount('-o', 'remount,rw', directory);
    await site.settled(2);
    await site.expectWhole();
  });

  it('F2 its disk is full: told once, data stays, with room again it all goes', async (t) => {
    const directory = newDisk(t);
    const site = await startSite(t, directory);
    await site.fillDay('a', site.firstDay, N);
    await site.tierNow();
    await site.settled(1);
    const ballast = join(directory, 'ballast');
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k']);
    await expectHeld(site, 'b', /no space left/i);
    await expectQuiet(site);
    rmSync(ballast);
    await site.settled(2);
    await site.expectWhole();
  });

  it('F2 it belongs to another gateway: nothing is written', async (t) => {
    const directory = newFolder(t);
    writeFileSync(join(directory, 'tidemark-archive.json'), '{"tidemark":1,"gateway":"other"}\n');
    const site = await startSite(t, directory);
    await expectHeld(site, 'a', /belongs to another gateway/);
    expect(readdirSync(directory)).toEqual(['tidemark-archive.json']);
  });
});

/** A trouble that lasts is tried again, but told once. */
async function expectQuiet(site: ServedSite): Promise<void> {
  const troubles = async (): Promise<string[]> => {
    const { events } = (await (await site.call('/events')).json()) as { events: { code: string }[] };
    return events.map((e) => e.code).filter((code) => code.startsWith('TM-LINK'));
  };
  const before = await troubles();
  // Long enough for several tries: they begin about once a second.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await troubles()).toEqual(before);
  expect((await site.status()).state).toBe('attention');
}
