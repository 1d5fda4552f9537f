import { ByteReader, ByteWriter } from './bytes.ts';
import { damagedFrame, unknownEncoding } from './errors.ts';
import { decodeValues, encodeValues, KIND, parseFrame } from './frame.ts';
import { readIntegers, writeIntegers } from './integers.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import { lowerBound } from './merge.ts';
import { tidemark } from './proto/block.js';

const { Frame } = tidemark.v1;
const ENCODING = 1;
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
  const extremes = new Float64Array(2 * n);
  extremes.set(r.min);
  extremes.set(r.max, n);
  for (const column of [extremes, r.sum]) {
    const frame = encodeValues(column);
    out.varint(frame.length);
    out.bytes(frame);
  }
  return Frame.encode({ kind: KIND.rollup, encoding: ENCODING, count: n, data: out.finish() }).finish();
}

/** Throws 'damaged-frame' or 'unknown-encoding', whatever the bytes are. */
export function decodeRollup(bytes: Uint8Array): Rollup {
  const { encoding, count: n, data } = parseFrame(bytes, KIND.rollup);
  if (encoding !== ENCODING) throw unknownEncoding(KIND.rollup, encoding);
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
  const extremes = decodeValues(from.take(from.varint()));
  const sum = decodeValues(from.take(from.varint()));
  from.end();
  if (extremes.length !== 2 * n || sum.length !== n) throw damagedFrame('its columns differ in length');
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
  return { width, start, count, numbers: nan, min: extremes.slice(0, n), max: extremes.slice(n), sum };
}

/** Buckets [from, to) by index, as views. */
export function sliceRollup(r: Rollup, from: number, to: number): Rollup {
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
