import { ByteReader, ByteWriter } from './bytes.ts';
import { damagedFrame, unknownEncoding } from './errors.ts';
import { decodeValues, encodeValues, KIND, parseFrame } from './frame.ts';
import { readIntegers, writeIntegers } from './integers.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import { lowerBound } from './merge.ts';
import { tidemark } from './proto/block.js';

const { Frame } = tidemark.v1;
/** Every fact of every bucket; or, where some bucket has fewer than two numbers, only what does not follow from how many it has. */
const ENCODING = { whole: 1, thin: 2 } as const;
/** Minima and maxima share one value frame. */
const MAX_BUCKETS = MAX_CHUNK_READINGS / 2;

/** The readings of one series summed up in buckets of one width, empty ones left out. NaN readings count in `count` only. */
export interface Rollup {
  /** Microseconds; buckets begin at its multiples since the epoch. */
  width: number;
  /** First microsecond of each bucket, strictly ascending. */
  start: Float64Array;
  /** Readings, at least 1. */
  count: Float64Array;
  /** Readings that are not NaN. */
  numbers: Float64Array;
  /** NaN when all readings are. */
  min: Float64Array;
  max: Float64Array;
  /** See `rollUp` for what is promised; 0 when all readings are NaN. */
  sum: Float64Array;
}

const COLUMNS = ['start', 'count', 'numbers', 'min', 'max', 'sum'] as const;

/** 1 to 65,536 buckets as the bytes of a frame. Throws a RangeError for anything else. */
export function encodeRollup(r: Rollup): Uint8Array {
  const n = r.start.length;
  if (n < 1 || n > MAX_BUCKETS) throw new RangeError(`a rollup frame holds 1 to ${MAX_BUCKETS} buckets, not ${n}`);
  const out = new ByteWriter();
  out.integer(r.width);
  out.integer((r.start[0] as number) / r.width);
  if (n > 1)
    writeIntegers(
      out,
      Float64Array.from({ length: n - 1 }, (_, i) => ((r.start[i + 1] as number) - (r.start[i] as number)) / r.width),
    );
  writeIntegers(out, r.count);
  writeIntegers(
    out,
    r.count.map((count, i) => count - (r.numbers[i] as number)),
  );
  const isThin = r.numbers.some((numbers) => numbers < 2) && r.numbers.every((_, i) => follows(r, i));
  const columns = isThin ? thinColumns(r) : [both(r.min, r.max), r.sum];
  for (const column of columns) {
    const frame = column.length === 0 ? NOTHING : encodeValues(column);
    out.varint(frame.length);
    out.bytes(frame);
  }
  const encoding = isThin ? ENCODING.thin : ENCODING.whole;
  return Frame.encode({ kind: KIND.rollup, encoding, count: n, data: out.finish() }).finish();
}

const NOTHING = new Uint8Array(0);

/** One number is minimum, maximum and sum (0 for -0: as any sum begins); of none there is none. */
function follows({ numbers, min, max, sum }: Rollup, i: number): boolean {
  if (numbers[i] === 0) return Number.isNaN(min[i]) && Number.isNaN(max[i]) && Object.is(sum[i], 0);
  return (numbers[i] as number) > 1 || (Object.is(max[i], min[i]) && Object.is(sum[i], (min[i] as number) + 0));
}

/** Minima where there are numbers, then maxima where there are two or more; and their sums. */
function thinColumns({ numbers, min, max, sum }: Rollup): [extremes: Float64Array, sums: Float64Array] {
  const some = min.filter((_, i) => (numbers[i] as number) > 0);
  const isMore = (_: number, i: number): boolean => (numbers[i] as number) > 1;
  return [both(some, max.filter(isMore)), sum.filter(isMore)];
}

