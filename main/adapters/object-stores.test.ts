import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createMemoryStore } from '../testing/memory-store.ts';
import { digestsOf, objectStoreSuite } from '../testing/object-store-suite.ts';
import { Site } from '../testing/site.ts';
import { createArchiveMarker, createDirectoryStore } from './directory-store.ts';

objectStoreSuite('memory', async () => {
  const store = createMemoryStore();
  return { store, again: () => store, cleanUp: async () => undefined };
});

objectStoreSuite('directory', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  await createArchiveMarker(directory, 'g');
  const make = () => createDirectoryStore({ directory, gatewayId: 'g' });
  return { store: make(), again: make, cleanUp: async () => rmSync(directory, { recursive: true }) };
});

it('O4 a folder without the marker is not mounted, one of another gateway is refused, and nothing is written there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  const store = createDirectoryStore({ directory, gatewayId: 'g' });
  const body = Buffer.from('x');
  await expect(store.put('k', body, digestsOf(body), { ifNoneMatch: true })).rejects.toMatchObject({
    fault: 'no-bucket',
    message: /not mounted/,
  });
  await createArchiveMarker(directory, 'other');
  // The words of the marker itself are possible ids, too.
  for (const gatewayId of ['g', 'gateway', 'tidemark'])
    await expect(createDirectoryStore({ directory, gatewayId }).probe()).rejects.toMatchObject({
      fault: 'no-bucket',
      message: /another gateway/,
    });
  rmSync(directory, { recursive: true });
});

it('O4 head tells what is on the disk now, not what was put', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  await createArchiveMarker(directory, 'g');
  const store = createDirectoryStore({ directory, gatewayId: 'g' });
  const body = Buffer.from('good');
  const { etag } = await store.put('k', body, digestsOf(body), { ifNoneMatch: true });
  appendFileSync(join(directory, 'k'), '!');
  expect((await store.head('k')).etag).not.toBe(etag);
  writeFileSync(join(directory, 'k'), 'goop');
  await expect(store.get('k', { offset: 0, length: 4 }, { ifMatch: etag })).rejects.toMatchObject({
    fault: 'precondition',
  });
  rmSync(directory, { recursive: true });
});

it('P3 a probe of a folder tells the time its files are given, writes only into an archive of ours, and needs no right to write', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  await createArchiveMarker(directory, 'g');
  const store = createDirectoryStore({ directory, gatewayId: 'g' });
  for (let i = 0; i < 2; i++) {
    const { serverTimeUs = 0 } = await store.probe();
    expect(Math.abs(serverTimeUs / 1_000 - Date.now())).toBeLessThan(2_500);
    const [name = ''] = readdirSync(directory).filter((entry) => entry !== 'tidemark-archive.json');
    expect(serverTimeUs).toBe(Math.round(statSync(join(directory, name)).mtimeMs * 1_000));
    // A later probe asks anew.
    utimesSync(join(directory, name), 1, 1);
  }
  expect(await Array.fromAsync(store.list(''))).toEqual([]);
  await expect(createDirectoryStore({ directory, gatewayId: 'h' }).probe()).rejects.toThrow();
  rmSync(join(directory, '.clock'));
  mkdirSync(join(directory, '.clock'));
  expect(await store.probe()).toEqual({});
  rmSync(directory, { recursive: true });
});

it('P3 a folder whose own clock is 40 days behind the gateway gets nothing planned', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  await createArchiveMarker(directory, 'g');
  const site = new Site(createDirectoryStore({ directory, gatewayId: 'g' }));
  site.clock.jump(Date.now() + 40 * 86_400_000 - site.clock.nowUs() / 1_000);
  site.fillDay(Math.floor(Date.now() / 86_400_000) - 1);
  await site.tiering.runOnce('manual');
  expect([site.states(), site.tiering.status().link.state]).toEqual([[], 'clock']);
  site.clock.jump(-40 * 86_400_000);
  await site.tiering.runOnce('manual');
  expect([site.states(), site.tiering.status().link.state]).toEqual([[], 'ok']);
  site.end();
  rmSync(directory, { recursive: true });
});

it('O6 a folder archive syncs each folder that holds a new one, and the file, before it says that it is stored', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-archive-'));
  await createArchiveMarker(directory, 'g');
  const store = createDirectoryStore({ directory, gatewayId: 'g' });
  const handle = await open(directory, 'r');
  const files: { sync(this: FileHandle): Promise<void> } = Object.getPrototypeOf(handle);
  await handle.close();
  const { sync } = files;
  const synced = new Set<string>();
  vi.spyOn(files, 'sync').mockImplementation(function (this: FileHandle) {
    synced.add(readlinkSync(`/proc/self/fd/${this.fd}`));
    return sync.call(this);
  });
  const body = Buffer.from('x');
  await store.put('a=1/date=2026-01-01/x', body, digestsOf(body), { ifNoneMatch: true });
  const folders = [directory, join(directory, 'a=1'), join(directory, 'a=1/date=2026-01-01')];
  expect([...synced].filter((path) => !path.endsWith('.tmp')).sort()).toEqual(folders);
  expect(synced.size).toBe(4);
  synced.clear();
  await store.put('a=1/date=2026-01-01/y', body, digestsOf(body), { ifNoneMatch: true });
  expect([...synced].filter((path) => !path.endsWith('.tmp'))).toEqual(folders.slice(2));
  rmSync(directory, { recursive: true });
});
