import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { History, KEY } from '../testing/history.ts';
import type { CoverageSpan } from './types.ts';

let h: History;
beforeEach(async () => {
  h = await History.create();
});
afterEach(() => h.end());

/** Too seldom for rollups: these answers are all made of readings. */
const STEP = 300_000_000;
const day = (n: number): number => n * DAY_US;
const sources = (coverage: CoverageSpan[]): string[] => [...new Set(coverage.map((c) => c.source))].sort();
const ALL = { key: KEY, from: day(0), to: day(200) };
const whole = (points = 100, range = ALL) => h.service.wholeBuckets({ ...range, points });
const page = (range = ALL, limit = 100_000) => h.service.raw({ ...range, limit });

/** One reading every `step` over whole days. */
function fill(from: number, to: number, step = STEP): void {
  const rows: [number, number][] = [];
  for (let t = day(from); t < day(to); t += step) rows.push([t, Math.round(Math.sin(t) * 1_000) / 10 + 1]);
  h.site.append(rows);
}

/** Days 60 and 61 in the archive, 98 as segments, 99 in the head. */
async function overAllTiers(): Promise<void> {
  fill(60, 62);
  fill(98, 99);
  h.site.store.cut(h.site.clock.nowUs(), 'always');
  await h.tier();
  fill(99, 100);
}

