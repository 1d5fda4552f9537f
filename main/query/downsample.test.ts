import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BucketGrid, bucketGrid, bucketStart } from '../../shared/buckets.ts';
import { downsample, join } from './downsample.ts';
import type { BucketColumns } from './types.ts';

interface Row {
  index: number;
  time: number;
  min: number;
  max: number;
  sum: number;
  numbers: number;
  count: number;
  first: number;
  last: number;
}

function rowsOf(c: BucketColumns): Row[] {
  const names = ['time', 'min', 'max', 'sum', 'numbers', 'count', 'first', 'last'] as const;
  for (const name of names) expect(c[name]).toHaveLength(c.index.length);
  return Array.from(c.index, (index, i) => ({
    index,
    ...(Object.fromEntries(names.map((name) => [name, c[name][i]])) as Omit<Row, 'index'>),
  }));
}

/** By the definition: each bucket looks through all readings. */
function naive(t: Float64Array, v: Float64Array, grid: BucketGrid): Row[] {
  return Array.from({ length: grid.points }, (_, index) => {
    const [start, end] = [bucketStart(grid, index), bucketStart(grid, index + 1)];
    const all = Array.from(v).filter((_, i) => t[i]! >= start && t[i]! < end);
    const numbers = all.filter((x) => !Number.isNaN(x));
    return {
      index,
      time: t.find((at) => at >= start && at < end) ?? Number.NaN,
      min: numbers.length === 0 ? Number.NaN : Math.min(...numbers),
      max: numbers.length === 0 ? Number.NaN : Math.max(...numbers),
      sum: numbers.reduce((a, b) => a + b, 0),
      numbers: numbers.length,
      count: all.length,
      first: all[0] ?? Number.NaN,
      last: all.at(-1) ?? Number.NaN,
    };
  }).filter((row) => row.count > 0);
}

const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
/** Integers: their sums are exact in whatever order. */
const value = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -1e9, max: 1e9 }) }, { weight: 1, arbitrary: odd });

const cases = fc
  .record({
    from: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
    width: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 ** 50 })),
    points: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 500 })),
    parts: fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), value), { maxLength: 120 }),
    edges: fc.boolean(),
  })
  .map(({ from, width, points, parts, edges }) => {
    const grid = bucketGrid(from, from + width, points);
    const byTime = new Map(parts.map(([part, v]) => [from + Math.floor(part * width), v]));
    if (edges) {
      byTime.set(from, 1);
      byTime.set(from + width - 1, 2);
      for (let i = 1; i < grid.points; i += 7) byTime.set(bucketStart(grid, i), i);
    }
    const rows = [...byTime].filter(([t]) => t >= from && t < from + width).sort(([a], [b]) => a - b);
    return { grid, t: Float64Array.from(rows, ([t]) => t), v: Float64Array.from(rows, ([, v]) => v) };
  });

describe('Q2 buckets', () => {
  it('Q2 equal their definition for every range, points and reading, NaN and infinities too', () => {
    fc.assert(
      fc.property(cases, ({ grid, t, v }) => {
        expect(rowsOf(downsample(t, v, grid))).toEqual(naive(t, v, grid));
      }),
      { numRuns: 500 },
    );
  });

  it('Q2 windows cut anywhere join to the same buckets', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.nat(), { maxLength: 6 }), ({ grid, t, v }, cuts) => {
        const at = [0, ...cuts.map((c) => c % (t.length + 1)).sort((a, b) => a - b), t.length];
        const parts = at.slice(1).map((end, i) => downsample(t.slice(at[i], end), v.slice(at[i], end), grid));
        expect(rowsOf(join(parts))).toEqual(naive(t, v, grid));
      }),
      { numRuns: 500 },
    );
  });

  it('Q2 a bucket of nothing but NaN has a count and no numbers', () => {
    const c = downsample(Float64Array.of(1, 2), Float64Array.of(Number.NaN, Number.NaN), bucketGrid(0, 10, 1));
    const nan = Number.NaN;
    expect(rowsOf(c)).toEqual([
      { index: 0, time: 1, min: nan, max: nan, sum: 0, numbers: 0, count: 2, first: nan, last: nan },
    ]);
  });
});