function both(a: Float64Array, b: Float64Array): Float64Array {
  const joined = new Float64Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Undoes `thinColumns`; undefined when the columns do not have the lengths that follow from `numbers`. */
function fromThinColumns(
  numbers: Float64Array,
  extremes: Float64Array,
  sums: Float64Array,
): Pick<Rollup, 'min' | 'max' | 'sum'> | undefined {
  const [some, more] = [1, 2].map((least) => numbers.reduce((n, of) => n + Number(of >= least), 0)) as [number, number];
  if (extremes.length !== some + more || sums.length !== more) return undefined;
  const { min, max, sum } = emptyRollup(1, numbers.length);
  for (let i = 0, one = 0, two = 0; i < numbers.length; i++) {
    const isMore = (numbers[i] as number) > 1;
    min[i] = (numbers[i] as number) > 0 ? (extremes[one++] as number) : Number.NaN;
    max[i] = isMore ? (extremes[some + two] as number) : (min[i] as number);
    sum[i] = isMore ? (sums[two++] as number) : (numbers[i] as number) > 0 ? (min[i] as number) + 0 : 0;
  }
  return { min, max, sum };
}

/** Throws 'damaged-frame' or 'unknown-encoding', whatever the bytes are. */
export function decodeRollup(bytes: Uint8Array): Rollup {
  const { encoding, count: n, data } = parseFrame(bytes, KIND.rollup);
  if (encoding !== ENCODING.whole && encoding !== ENCODING.thin) throw unknownEncoding(KIND.rollup, encoding);
  if (n < 1 || n > MAX_BUCKETS) throw damagedFrame(`it claims ${n} buckets`);
  const from = new ByteReader(data);
  const width = from.integer();
  if (width < 1) throw damagedFrame(`its buckets are ${width} wide`);
  const start = new Float64Array(n);
  start[0] = from.integer();
  const gaps = n > 1 ? readIntegers(from, n - 1) : start.subarray(1);
  for (let i = 1; i < n; i++) start[i] = (start[i - 1] as number) + (gaps[i - 1] as number);
  const count = readIntegers(from, n);
  const nan = readIntegers(from, n);
  const [extremes, sums] = [readColumn(from), readColumn(from)];
  from.end();
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const at = (start[i] as number) * width;
    const [readings, lost] = [count[i] as number, nan[i] as number];
    if (!(at > before && Number.isSafeInteger(at))) throw damagedFrame('its buckets are not in order');
    if (!(Number.isSafeInteger(readings) && readings >= 1 && lost >= 0 && lost <= readings))
      throw damagedFrame(`a bucket has ${readings} readings, ${lost} of them NaN`);
    start[i] = at;
    nan[i] = readings - lost;
    before = at;
  }
  const facts = encoding === ENCODING.thin ? fromThinColumns(nan, extremes, sums) : fromWholeColumns(n, extremes, sums);
  if (facts === undefined) throw damagedFrame('its columns differ in length');
  return { width, start, count, numbers: nan, ...facts };
}

function readColumn(from: ByteReader): Float64Array {
  const frame = from.take(from.varint());
  return frame.length === 0 ? new Float64Array(0) : decodeValues(frame);
}

function fromWholeColumns(
  n: number,
  extremes: Float64Array,
  sum: Float64Array,
): Pick<Rollup, 'min' | 'max' | 'sum'> | undefined {
  if (extremes.length !== 2 * n || sum.length !== n) return undefined;
  return { min: extremes.slice(0, n), max: extremes.slice(n), sum };
}

/** Buckets [from, to) by index, as views; the rollup itself when that is all of it. */
export function sliceRollup(r: Rollup, from: number, to: number): Rollup {
  if (from === 0 && to >= r.start.length) return r;
  const part = { ...r };
  for (const name of COLUMNS) part[name] = r[name].subarray(from, to);
  return part;
}

/** The buckets that lie in [from, to) whole, as views. */
export function rollupWithin(r: Rollup, from: number, to: number): Rollup {
  return sliceRollup(r, lowerBound(r.start, from), lowerBound(r.start, to - r.width + 1));
}

/** Rollups of one width (at least one), in time order, as one; the last bucket of one and the first of the next may be the same. */
export function joinBuckets(parts: readonly Rollup[]): Rollup {
  const [first] = parts;
  if (first === undefined) throw new RangeError('nothing to join');
  if (parts.length === 1) return first;
  const whole = emptyRollup(
    first.width,
    parts.reduce((sum, part) => sum + part.start.length, 0),
  );
  let n = 0;
  for (const part of parts) {
    const shared = n > 0 && part.start.length > 0 && part.start[0] === whole.start[n - 1] ? 1 : 0;
    if (shared === 1) addFirst(whole, n - 1, part);
    for (const name of COLUMNS) whole[name].set(part[name].subarray(shared), n);
    n += part.start.length - shared;
  }
  return sliceRollup(whole, 0, n);
}

/** Adds the first bucket of `part` to bucket n. */
function addFirst(r: Rollup, n: number, part: Rollup): void {
  const at = (column: Float64Array, i: number): number => column[i] as number;
  if (at(part.numbers, 0) > 0) {
    const empty = at(r.numbers, n) === 0;
    r.min[n] = empty ? at(part.min, 0) : Math.min(at(r.min, n), at(part.min, 0));
    r.max[n] = empty ? at(part.max, 0) : Math.max(at(r.max, n), at(part.max, 0));
  }
  for (const name of ['count', 'numbers', 'sum'] as const) r[name][n] = at(r[name], n) + at(part[name], 0);
}

/** Room for `n` buckets. */
export function emptyRollup(width: number, n: number): Rollup {
  const column = (): Float64Array => new Float64Array(n);
  return {
    width,
    start: column(),
    count: column(),
    numbers: column(),
    min: column(),
    max: column(),
    sum: column(),
  };
}
