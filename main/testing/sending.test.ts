import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import type { ObjectStore } from '../ports/object-store.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { localRemote, Site } from './site.ts';

let archive: MemoryStore;
let site: Site;
function open(minPartBytes: number): void {
  archive = createMemoryStore(minPartBytes);
  site = new Site(archive);
}
afterEach(() => site.end());

const run = (): Promise<void> => site.tiering.runOnce('manual');

it('P9 a block goes as one request once the link is known to carry it, in parts before and when it failed', async () => {
  open(1_500);
  const blocks = (): unknown[] => archive.calls.filter((c) => c.key.endsWith('.tmb')).map((c) => c.method);
  /** Each request takes a millisecond: far more than these blocks goes through in ten seconds. */
  const carries = (fails?: string) => (method: string) => {
    site.clock.advance(1);
    return method === fails ? { fault: 'offline' as const } : undefined;
  };
  site.fillDay(60);
  archive.fail = carries();
  await run();
  expect(blocks()).not.toContain('put');
  archive.calls.length = 0;
  site.fillDay(61);
  await run();
  expect(blocks()).toContain('put');
  expect(blocks()).not.toContain('putPart');
  site.fillDay(62);
  archive.fail = carries('put');
  await expect(run()).rejects.toMatchObject({ fault: 'offline' });
  expect(site.store.blocks()[0]).toMatchObject({ state: 'uploading', parts: 1 });
  archive.fail = undefined;
  archive.calls.length = 0;
  await run();
  expect(blocks()).not.toContain('put');
  expect(site.store.blocks()[0]?.parts).toBeGreaterThan(4);
  expect(new Set(site.states())).toEqual(new Set(['cold']));
  await site.expectWhole();
});

it('P9 what went as one request is read back in parts when the link fails, each of them once', async () => {
  open(1_500);
  site.fillDay(60);
  archive.fail = () => void site.clock.advance(1);
  await run();
  site.fillDay(61);
  const reads = (): unknown[] => archive.calls.filter((c) => c.method === 'get' && c.key.endsWith('.tmb'));
  archive.calls.length = 0;
  archive.fail = (method, key) => {
    site.clock.advance(1);
    return method === 'get' && key.endsWith('.tmb') ? { fault: 'offline' } : undefined;
  };
  await expect(run()).rejects.toMatchObject({ fault: 'offline' });
  expect(site.store.blocks()[0]).toMatchObject({ state: 'uploaded', parts: 1 });
  archive.calls.length = 0;
  archive.fail = (method, key) =>
    method === 'get' && key.endsWith('.tmb') && reads().length === 3 ? { fault: 'offline' } : undefined;
  await expect(run()).rejects.toMatchObject({ fault: 'offline' });
  const [block] = site.store.blocks();
  expect(block).toMatchObject({ state: 'uploaded', partsVerified: 2 });
  archive.calls.length = 0;
  archive.fail = undefined;
  await run();
  expect(reads()).toHaveLength((block?.parts ?? 0) - 2);
  expect(new Set(site.states())).toEqual(new Set(['cold']));
  await site.expectWhole();
});

it('P9 D3 a block whose local copy went bad before it was cut is not sent, and after it was sent it is proven as a whole', async () => {
  open(1_500);
  site.fillDay(60);
  let lost = '';
  archive.fail = (method, key) => {
    site.clock.advance(1);
    return method === lost && key.endsWith('.tmb') ? { fault: 'offline' } : undefined;
  };
  await run();
  const rot = (): void => {
    const db = new Database(join(site.dir, 'tidemark.db'));
    db.exec('update segment_body set body = zeroblob(length(body))');
    db.close();
  };
  site.fillDay(61);
  lost = 'get';
  await expect(run()).rejects.toMatchObject({ fault: 'offline' });
  expect(site.store.blocks()[0]).toMatchObject({ day: 61, state: 'uploaded', parts: 1 });
  rot();
  lost = '';
  await run();
  expect(site.store.blocks()[0]).toMatchObject({ day: 61, state: 'cold', parts: 1 });
  await site.expectWhole();
  site.fillDay(62);
  await run();
  site.fillDay(63);
  lost = 'put';
  await expect(run()).rejects.toMatchObject({ fault: 'offline' });
  expect(site.store.blocks()[0]).toMatchObject({ day: 63, state: 'uploading', parts: 1 });
  rot();
  lost = '';
  archive.calls.length = 0;
  await run();
  expect(site.store.blocks()[0]).toMatchObject({ state: 'uploading', attempts: 1 });
  expect(archive.calls.filter((c) => /^put|^createUpload/.test(c.method) && c.key.endsWith('.tmb'))).toEqual([]);
});

const DAYS = [50, 51, 52, 53, 54, 55, 56, 57, 58, 59];

it('P10 blocks are sent while the next are planned', async () => {
  open(1_000_000);
  const order: string[] = [];
  for (const day of DAYS) site.fillDay(day, 50);
  site.boot((method) => void (method === 'planStep' && order.push('plan')));
  archive.fail = (method, key) => void (method === 'put' && !key.endsWith('/owner') && order.push('put'));
  await run();
  expect(order.indexOf('put')).toBeLessThan(order.lastIndexOf('plan'));
  expect(new Set(site.states())).toEqual(new Set(['cold']));
  await site.expectWhole();
});

it('P12 while objects wait for their answers the next are sent, twice as many as may be on their way at most', async () => {
  open(1_000_000);
  const { promise: four, resolve } = Promise.withResolvers<void>();
  let [waiting, most] = [0, 0];
  const slow: ObjectStore = {
    ...archive,
    async put(key, body, digests, condition, call) {
      const answer = await archive.put(key, body, digests, condition, call);
      if (!key.endsWith('.tmb')) return answer;
      waiting += 1;
      most = Math.max(most, waiting);
      if (waiting === 4) resolve();
      await four;
      waiting -= 1;
      return answer;
    },
  };
  for (const day of DAYS) site.fillDay(day, 50);
  site.boot(undefined, slow);
  await run();
  expect(most).toBe(4);
  expect(new Set(site.states())).toEqual(new Set(['cold']));
  await site.expectWhole();
});

it('P10 what is due is planned even when the link fails at the first block', async () => {
  open(1_000_000);
  for (const day of DAYS) site.fillDay(day, 50);
  archive.fail = (method, key) => (method === 'put' && !key.endsWith('/owner') ? { fault: 'offline' } : undefined);
  await expect(run()).rejects.toMatchObject({ fault: 'offline' });
  expect(site.store.blocks()).toHaveLength(DAYS.length);
  archive.fail = undefined;
  await run();
  expect(new Set(site.states())).toEqual(new Set(['cold']));
  await site.expectWhole();
});

it('ST7 while the next are planned, no day waits as a block and as a day that is due', async () => {
  open(1_000_000);
  for (const day of DAYS) site.fillDay(day, 50);
  const writer = localRemote(() => site.store);
  const waiting: Promise<number>[] = [];
  /** As the screen is told: first the blocks, by the thread, then what is due. */
  const count = async (): Promise<number> => (await writer.blocks()).length + (await site.tiering.due()).days;
  archive.fail = (method, key) => {
    if (method === 'put' && !key.endsWith('/owner')) waiting.push(count());
    return undefined;
  };
  await run();
  expect(waiting).toHaveLength(DAYS.length);
  expect(Math.max(...(await Promise.all(waiting)))).toBeLessThanOrEqual(DAYS.length);
});
