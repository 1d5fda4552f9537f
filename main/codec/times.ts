import { ByteReader, ByteWriter } from './bytes.ts';
import { type Encoded, type Encoding, encodeWith } from './encoding.ts';
import { damagedFrame } from './errors.ts';
import { floatPlanes } from './float-planes.ts';
import { LIMIT, readIntegers, writeIntegers } from './integers.ts';

/** The first timestamp, then the intervals as integers (whose own differences make it delta-of-delta). */
const intervals: Encoding = {
  number: 1,
  encode(t) {
    const first = t[0] ?? 0;
    if ((t.at(-1) ?? 0) - first >= LIMIT) return undefined;
    const out = new ByteWriter();
    out.integer(first);
    if (t.length > 1) {
      const d = new Float64Array(t.length - 1);
      for (let i = 0; i < d.length; i++) d[i] = (t[i + 1] as number) - (t[i] as number);
      writeIntegers(out, d);
    }
    return out.finish();
  },
  decode(data, count) {
    const from = new ByteReader(data);
    const t = new Float64Array(count);
    t[0] = from.integer();
    if (count > 1) {
      const d = readIntegers(from, count - 1);
      for (let i = 1; i < count; i++) t[i] = (t[i - 1] as number) + (d[i - 1] as number);
    }
    from.end();
    return t;
  },
};

/** As float64, for spans beyond 17 years in one chunk. */
const plain = floatPlanes(2);

/** All that are read. */
export const TIME_ENCODINGS: readonly Encoding[] = [intervals, plain];

/** As intervals, if the span allows it. */
export function encodeTimeColumn(t: Float64Array): Encoded {
  return encodeWith(intervals, t) ?? { number: plain.number, data: plain.encode(t) };
}

/** Whether they are strictly ascending integers within 2^53 - 1, as all code behind the codec relies on. */
export function areTimes(t: Float64Array): boolean {
  // Between the first and the last, ascending numbers are within bounds.
  if (t.length > 0 && !(Number.isSafeInteger(t[0]) && Number.isSafeInteger(t.at(-1)))) return false;
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < t.length; i++) {
    const now = t[i] as number;
    if (!(now > before && Math.floor(now) === now)) return false;
    before = now;
  }
  return true;
}

export function checkTimes(t: Float64Array): Float64Array {
  if (!areTimes(t)) throw damagedFrame('its timestamps are not ascending integers');
  return t;
}
