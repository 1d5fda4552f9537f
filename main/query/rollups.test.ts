import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bucketGrid, bucketOf } from '../../shared/buckets.ts';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';
import type { AskedLevel } from '../store/types.ts';
import { History, KEY } from '../testing/history.ts';
import { LITTLE, levelsFor } from './rollups.ts';
import type { QueryAnswer } from './service.ts';

let h: History;
beforeEach(async () => {
  h = await History.create();
});
afterEach(() => h.end());

const day = (n: number): number => n * DAY_US;

/** One reading every `step` of [from, to), sent as they are. */
function fill(from: number, to: number, step: number): void {
  const n = Math.ceil((to - from) / step);
  h.site.append(Array.from({ length: n }, (_, i) => [from + i * step, Math.round(Math.sin(i / 99) * 1_000) / 10]));
}

const cut = (): unknown => h.site.store.cut(h.site.clock.nowUs(), 'always');
const sources = ({ coverage }: QueryAnswer): string[] => [...new Set(coverage.map((c) => c.source))].sort();

/**
 * What a bucket has to say when of the stretches that the rollups know each rollup bucket belongs, whole, to the bucket that holds its start; all else is by the
 * reading. `levels` as the answer takes them, the store asked at the same moment.
 */
function expectAttributed(answer: QueryAnswer, levels: AskedLevel[], exactUpTo = LITTLE.exactUpTo): number {
  const { from, to } = answer;
  const grid = bucketGrid(from, to, answer.points);
  const parts = levels.length === 0 ? [] : h.site.store.rollups(KEY, { from, to, levels, ...LITTLE, exactUpTo });
  const buckets = new Map<number, { values: number[]; rolled: boolean }>();
  let summed = 0;
  let at = 0;
  for (const [t, v] of h.rows(from, to)) {
    while (at < parts.length && (parts[at]?.to ?? 0) <= t) at++;
    const part = parts[at];
    const rolled = part?.rollup !== undefined && part.from <= t;
    const width = part?.rollup?.width ?? 1;
    const i = bucketOf(grid, rolled ? Math.floor(t / width) * width : t);
    const bucket = buckets.get(i) ?? { values: [], rolled: false };
    buckets.set(i, bucket);
    bucket.values.push(v);
    bucket.rolled ||= rolled;
    summed += Number(rolled);
  }
  const { index, min, max, sum, numbers, count, first, last } = answer.buckets;
  expect([...index]).toEqual([...buckets.keys()].sort((a, b) => a - b));
  for (const [n, i] of [...index].entries()) {
    const { values, rolled } = buckets.get(i)!;
    const real = values.filter((v) => !Number.isNaN(v));
    expect([count[n], numbers[n]]).toEqual([values.length, real.length]);
    if (real.length > 0) expect([min[n]! + 0, max[n]! + 0]).toEqual([Math.min(...real) + 0, Math.max(...real) + 0]);
    const size = real.reduce((a, b) => a + Math.abs(b), 1);
    expect(Math.abs(sum[n]! - real.reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(1e-12 * size);
    expect([first[n], last[n]]).toEqual(rolled ? [Number.NaN, Number.NaN] : [values[0], values.at(-1)]);
  }
  return summed;
}

describe('Q9 long ranges come from rollups', () => {
  it('Q9 Q3 whatever came in late, doubled or NaN, was cut, moved or restarted, each bucket has what the attribution says', async () => {
    const at = fc.integer({ min: day(60), max: day(64) });
    const value = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: -999, max: 999 }).map((n) => n / 10) },
      fc.constant(Number.NaN),
    );
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('fill' as const),
          from: at,
          hours: fc.integer({ min: 1, max: 40 }),
          every: fc.constantFrom(15 * SECOND_US, MINUTE_US, 10 * MINUTE_US, 5 * HOUR_US),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('late' as const),
          rows: fc.array(fc.tuple(at, value), { minLength: 1, maxLength: 5 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('tier' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('ask' as const),
          from: at,
          width: fc.integer({ min: HOUR_US, max: day(5) }),
          points: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 40, max: 2_000 })),
        }),
      },
    );
    let summed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), async (steps) => {
        await h.end();
        h = await History.create(20_000);
        fill(day(61), day(62), MINUTE_US);
        await h.tier();
        for (const s of steps) {
          if (s.do === 'fill') fill(s.from, s.from + s.hours * HOUR_US, s.every);
          else if (s.do === 'late') h.site.append(s.rows);
          else if (s.do === 'cut') cut();
          else if (s.do === 'tier') await h.tier();
          else if (s.do === 'restart') {
            h.site.restart();
            await h.open();
          } else {
            const range = { key: KEY, from: s.from, to: s.from + s.width };
            const answer = await h.service.wholeBuckets({ ...range, points: s.points });
            expect(answer.coarse).toBe(false);
            expect(answer.coverage.map((c) => c.from)).toEqual([
              s.from,
              ...answer.coverage.slice(0, -1).map((c) => c.to),
            ]);
            summed += expectAttributed(answer, levelsFor(bucketGrid(range.from, range.to, s.points)));
            const raw = await h.service.raw({ ...range, limit: 100_000 });
            h.expectRaw(raw, range.from, raw.next ?? range.to);
          }
        }
      }),
      { numRuns: 15 },
    );
    expect(summed).toBeGreaterThan(100);
  });

  it('Q9 a level is taken when its buckets are no wider than those of the answer', () => {
    const levels = (width: number): AskedLevel[] => levelsFor({ from: 0, to: 100 * width, points: 100 });
    expect(levels(6 * HOUR_US)).toEqual(['quarters', 'hours', 'minutes']);
    expect(levels(6 * HOUR_US - 1)).toEqual(['hours', 'minutes']);
    expect(levels(HOUR_US)).toEqual(['hours', 'minutes']);
    expect(levels(HOUR_US - 1)).toEqual(['minutes']);
    expect(levels(5 * MINUTE_US)).toEqual(['minutes']);
    expect(levels(5 * MINUTE_US - 1)).toEqual([]);
  });

  it('Q9 with the archive away a long range is whole; only what the edges cut off a bucket has to be read', async () => {
    fill(day(20), day(60), 15 * SECOND_US);
    cut();
    await h.tier();
    h.away = true;
    const answer = await h.service.wholeBuckets({ key: KEY, from: day(20), to: day(60), points: 500 });
    expect([sources(answer), answer.done, answer.coarse]).toEqual([['rollup'], true, false]);
    expect(expectAttributed(answer, ['hours', 'minutes'])).toBe(40 * 5_760);
    expect(answer.cold).toEqual({ bytes: 0, requests: 0, totalBytes: 0 });
    const odd = { key: KEY, from: day(21) + 7 * MINUTE_US + 1, to: day(59) - 1 };
    const away = await h.service.wholeBuckets({ ...odd, points: 500 });
    expect(away.coverage).toEqual([
      { from: odd.from, to: day(21) + 10 * MINUTE_US, source: 'unreachable' },
      { from: day(21) + 10 * MINUTE_US, to: day(59) - 5 * MINUTE_US, source: 'rollup' },
      { from: day(59) - 5 * MINUTE_US, to: odd.to, source: 'unreachable' },
    ]);
    h.away = false;
    const near = await h.service.wholeBuckets({ ...odd, points: 500 });
    expectAttributed(near, ['hours', 'minutes']);
    expect([sources(near), near.cold.requests]).toEqual([['cold', 'rollup'], 2]);
  });

  it('Q9 where the buckets of an answer are quarters of days or more, months that are over are told by these', async () => {
    fill(0, day(80), HOUR_US / 16);
    cut();
    await h.tier();
    h.site.append([[day(30) + 90 * MINUTE_US, -1_000]]);
    const range = { key: KEY, from: HOUR_US, to: day(79) + 1, points: 200 };
    const levels = levelsFor(bucketGrid(range.from, range.to, 200));
    const parts = h.site.store.rollups(KEY, { ...range, ...LITTLE, levels, exactUpTo: 0 });
    const hours = (width: number): number =>
      parts.reduce((n, part) => n + (part.rollup?.width === width ? part.to - part.from : 0), 0) / HOUR_US;
    // The first hours of the range are no quarter, and one has a late reading.
    expect([hours(6 * HOUR_US), hours(HOUR_US)]).toEqual([64 * 24 - 12, 5 + 5 + 15 * 24]);
    expectAttributed(await h.service.wholeBuckets(range), levels);
  });

  it('Q9 R4 so is one of a slow series, over more days than are worth looking into', async () => {
    const rows = Array.from({ length: 4 * 80 }, (_, i): [number, number] => [i * 6 * HOUR_US + 1, i / 10]);
    h.site.append(rows);
    cut();
    await h.tier();
    h.away = true;
    // Five hours a bucket: no day lies in one, so that zone maps would not tell.
    const range = { key: KEY, from: 0, to: day(70), points: 336 };
    const answer = await h.service.wholeBuckets(range);
    expect([answer.coverage, answer.coarse]).toEqual([[{ from: 0, to: day(70), source: 'rollup' }], false]);
    expect(expectAttributed(answer, ['hours', 'minutes'])).toBe(280);
    const days = await h.service.wholeBuckets({ ...range, points: 70 });
    expect(expectAttributed(days, ['quarters', 'hours', 'minutes'])).toBe(280);
    const few = await h.service.wholeBuckets({ ...range, from: day(20), points: 240 });
    // The archive cannot be asked: what little is known stands in.
    expect([few.coverage, few.coarse]).toEqual([[{ from: day(20), to: day(70), source: 'rollup' }], true]);
    expect(few.buckets.count.reduce((sum, n) => sum + n, 0)).toBe(200);
    h.away = false;
    expect(expectAttributed(await h.service.wholeBuckets({ ...range, from: day(20), points: 240 }), ['hours'])).toBe(0);
  });

  it('Q9 late readings of a cold day are answered from the readings, and so is nothing else', async () => {
    fill(day(20), day(60), MINUTE_US);
    cut();
    await h.tier();
    h.site.append([[day(30) + 90 * MINUTE_US, -1_000]]);
    const range = { key: KEY, from: day(20), to: day(60), points: 960 };
    for (const when of ['in memory', 'cut', 'closed']) {
      if (when === 'cut') cut();
      if (when === 'closed') await h.tier();
      const answer = await h.service.wholeBuckets(range);
      expectAttributed(answer, ['hours', 'minutes']);
      expect(answer.buckets.min).toContain(-1_000);
      expect(answer.coverage.filter((c) => c.source !== 'rollup')).toMatchObject([
        { from: day(30) + HOUR_US, to: day(30) + 2 * HOUR_US },
      ]);
    }
  });
});

