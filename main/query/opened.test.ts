import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../../shared/units.ts';
import { History, KEY } from '../testing/history.ts';
import type { QueryAnswer } from './service.ts';

let h: History;
const day = (n: number): number => n * DAY_US;
/** Nine days in the archive, a block each: a large one, then small ones; nothing on day 69; day 70 and on are on this gateway. */
const RANGE = { key: KEY, from: day(60), to: day(71) };
const raw = (range = RANGE, limit = 100_000) => h.service.raw({ ...range, limit });
const whole = (points = 500, range = RANGE) => h.service.wholeBuckets({ ...range, points });
const sources = ({ coverage }: Pick<QueryAnswer, 'coverage'>): string[] =>
  [...new Set(coverage.map((c) => c.source))].filter((source) => source !== 'none').sort();
/** Ranged GETs of index, or of the whole of a small object, and of frames. */
const indexGets = (): number => h.gets().length;

beforeEach(async () => {
  h = await History.create();
  h.site.fillDay(60, 20_000, 4_000_000);
  for (let d = 61; d < 69; d++) h.site.fillDay(d, 250, 300_000_000);
  h.site.fillDay(70, 250, 300_000_000);
  await h.tier();
  const { store, clock } = h.site;
  while (store.dropKept(0, clock.nowUs()) !== undefined);
});
afterEach(() => h.end());

describe('SZ11 history of blocks whose indexes are gone', () => {
  it('SZ11 Q1 with the archive there every answer is whole, raw and in buckets; an index is fetched once and kept in the cache', async () => {
    const page = await raw();
    h.expectRaw(page, RANGE.from, RANGE.to);
    expect(sources(page)).toEqual(['cold', 'local']);
    // An index and the frames of each day, at most.
    expect(indexGets()).toBeLessThanOrEqual(2 * 9);
    h.expectBuckets(await whole(), 500);
    expect(indexGets()).toBeLessThanOrEqual(2 * 9);
    await h.open();
    h.memory.calls.length = 0;
    h.expectBuckets(await whole(333), 333);
    expect(sources(await whole(333))).toEqual(['cache', 'local']);
    expect(h.gets()).toEqual([]);
  });

  it('SZ11 page by page, and without a cache that keeps anything', async () => {
    await h.open(100);
    const t: number[] = [];
    for (let from: number | undefined = RANGE.from; from !== undefined; ) {
      const page = await raw({ ...RANGE, from }, 7_000);
      t.push(...page.t);
      from = page.next;
    }
    expect(t).toEqual(h.rows(RANGE.from, RANGE.to).map(([time]) => time));
    h.expectBuckets(await whole(), 500);
  });

  it('SZ11 Q8 with the archive away its days are unreachable, what rollups know is told, and it heals by itself', async () => {
    h.away = true;
    const page = await raw();
    h.expectRaw(page, day(70), day(71));
    expect(sources(page)).toEqual(['local', 'unreachable']);
    for (let d = 60; d < 69; d++)
      expect(page.coverage.find((c) => c.from <= day(d) + HOUR_US && c.to > day(d) + HOUR_US)?.source).toBe(
        'unreachable',
      );
    const answer = await whole();
    expect([sources(answer), answer.coarse, answer.done]).toEqual([['local', 'rollup'], true, true]);
    expect(answer.buckets.count.reduce((sum, n) => sum + n, 0)).toBe(h.rows(RANGE.from, RANGE.to).length);
    h.away = false;
    h.expectBuckets(await whole(), 500);
    h.expectRaw(await raw(), RANGE.from, RANGE.to);
  });

  it('SZ11 where hours are gone too, quarters of days are told', async () => {
    for (let d = 0; d < 32; d++) h.site.fillDay(d, 250, 300_000_000);
    await h.tier();
    const { store, clock } = h.site;
    while (store.dropKept(0, clock.nowUs()) !== undefined);
    const range = { key: KEY, from: 0, to: day(32) };
    h.away = true;
    const away = await whole(100_000, range);
    expect([sources(away), away.coarse]).toEqual([['rollup'], true]);
    expect(away.buckets.count.reduce((sum, n) => sum + n, 0)).toBe(32 * 250);
    expect(away.buckets.index.length).toBeLessThanOrEqual(32 * 4);
    h.away = false;
    h.expectBuckets(await whole(1_000, range), 1_000);
  });

  it('SZ11 Q10 what is on this gateway comes before any index is asked for', async () => {
    const answers: [gets: number, answer: QueryAnswer][] = [];
    for await (const answer of h.service.buckets({ ...RANGE, points: 500 })) answers.push([h.gets().length, answer]);
    const [[gets, first] = [], last] = [answers[0], answers.at(-1)];
    expect([gets, first?.done, first?.coarse, first === undefined ? [] : sources(first)]).toEqual([
      0,
      false,
      true,
      ['local', 'rollup'],
    ]);
    expect(last?.[1].done).toBe(true);
    h.expectBuckets(last![1], 500);
  });

  it('SZ11 T7 an index that is wrong in the archive makes its day damaged, is told, and holds up no other day', async () => {
    const bad = h.site.store.blocks().filter((b) => b.day === 60 || b.day === 63);
    for (const { key } of bad) h.memory.objects.get(key)!.body[h.memory.objects.get(key)!.body.length - 30]! ^= 1;
    const page = await raw();
    const rows = h.rows(RANGE.from, RANGE.to).filter(([t]) => ![60, 63].includes(Math.floor(t / DAY_US)));
    expect(Array.from(page.t, (t, i) => [t, page.v[i]])).toEqual(rows);
    expect(sources(page)).toEqual(['cold', 'damaged', 'local']);
    expect(h.site.store.blocks({ damaged: true }).map((b) => b.day)).toEqual([63, 60]);
    expect(h.events().filter((code) => code === 'TM-ARCHIVE-DAMAGED')).toHaveLength(2);
    expect(h.faults).toEqual([]);
  });

  it('SZ11 late readings of such a day are merged', async () => {
    h.site.append([
      [day(61), 5],
      [day(61) + 17, 6],
    ]);
    const page = await raw();
    h.expectRaw(page, RANGE.from, RANGE.to);
    h.expectBuckets(await whole(), 500);
  });
});
