import { wordsOf } from './words.ts';

/** Which values occur, told apart by their bits. */
export interface Distinct {
  /** Each once, as they came. */
  values: Float64Array;
  /** Of each entry looked at, its place among `values`. */
  index: Uint32Array;
}

/** The different values of a column, or of every `step`-th of its entries; undefined when there are more than `most`, which is found out soon. */
export function distinct(v: Float64Array, most: number, step = 1): Distinct | undefined {
  const words = wordsOf(v);
  const mask = 2 ** Math.ceil(Math.log2(2 * most + 2)) - 1;
  // Open addressing: where a value was first seen, plus one.
  const slots = new Uint32Array(mask + 1);
  const places = new Uint32Array(mask + 1);
  const index = new Uint32Array(Math.ceil(v.length / step));
  const first: number[] = [];
  for (let i = 0, at = 0; i < v.length; i += step, at++) {
    const low = words[2 * i] as number;
    const high = words[2 * i + 1] as number;
    let slot = hash(low, high) & mask;
    for (;;) {
      const seen = slots[slot] as number;
      if (seen === 0) {
        if (first.length === most) return undefined;
        slots[slot] = i + 1;
        places[slot] = first.length;
        first.push(i);
        break;
      }
      if (words[2 * seen - 2] === low && words[2 * seen - 1] === high) break;
      slot = (slot + 1) & mask;
    }
    index[at] = places[slot] as number;
  }
  return { values: pick(v, first), index };
}

function hash(low: number, high: number): number {
  const h = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Entries of a column, moved as bits. */
export function pick(v: Float64Array, indexes: ArrayLike<number>): Float64Array {
  const out = new Float64Array(indexes.length);
  const [from, to] = [wordsOf(v), wordsOf(out)];
  for (let i = 0; i < indexes.length; i++) {
    const at = indexes[i] as number;
    to[2 * i] = from[2 * at] as number;
    to[2 * i + 1] = from[2 * at + 1] as number;
  }
  return out;
}
