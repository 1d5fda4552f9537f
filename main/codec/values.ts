import { toDecimals } from './decimals.ts';
import { dictionary } from './dictionary.ts';
import { distinct } from './distinct.ts';
import { type Encoded, type Encoding, encodeWith } from './encoding.ts';
import { damagedFrame } from './errors.ts';
import { floatPlanes } from './float-planes.ts';
import { LIMIT } from './integers.ts';
import type { Scaled } from './scaled.ts';
import { decimal, encodeScaled, fraction } from './scaled-values.ts';
import { bitsAt, wordsOf } from './words.ts';

function isConstant(v: Float64Array): boolean {
  const words = wordsOf(v);
  for (let i = 2; i < words.length; i++) if (words[i] !== words[i - 2]) return false;
  return true;
}

/** Every value has the same bits. */
const constant: Encoding = {
  number: 1,
  encode: (v) => (isConstant(v) ? bitsAt(v, 0) : undefined),
  decode(data, count) {
    if (data.length !== 8) throw damagedFrame('a constant has eight bytes');
    const v = new Float64Array(count);
    const first = bitsAt(v, 0);
    first.set(data);
    // Doubling copies keep the bits as they are.
    for (let filled = 1; filled < count; filled *= 2) v.set(v.subarray(0, Math.min(filled, count - filled)), filled);
    return v;
  },
};

/** Any float64 values. */
const floats = floatPlanes(3);

const first: readonly Encoding[] = [constant, decimal, floats];
const lookup = dictionary(encodeFirst, first);

/** All that are read. */
export const VALUE_ENCODINGS: readonly Encoding[] = [...first, fraction, lookup];

/** The first that applies of the encodings that there were from the beginning: what any reader reads. */
export function encodeFirst(v: Float64Array): Encoded {
  return encodeWith(constant, v) ?? encodeWith(decimal, v) ?? encodeFloats(v);
}

/** Decimals are taken without a look at others while at most this share of them is kept whole, at ten bytes each. */
const WHOLE_SHARE = 64;
/** Values are few when of so many, spread over the column, at most this share are different: it is higher where the values are no integers already. */
const SPREAD = 1_024;
const FEW_DECIMALS = 16;
const FEW = 4;

/** The smallest of the encodings that may suit the column, judged by a sample of a long one. The same values always give the same bytes. */
export function encodeSmallest(v: Float64Array): Encoded {
  const same = encodeWith(constant, v);
  if (same !== undefined) return same;
  const decimals = toDecimals(v, LIMIT);
  if (decimals !== undefined && wholes(decimals) <= v.length / WHOLE_SHARE) {
    if (!hasGaps(someOf(v, FEW_DECIMALS))) return { number: decimal.number, data: encodeScaled(decimals, v) };
    return smallest(v, [decimal, lookup]);
  }
  const few = someOf(v, FEW) === undefined ? [] : [lookup];
  return smallest(v, [...(decimals === undefined ? [] : [decimal]), fraction, ...few, floats]);
}

function encodeFloats(v: Float64Array): Encoded {
  return { number: floats.number, data: floats.encode(v) };
}

function wholes({ patches }: Scaled): number {
  return patches.reduce((n, { ulps }) => (ulps === undefined ? n + 1 : n), 0);
}

/** The different values among some spread over the column; undefined when more than a `share`-th of them are. */
function someOf(v: Float64Array, share: number): Float64Array | undefined {
  const step = Math.ceil(v.length / SPREAD);
  return distinct(v, Math.floor(v.length / step / share), step)?.values;
}

/** Whether numbering the values would make them smaller: those that lie close together are as good as numbered. */
function hasGaps(values: Float64Array | undefined): boolean {
  if (values === undefined || values.length < 3) return false;
  const sorted = values.slice().sort();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) {
    const gap = (sorted[i] as number) - (sorted[i - 1] as number);
    if (gap > 0 && gap < least) least = gap;
  }
  return !((sorted.at(-1) as number) - (sorted[0] as number) < 1.5 * least * (sorted.length - 1));
}

/** Longer columns are judged by so many readings, in pieces spread over them. */
const SAMPLE_PIECES = 4;
const SAMPLE_PIECE = 1_024;

function sampleOf(v: Float64Array): Float64Array {
  if (v.length <= SAMPLE_PIECES * SAMPLE_PIECE) return v;
  const stride = Math.floor((v.length - SAMPLE_PIECE) / (SAMPLE_PIECES - 1));
  const part = new Float64Array(SAMPLE_PIECES * SAMPLE_PIECE);
  for (let i = 0; i < SAMPLE_PIECES; i++) part.set(v.subarray(i * stride, i * stride + SAMPLE_PIECE), i * SAMPLE_PIECE);
  return part;
}

/** The encoding that is smallest for a sample, of the candidates that apply; of equal ones the first. */
function smallest(v: Float64Array, candidates: readonly Encoding[]): Encoded {
  const part = sampleOf(v);
  const tries: { encoding: Encoding; data: Uint8Array }[] = [];
  for (const encoding of candidates) {
    if (encoding === floats) {
      // The dearest to try: not where nothing else suits, and not where another makes half of the values or less.
      if (tries.length === 0) return encodeFloats(v);
      if (tries.some(({ data }) => data.length <= part.byteLength / 2)) continue;
    }
    const data = encoding.encode(part);
    if (data !== undefined) tries.push({ encoding, data });
  }
  tries.sort((a, b) => a.data.length - b.data.length);
  for (const { encoding, data } of tries) {
    if (part === v) return { number: encoding.number, data };
    const encoded = encodeWith(encoding, v);
    if (encoded !== undefined) return encoded;
  }
  return encodeFloats(v);
}
