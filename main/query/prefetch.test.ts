import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { ObjectStoreError } from '../ports/object-store.ts';
import { History, KEY } from '../testing/history.ts';
import { createPrefetch } from './prefetch.ts';

let h: History;
let allowed = true;
let prefetch: ReturnType<typeof createPrefetch>;
const day = (n: number): number => n * DAY_US;
const range = (from: number, to: number) => ({ key: KEY, from: day(from), to: day(to) });

beforeEach(async () => {
  allowed = true;
  h = await History.create();
  // Too seldom for rollups: such answers need the archive.
  for (let d = 60; d < 70; d++) h.site.fillDay(d, 250, 300_000_000);
  await h.tier();
  prefetch = createPrefetch({ ...h, allowed: () => allowed });
});
afterEach(() => h.end());

/** As the gateway answers a stream: to its end, then what lies beside it. */
async function look(from: number, to: number): Promise<void> {
  for await (const answer of h.service.buckets({ ...range(from, to), points: 50 })) {
    if (answer.done) prefetch.after(range(from, to), answer.coverage);
  }
}
const days = (): number[] =>
  h.gets().map(({ key }) => Date.parse(`${/date=([\d-]+)/.exec(key)?.[1]}T00:00:00Z`) / 86_400_000);
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe('W3 prefetch', () => {
  it('W3 what lies beside an answer of the archive is in the cache when the screen pans there', async () => {
    await look(64, 66);
    await expect.poll(() => h.cache.stats().frames).toBe(12);
    expect(days().sort()).toEqual([62, 63, 64, 65, 66, 67]);
    for (const [from, to] of [
      [62, 64],
      [66, 68],
    ] as const) {
      const answer = await h.service.wholeBuckets({ ...range(from, to), points: 50 });
      expect(answer.cold.requests).toBe(0);
    }
  });

  it('W3 nothing is fetched beside an answer that needed no archive, nor while the link must be spared', async () => {
    h.site.fillDay(95);
    await look(94, 96);
    allowed = false;
    await look(64, 66);
    allowed = true;
    prefetch.after(range(62, 68), [
      { from: day(62), to: day(63), source: 'cold' },
      { from: day(63), to: day(68), source: 'rollup' },
    ]);
    await settle();
    expect(days().sort()).toEqual([64, 65]);
  });

  it('W3 ends at the next question that needs the archive, and what both want is fetched once', async () => {
    const waiting: { day: string; release(): void; signal: AbortSignal | undefined }[] = [];
    await look(64, 66);
    await expect.poll(() => h.cache.stats().frames).toBe(12);
    h.memory.calls.length = 0;
    h.archive = {
      ...h.memory,
      get: async (key, where, o) => {
        await new Promise<void>((resolve, reject) => {
          waiting.push({ day: /date=([\d-]+)/.exec(key)?.[1] ?? '', release: resolve, signal: o?.signal });
          o?.signal?.addEventListener('abort', () => reject(new ObjectStoreError('aborted', 'stopped')));
        });
        return h.memory.get(key, where, o);
      },
    };
    // From the cache; beside it lie 61 and 60, and 64 and up are known.
    prefetch.after(range(62, 64), [{ from: day(62), to: day(64), source: 'cache' }]);
    await expect.poll(() => waiting.length).toBe(2);
    const question = h.service.wholeBuckets({ ...range(61, 62), points: 50 });
    await expect.poll(() => waiting.filter(({ signal }) => signal?.aborted).length).toBe(1);
    for (const { signal, release } of waiting) if (signal?.aborted === false) release();
    h.expectBuckets(await question, 50);
    expect(waiting).toHaveLength(2);
    expect(days()).toEqual([61]);
  });
});
