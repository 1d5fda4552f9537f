import { type BucketGrid, bucketOf } from '../../shared/buckets.ts';
import type { BucketColumns } from './types.ts';

/**
 * Folds strictly ascending readings into the buckets of the grid. NaN readings count in `count` only. Sums are plain float64 additions in time
 * order. `first` and `last` are by time and may be NaN.
 */
export function downsample(t: Float64Array, v: Float64Array, grid: BucketGrid): BucketColumns {
  const most = Math.min(t.length, grid.points);
  const c = allocate(most);
  let n = -1;
  let current = -1;
  for (let i = 0; i < t.length; i++) {
    const bucket = bucketOf(grid, t[i] ?? 0);
    const value = v[i] ?? 0;
    if (bucket !== current) {
      n++;
      current = bucket;
      c.index[n] = bucket;
      c.min[n] = Number.NaN;
      c.max[n] = Number.NaN;
      c.first[n] = value;
    }
    c.last[n] = value;
    c.count[n] = (c.count[n] ?? 0) + 1;
    if (Number.isNaN(value)) continue;
    const empty = c.numbers[n] === 0;
    c.numbers[n] = (c.numbers[n] ?? 0) + 1;
    c.sum[n] = (c.sum[n] ?? 0) + value;
    if (empty || value < (c.min[n] ?? 0)) c.min[n] = value;
    if (empty || value > (c.max[n] ?? 0)) c.max[n] = value;
  }
  return cut(c, n + 1);
}

/** Adds the partials of another window of the same grid; windows come in time order where they share a bucket. */
export function combine(a: BucketColumns, b: BucketColumns): BucketColumns {
  if (a.index.length === 0) return b;
  if (b.index.length === 0) return a;
  const c = allocate(a.index.length + b.index.length);
  let [i, j, n] = [0, 0, 0];
  while (i < a.index.length || j < b.index.length) {
    const left = a.index[i] ?? Number.POSITIVE_INFINITY;
    const right = b.index[j] ?? Number.POSITIVE_INFINITY;
    if (left < right) copy(a, i++, c, n);
    else if (right < left) copy(b, j++, c, n);
    else {
      copy(a, i++, c, n);
      add(b, j++, c, n);
    }
    n++;
  }
  return cut(c, n);
}

const NAMES = ['min', 'max', 'sum', 'numbers', 'count', 'first', 'last'] as const;

export function allocate(length: number): BucketColumns {
  const column = (): Float64Array => new Float64Array(length);
  return {
    index: new Uint32Array(length),
    min: column(),
    max: column(),
    sum: column(),
    numbers: column(),
    count: column(),
    first: column(),
    last: column(),
  };
}

function cut(c: BucketColumns, n: number): BucketColumns {
  if (c.index.length === n) return c;
  return {
    index: c.index.slice(0, n),
    min: c.min.slice(0, n),
    max: c.max.slice(0, n),
    sum: c.sum.slice(0, n),
    numbers: c.numbers.slice(0, n),
    count: c.count.slice(0, n),
    first: c.first.slice(0, n),
    last: c.last.slice(0, n),
  };
}

function copy(from: BucketColumns, i: number, to: BucketColumns, n: number): void {
  to.index[n] = from.index[i] ?? 0;
  for (const name of NAMES) to[name][n] = from[name][i] ?? 0;
}

/** `from` is the later window: its last is the bucket's last. */
function add(from: BucketColumns, i: number, to: BucketColumns, n: number): void {
  const numbers = from.numbers[i] ?? 0;
  if (numbers > 0) {
    const empty = to.numbers[n] === 0;
    to.min[n] = empty ? (from.min[i] ?? 0) : Math.min(to.min[n] ?? 0, from.min[i] ?? 0);
    to.max[n] = empty ? (from.max[i] ?? 0) : Math.max(to.max[n] ?? 0, from.max[i] ?? 0);
  }
  for (const name of ['sum', 'numbers', 'count'] as const) to[name][n] = (to[name][n] ?? 0) + (from[name][i] ?? 0);
  to.last[n] = from.last[i] ?? 0;
}