describe('Q1 one answer over all tiers', () => {
  it('Q1 T5 head, segments and archive answer as one, raw and in buckets', async () => {
    await overAllTiers();
    h.expectRaw(await page(), ALL.from, ALL.to);
    const answer = await whole(1_000);
    h.expectBuckets(answer, 1_000);
    expect(answer.done).toBe(true);
    expect(sources(answer.coverage)).toEqual(['cache', 'head', 'local', 'none']);
    expect(answer.coverage.filter((c) => c.source !== 'none')).toEqual([
      { from: day(60), to: day(62) - STEP + 1, source: 'cache' },
      { from: day(98), to: day(99), source: 'local' },
      { from: day(99), to: day(100) - STEP + 1, source: 'head' },
    ]);
  });

  it('Q1 an answer names the unit of its series, wherever it comes from', async () => {
    h.site.store.series.resolve({ measurement: 'pump', field: 'temp', tags: [] }, '°C');
    h.site.fillDay(60);
    await h.tier();
    const range = { key: KEY, from: day(60), to: day(61) };
    expect((await h.service.raw({ ...range, limit: 10 })).unit).toBe('°C');
    for (const points of [1, 1_000]) {
      const { unit, coverage } = await h.service.wholeBuckets({ ...range, points });
      expect([unit, coverage.some((c) => c.source === 'rollup')]).toEqual(['°C', points === 1]);
    }
  });

  it('Q1 T5 late and doubled readings of a cold day win over what is in the archive', async () => {
    await overAllTiers();
    h.site.append([
      [day(60), -5],
      [day(60) + 1, -6],
      [day(61) + 7 * STEP, Number.NEGATIVE_INFINITY],
    ]);
    h.expectRaw(await page(), ALL.from, ALL.to);
    h.site.store.cut(h.site.clock.nowUs(), 'always');
    await h.tier();
    h.site.append([[day(60), -7]]);
    h.expectRaw(await page(), ALL.from, ALL.to);
    const answer = await whole(37);
    expect(answer.buckets.min).toContain(Number.NEGATIVE_INFINITY);
  });

  it('Q1 T5 whatever was written, late, doubled, cut and moved, any question equals the oracle', async () => {
    let cold = 0;
    let questions = 0;
    const hours = fc.oneof(fc.integer({ min: 0, max: 24 * 12 }), fc.integer({ min: 0, max: 24 * 40 }));
    const times = hours.map((n) => day(60) + n * 3_600_000_000);
    const readings = fc.array(fc.tuple(times, fc.integer({ min: -1e6, max: 1e6 })), { minLength: 1, maxLength: 200 });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), rows: readings }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('tier' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('forget cache' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('ask' as const),
          from: fc.oneof(fc.integer({ min: day(59), max: day(72) }), fc.integer({ min: day(59), max: day(100) })),
          width: fc.oneof(fc.integer({ min: 1, max: day(3) }), fc.integer({ min: 1, max: day(45) })),
          points: fc.integer({ min: 1, max: 300 }),
          limit: fc.integer({ min: 1, max: 120 }),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(readings, fc.array(step, { minLength: 5, maxLength: 25 }), async (rows, steps) => {
        await h.end();
        h = await History.create(20_000);
        h.site.append(rows);
        await h.tier();
        for (const s of steps) {
          if (s.do === 'append') h.site.append(s.rows);
          else if (s.do === 'cut') h.site.store.cut(h.site.clock.nowUs(), 'always');
          else if (s.do === 'tier') await h.tier();
          else if (s.do === 'forget cache') await h.dropCacheFolder();
          else if (s.do === 'restart') {
            h.site.restart();
            await h.open();
          } else {
            const range = { key: KEY, from: s.from, to: s.from + s.width };
            const before = h.gets().length;
            h.expectBuckets(await whole(s.points, range), s.points);
            const t: number[] = [];
            const v: number[] = [];
            for (let from: number | undefined = range.from; from !== undefined; ) {
              const got = await page({ ...range, from }, s.limit);
              expect(got.t.length).toBeLessThanOrEqual(s.limit);
              t.push(...got.t);
              v.push(...got.v);
              expect(got.coverage.at(-1)?.to).toBe(got.next ?? range.to);
              from = got.next;
            }
            h.expectRaw({ t: Float64Array.from(t), v: Float64Array.from(v) }, range.from, range.to);
            questions++;
            cold += h.gets().length - before;
          }
        }
      }),
      { numRuns: 8 },
    );
    // The random walk did real work.
    expect(questions).toBeGreaterThan(8);
    expect(cold).toBeGreaterThan(0);
  });

  it('Q1 T5 a piece that is evicted between plan and read is fetched instead', async () => {
    fill(60, 61);
    h.site.store.cut(h.site.clock.nowUs(), 'always');
    let moved = false;
    h.beforeRead = async () => {
      if (moved) return;
      moved = true;
      await h.tier();
      expect(h.site.states()).toEqual(['cold']);
    };
    const answer = await whole(500, { key: KEY, from: day(60), to: day(61) });
    h.expectBuckets(answer, 500);
    expect(answer.coverage).toEqual([{ from: day(60), to: day(61), source: 'cold' }]);
    expect(answer.cold).toMatchObject({ requests: 1 });
  });

  it('Q1 the local part comes at once, cold windows after it, sharpening in place', async () => {
    fill(20, 60);
    fill(98, 99);
    h.site.store.cut(h.site.clock.nowUs(), 'always');
    await h.tier();
    h.forgetRollups();
    const answers = [];
    for await (const answer of h.service.buckets({ ...ALL, points: 2_000 })) answers.push(answer);
    expect(answers.map((a) => a.done)).toEqual([false, false, true]);
    const [local, half, all] = answers;
    h.expectBuckets(local!, 2_000, h.rows(day(98), day(99)));
    h.expectBuckets(half!, 2_000, [...h.rows(day(20), day(52)), ...h.rows(day(98), day(99))]);
    h.expectBuckets(all!, 2_000);
    expect(local!.cold).toMatchObject({ bytes: 0, requests: 0 });
    expect(all!.cold.bytes).toBe(all!.cold.totalBytes);
    expect(sources(local!.coverage)).toEqual(['cold', 'local', 'none']);
  });

  it('Q5 while one cold window is read the next is fetched, and none beyond it; one question tells the summaries of all', async () => {
    fill(0, 70, 10 * STEP);
    h.site.store.cut(h.site.clock.nowUs(), 'always');
    await h.tier();
    const { readSummaries } = h.reads;
    const summed: number[] = [];
    h.reads.readSummaries = (stretches, signal) => {
      if (stretches.length > 0) summed.push(stretches.length);
      return readSummaries(stretches, signal);
    };
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const fetched: number[] = [];
    h.beforeRead = async () => {
      const expected = [64, 70, 70][fetched.length] ?? 0;
      for (let i = 0; i < 1_000 && h.gets().length < expected; i++) await settle();
      for (let i = 0; i < 100; i++) await settle();
      fetched.push(h.gets().length);
    };
    const range = { key: KEY, from: day(0), to: day(70), points: 10_000 };
    let last: Awaited<ReturnType<typeof whole>> | undefined;
    for await (last of h.service.buckets(range));
    h.expectBuckets(last!, range.points);
    expect(fetched).toEqual([64, 70, 70]);
    expect(summed).toEqual([3]);
  });

  it('Q1 nothing recorded in the range: an empty answer, one that says so', async () => {
    await overAllTiers();
    const range = { key: KEY, from: day(10), to: day(20) };
    expect(await whole(10, range)).toMatchObject({
      done: true,
      coverage: [{ from: day(10), to: day(20), source: 'none' }],
      cold: { bytes: 0, requests: 0, totalBytes: 0 },
    });
    expect((await page(range)).t).toHaveLength(0);
  });

  it('Q1 all readings of a range, page by page', async () => {
    fill(20, 99, STEP / 5);
    h.site.store.cut(h.site.clock.nowUs(), 'always');
    await h.tier();
    const t: number[] = [];
    let pages = 0;
    for await (const { t: some } of h.service.readings(ALL)) {
      t.push(...some);
      pages++;
    }
    expect(pages).toBe(2);
    expect(t).toEqual(h.rows(ALL.from, ALL.to).map(([time]) => time));
  });
});

