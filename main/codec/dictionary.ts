import { ByteReader, ByteWriter } from './bytes.ts';
import { type Distinct, distinct, pick } from './distinct.ts';
import type { Encoded, Encoding } from './encoding.ts';
import { damagedFrame, unknownEncoding } from './errors.ts';
import { readIntegers, writeIntegers } from './integers.ts';
import { wordsOf } from './words.ts';

/** A dictionary pays where values come back several times. */
const MOST = 4_096;
const TIMES = 4;

/**
 * The different values once, ascending, and for each entry the place of its value among them: for set-points, states and quantised signals whose steps are no
 * decimals. `encode` and `among` are for the values themselves.
 */
export function dictionary(encode: (values: Float64Array) => Encoded, among: readonly Encoding[]): Encoding {
  return {
    number: 5,
    encode(v) {
      const found = distinct(v, Math.min(MOST, Math.floor(v.length / TIMES)));
      if (found === undefined) return undefined;
      const { values, index } = sorted(found);
      const { number, data } = encode(values);
      const out = new ByteWriter();
      out.varint(values.length);
      out.u8(number);
      out.varint(data.length);
      out.bytes(data);
      writeIntegers(out, index);
      return out.finish();
    },
    decode(data, count) {
      const from = new ByteReader(data);
      const most = from.varint();
      if (most < 1 || most > count) throw damagedFrame(`it has ${most} different values for ${count} readings`);
      const number = from.u8();
      const encoding = among.find((each) => each.number === number);
      if (encoding === undefined) throw unknownEncoding(2, number);
      const values = encoding.decode(from.take(from.varint()), most);
      const index = readIntegers(from, count);
      from.end();
      for (let i = 0; i < count; i++) {
        const at = index[i] as number;
        if (!(at >= 0 && at < most && Number.isInteger(at))) throw damagedFrame('it has no such value');
      }
      return pick(values, index);
    },
  };
}

/** By value, NaN last, equal ones by their bits: neighbours in the dictionary are neighbours in size. */
function sorted({ values, index }: Distinct): { values: Float64Array; index: Float64Array } {
  const words = wordsOf(values);
  const compare = (a: number, b: number): number => {
    const [x, y] = [values[a] as number, values[b] as number];
    if (x < y) return -1;
    if (x > y) return 1;
    return (
      Number(Number.isNaN(x)) - Number(Number.isNaN(y)) ||
      (words[2 * a + 1] as number) - (words[2 * b + 1] as number) ||
      (words[2 * a] as number) - (words[2 * b] as number)
    );
  };
  const order = Uint32Array.from(values, (_, i) => i).sort(compare);
  const rank = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) rank[order[i] as number] = i;
  const ranks = new Float64Array(index.length);
  for (let i = 0; i < index.length; i++) ranks[i] = rank[index[i] as number] as number;
  return { values: pick(values, order), index: ranks };
}
