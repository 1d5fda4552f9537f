import type { Batch } from './types.ts';

/** Of the header: decimals, and how many values are not decimals, both as uint32. */
const HEADER = 8;
/** Bytes of a reading: timestamp, series id, and its value as a decimal or as a mark that it is none. */
const ROW = 8 + 4 + 4;
const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
/** Values looked at to find out how many decimals most of a batch have. */
const SAMPLES = 64;
/** Series whose last decimal is kept; those that share a place are packed worse, and come back all the same. */
const MOST_PLACES = 65_536;
/** Marks a value that is no decimal: its bits stand behind the others. */
const NONE = -0x8000_0000;

/** At most so many bytes are packed of so many readings. */
export function mostRawBytes(count: number): number {
  return HEADER + count * (ROW + 8);
}

/**
 * Columns of a batch as bytes that compress well, little-endian: the header; timestamps as float64 differences to the one before; series ids likewise, as
 * int32; values as decimals, `value * 10^decimals` as int32, each as the difference to the one before of its series, small ones up or down as small
 * numbers, in four planes of bytes; the bits of those that are none, in eight planes. Sensors send few decimals, as text most of all, so that half of a
 * float's bytes are noise to a compressor. Undefined when two timestamps are too far apart for an exact difference.
 */
export function packColumns({ count: n, t, v, series }: Batch): Uint8Array | undefined {
  const decimals = decimalsOf(v.subarray(0, n));
  const scale = POWERS[decimals] ?? 1;
  const bytes = new Uint8Array(mostRawBytes(n));
  const times = new Float64Array(bytes.buffer, HEADER, n);
  const ids = new Int32Array(bytes.buffer, HEADER + 8 * n, n);
  const bits = new Uint32Array(v.buffer, v.byteOffset, 2 * n);
  const others = new Uint32Array(2 * n);
  const low = HEADER + 12 * n;
  const before = places(n);
  let [lastT, lastId, rest] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const time = t[i] ?? 0;
    const step = time - lastT;
    if (!Number.isSafeInteger(step)) return undefined;
    times[i] = step;
    lastT = time;
    const id = series[i] ?? 0;
    ids[i] = id - lastId;
    lastId = id;
    const value = v[i] ?? 0;
    let whole = Math.round(value * scale);
    if (!isExact(value, whole, scale)) {
      whole = NONE;
      others[2 * rest] = bits[2 * i] ?? 0;
      others[2 * rest + 1] = bits[2 * i + 1] ?? 0;
      rest++;
    }
    const place = id & (before.length - 1);
    const difference = (whole - (before[place] ?? 0)) | 0;
    if (whole !== NONE) before[place] = whole;
    const packed = (difference << 1) ^ (difference >> 31);
    bytes[low + i] = packed;
    bytes[low + n + i] = packed >>> 8;
    bytes[low + 2 * n + i] = packed >>> 16;
    bytes[low + 3 * n + i] = packed >>> 24;
  }
  const words = new Uint32Array(bytes.buffer, 0, 2);
  words[0] = decimals;
  words[1] = rest;
  const end = low + 4 * n;
  const raw = new Uint8Array(others.buffer, 0, 8 * rest);
  for (let plane = 0; plane < 8; plane++)
    for (let i = 0; i < rest; i++) bytes[end + plane * rest + i] = raw[8 * i + plane] ?? 0;
  return bytes.subarray(0, end + 8 * rest);
}

/** Undefined for bytes that packColumns does not make of so many readings. Once it left the decimals as they are: not `byDifference`. */
export function unpackColumns(bytes: Uint8Array<ArrayBuffer>, n: number, byDifference: boolean): Batch | undefined {
  if (bytes.length < HEADER + ROW * n) return undefined;
  const [decimals = 0, rest = 0] = new Uint32Array(bytes.buffer, 0, 2);
  const scale = POWERS[decimals];
  const low = HEADER + 12 * n;
  const end = low + 4 * n;
  if (scale === undefined || bytes.length !== end + 8 * rest) return undefined;
  const t = new Float64Array(bytes.buffer, HEADER, n);
  const series = new Uint32Array(bytes.buffer, HEADER + 8 * n, n);
  const v = new Float64Array(n);
  const raw = new Uint8Array(v.buffer);
  addUp(t);
  addUp(series);
  const before = places(n);
  let used = 0;
  for (let i = 0; i < n; i++) {
    let whole = fourBytes(bytes, low + i, n);
    if (byDifference) {
      const place = (series[i] ?? 0) & (before.length - 1);
      whole = (((whole >>> 1) ^ -(whole & 1)) + (before[place] ?? 0)) | 0;
      if (whole !== NONE) before[place] = whole;
    }
    if (whole !== NONE) v[i] = whole / scale;
    else {
      if (used === rest) return undefined;
      for (let plane = 0; plane < 8; plane++) raw[8 * i + plane] = bytes[end + plane * rest + used] ?? 0;
      used++;
    }
  }
  return used === rest ? { count: n, t, v, series } : undefined;
}

function addUp(differences: Float64Array | Uint32Array): void {
  for (let i = 1; i < differences.length; i++) differences[i] = (differences[i] ?? 0) + (differences[i - 1] ?? 0);
}

/** An int32 whose bytes lie in planes of `n`. */
function fourBytes(bytes: Uint8Array, at: number, n: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + n] ?? 0) << 8);
  return low | ((bytes[at + 2 * n] ?? 0) << 16) | ((bytes[at + 3 * n] ?? 0) << 24);
}

/** The last decimals of series, by id: the place of an id is its low bits. */
function places(count: number): Int32Array {
  return new Int32Array(Math.min(MOST_PLACES, 2 ** Math.ceil(Math.log2(Math.max(1, count)))));
}

/** Whether the scaled value gives back the same bits, and fits. -0 and NaN never do. */
function isExact(value: number, whole: number, scale: number): boolean {
  return whole / scale === value && Math.abs(whole) < -NONE && (whole !== 0 || Object.is(value, 0));
}

/** The fewest decimals that serve most of the values. */
function decimalsOf(v: Float64Array): number {
  const step = Math.max(1, Math.floor(v.length / SAMPLES));
  let best = 0;
  let most = -1;
  for (const [decimals, scale] of POWERS.entries()) {
    let exact = 0;
    for (let i = 0; i < v.length; i += step) {
      const value = v[i] ?? 0;
      exact += Number(isExact(value, Math.round(value * scale), scale));
    }
    if (exact > most) [best, most] = [decimals, exact];
  }
  return best;
}