describe('Q6 bad questions', () => {
  const inRange = { key: KEY, from: 0, to: 10 };
  it.each([
    ['from is not before to', { from: 10, to: 10 }, 'bad-range', /from \(10\) is not before to \(10\)/],
    ['reversed', { from: 10, to: 1 }, 'bad-range', /not before/],
    ['beyond 2255', { to: 2 ** 53 }, 'bad-range', /to is 9007199254740992/],
    ['before 1684', { from: -(2 ** 53) }, 'bad-range', /from is -9007199254740992/],
    ['no whole number', { from: 0.5 }, 'bad-range', /from is 0.5/],
    ['no number', { to: Number.NaN }, 'bad-range', /to is NaN/],
    ['an unknown series', { key: 'no.such' }, 'unknown-series', /no\.such/],
  ])('Q6 %s', async (_, wrong, code, message) => {
    fill(99, 100);
    const range = { ...inRange, ...wrong };
    const expected = expect.objectContaining({ code, message: expect.stringMatching(message) });
    await expect(h.service.wholeBuckets({ ...range, points: 10 })).rejects.toEqual(expected);
    await expect(h.service.raw({ ...range, limit: 10 })).rejects.toEqual(expected);
  });

  it.each([0, -1, 1.5, Number.NaN, 100_001, 1e9])('Q6 %s points, or readings a page', async (n) => {
    fill(99, 100);
    const expected = expect.objectContaining({ code: 'bad-points', blame: 'client' });
    await expect(h.service.wholeBuckets({ ...inRange, points: n })).rejects.toEqual(expected);
    await expect(h.service.raw({ ...inRange, limit: n })).rejects.toEqual(expected);
  });

  it('Q6 the widest range there is', async () => {
    await overAllTiers();
    const range = { key: KEY, from: -Number.MAX_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };
    h.expectBuckets(await whole(100_000, range), 100_000);
    h.expectRaw(await page(range), range.from, range.to);
  });
});
