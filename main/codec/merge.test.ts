import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, fromBits } from '../testing/columns.ts';
import { mergeRuns, type Run, sortRun } from './merge.ts';

/** Few different timestamps, so that repeats are common; every value tells which reading it is, as a NaN payload. */
const arrivals = fc.array(fc.integer({ min: -30, max: 30 }), { maxLength: 200 });
let serial = 0n;

function readings(times: number[]): Run {
  return { t: Float64Array.from(times), v: fromBits(times.map(() => 0x7ff0000000000001n + serial++)) };
}

/** The rule itself: a map in which later entries replace earlier ones, ordered by time. */
function oracle(runs: Run[]): Run {
  const byTime = new Map<number, bigint>();
  for (const { t, v } of runs) {
    const bits = new BigUint64Array(v.buffer, v.byteOffset, v.length);
    for (const [i, time] of t.entries()) byTime.set(time, bits[i] as bigint);
  }
  const sorted = [...byTime].sort(([a], [b]) => a - b);
  return { t: Float64Array.from(sorted, ([time]) => time), v: fromBits(sorted.map(([, bits]) => bits)) };
}

function expectSame(got: Run, want: Run): void {
  expect(got.t).toEqual(want.t);
  expect(bitsOf(got.v)).toBe(bitsOf(want.v));
}

test('C9 sortRun: ascending, of repeated timestamps the last arrived wins, to the bit', () => {
  fc.assert(
    fc.property(arrivals, (times) => {
      const run = readings(times);
      const before = bitsOf(run.v);
      expectSame(sortRun(run.t, run.v), oracle([run]));
      expect(bitsOf(run.v)).toBe(before);
    }),
    { numRuns: 500 },
  );
});

test('C9 sortRun: reversed, all equal, and already sorted input', () => {
  for (const times of [[5, 4, 3, 2, 1], [7, 7, 7], [1, 2, 3], [1, 2, 2, 3], []]) {
    const run = readings(times);
    expectSame(sortRun(run.t, run.v), oracle([run]));
  }
  const run = readings([1, 2, 3]);
  expect(sortRun(run.t, run.v).t).toBe(run.t);
});

test('C9 sortRun: 200,000 readings in reverse', () => {
  const count = 200_000;
  const t = Float64Array.from({ length: count }, (_, i) => count - i);
  const v = t.map((x) => 2 * x);
  const sorted = sortRun(t, v);
  expect(sorted.t).toEqual(Float64Array.from({ length: count }, (_, i) => i + 1));
  expect(sorted.v[0]).toBe(2);
});

test('C10 mergeRuns: of equal timestamps the last run wins, to the bit', () => {
  fc.assert(
    fc.property(fc.array(arrivals, { maxLength: 9 }), (several) => {
      const runs = several.map((times) => readings([...new Set(times)].sort((a, b) => a - b)));
      const before = runs.map(({ v }) => bitsOf(v));
      expectSame(mergeRuns(runs), oracle(runs));
      expect(runs.map(({ v }) => bitsOf(v))).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

test('C10 mergeRuns: runs one after the other, in either order of age', () => {
  const [early, late] = [readings([1, 2, 3]), readings([4, 5])];
  expectSame(mergeRuns([early, late]), oracle([early, late]));
  expectSame(mergeRuns([late, early]), oracle([late, early]));
  expectSame(mergeRuns([]), { t: new Float64Array(0), v: new Float64Array(0) });
});
