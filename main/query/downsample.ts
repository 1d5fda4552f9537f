import { type BucketGrid, bucketOf, bucketStart } from '../../shared/buckets.ts';
import { endOf } from '../codec/merge.ts';
import type { BucketColumns } from './types.ts';

/**
 * Folds strictly ascending readings of [grid.from, grid.to) into the buckets of the grid, empty ones left out. NaN readings count in `count` only;
 * a bucket of nothing but NaN has min = max = NaN and sum = 0. Sums are plain float64 additions in time order: exact enough for a mean, and
 * what the peers do. `first` and `last` are by time and may be NaN.
 */
export function downsample(t: Float64Array, v: Float64Array, grid: BucketGrid): BucketColumns {
  const c = allocate(Math.min(t.length, grid.points));
  let n = 0;
  for (let i = 0; i < t.length; n++) {
    const bucket = bucketOf(grid, t[i] ?? 0);
    const stop = endOf(t, i, bucket + 1 < grid.points ? bucketStart(grid, bucket + 1) : Number.POSITIVE_INFINITY);
    c.index[n] = bucket;
    c.time[n] = t[i] ?? 0;
    c.count[n] = stop - i;
    c.first[n] = v[i] ?? 0;
    c.last[n] = v[stop - 1] ?? 0;
    fold(c, n, v, i, stop);
    i = stop;
  }
  return cut(c, n);
}

function fold(c: BucketColumns, n: number, v: Float64Array, start: number, stop: number): void {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let numbers = 0;
  for (let i = start; i < stop; i++) {
    const value = v[i] as number;
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    numbers++;
  }
  c.min[n] = numbers === 0 ? Number.NaN : min;
  c.max[n] = numbers === 0 ? Number.NaN : max;
  c.sum[n] = sum;
  c.numbers[n] = numbers;
}

/** Partials of windows in time order as one: windows do not overlap, so only a bucket on their border is in two of them. */
export function join(parts: readonly BucketColumns[]): BucketColumns {
  const c = allocate(parts.reduce((n, part) => n + part.index.length, 0));
  let n = 0;
  for (const part of parts) {
    const shared = n > 0 && part.index.length > 0 && part.index[0] === c.index[n - 1] ? 1 : 0;
    if (shared === 1) add(c, n - 1, part);
    c.index.set(part.index.subarray(shared), n);
    for (const name of NAMES) c[name].set(part[name].subarray(shared), n);
    n += part.index.length - shared;
  }
  return cut(c, n);
}

/** Partials of disjoint stretches of time that may lie within the same buckets. Where both have a bucket, first and last are not known any more. */
export function combine(a: BucketColumns, b: BucketColumns): BucketColumns {
  if (a.index.length === 0) return b;
  if (b.index.length === 0) return a;
  const c = allocate(a.index.length + b.index.length);
  let [i, j, n] = [0, 0, 0];
  for (; i < a.index.length || j < b.index.length; n++) {
    const [x, y] = [a.index[i] ?? Number.POSITIVE_INFINITY, b.index[j] ?? Number.POSITIVE_INFINITY];
    copy(x <= y ? a : b, x <= y ? i : j, c, n);
    if (x === y) {
      addTo(c, n, b, j);
      for (const name of ['time', 'first', 'last'] as const) c[name][n] = Number.NaN;
    }
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return cut(c, n);
}

function copy(from: BucketColumns, i: number, to: BucketColumns, n: number): void {
  to.index[n] = from.index[i] ?? 0;
  for (const name of NAMES) to[name][n] = from[name][i] ?? 0;
}

const NAMES = ['time', 'min', 'max', 'sum', 'numbers', 'count', 'first', 'last'] as const;

/** Room for so many buckets, zeros all. */
export function allocate(length: number): BucketColumns {
  const column = (): Float64Array => new Float64Array(length);
  return {
    index: new Uint32Array(length),
    time: column(),
    min: column(),
    max: column(),
    sum: column(),
    numbers: column(),
    count: column(),
    first: column(),
    last: column(),
  };
}

/** Copies of exactly that length: they may be moved to another thread. */
export function cut(c: BucketColumns, end: number): BucketColumns {
  if (end === c.index.length) return c;
  return {
    index: c.index.slice(0, end),
    time: c.time.slice(0, end),
    min: c.min.slice(0, end),
    max: c.max.slice(0, end),
    sum: c.sum.slice(0, end),
    numbers: c.numbers.slice(0, end),
    count: c.count.slice(0, end),
    first: c.first.slice(0, end),
    last: c.last.slice(0, end),
  };
}

/** Adds the first bucket of the later window. */
function add(c: BucketColumns, n: number, later: BucketColumns): void {
  addTo(c, n, later, 0);
  c.last[n] = later.last[0] ?? 0;
}

/** Adds bucket i of `more`, all but its first and last. */
function addTo(c: BucketColumns, n: number, more: BucketColumns, i: number): void {
  if ((more.numbers[i] ?? 0) > 0) {
    const empty = c.numbers[n] === 0;
    c.min[n] = empty ? (more.min[i] ?? 0) : Math.min(c.min[n] ?? 0, more.min[i] ?? 0);
    c.max[n] = empty ? (more.max[i] ?? 0) : Math.max(c.max[n] ?? 0, more.max[i] ?? 0);
  }
  for (const name of ['sum', 'numbers', 'count'] as const) c[name][n] = (c[name][n] ?? 0) + (more[name][i] ?? 0);
}