describe('Q10 a summary stands in for what is not there', () => {
  const DAY = { key: KEY, from: day(60), to: day(61), points: 2_000 };
  beforeEach(async () => {
    fill(day(60), day(61), 10 * SECOND_US);
    cut();
    await h.tier();
  });

  it('Q10 the summary comes at once, and the readings take its place', async () => {
    const answers: QueryAnswer[] = [];
    for await (const answer of h.service.buckets(DAY)) answers.push(answer);
    expect(answers.map((a) => [a.done, a.coarse, sources(a).join()])).toEqual([
      [false, true, 'rollup'],
      [true, false, 'cold'],
    ]);
    expect(answers[0]?.buckets.index).toHaveLength(288);
    h.expectBuckets(answers[1]!, 2_000);
  });

  it('Q10 with the archive away the 5-minute summary stays; readings are still unreachable', async () => {
    h.away = true;
    const answer = await h.service.wholeBuckets(DAY);
    expect([sources(answer), answer.coarse]).toEqual([['rollup'], true]);
    expectAttributed(answer, ['minutes', 'hours'], 0);
    const raw = await h.service.raw({ ...DAY, limit: 10 });
    expect([raw.t.length, ...new Set(raw.coverage.map((c) => c.source))]).toEqual([0, 'unreachable']);
    const part = { ...DAY, from: day(60) + 7 * MINUTE_US, to: day(60) + 23 * MINUTE_US };
    const edges = await h.service.wholeBuckets(part);
    expect(edges.coverage.map((c) => [(c.from - day(60)) / MINUTE_US, c.source])).toEqual([
      [7, 'unreachable'],
      [10, 'rollup'],
      [20, 'unreachable'],
    ]);
    h.away = false;
    h.expectBuckets(await h.service.wholeBuckets(part), 2_000);
  });

  it('Q10 what is damaged is not summed up: it is told', async () => {
    for (const { body } of h.memory.objects.values()) body.fill(0, 8, body.length / 2);
    const answer = await h.service.wholeBuckets(DAY);
    expect(sources(answer)).toContain('damaged');
    expect(answer.coarse).toBe(false);
  });
});
