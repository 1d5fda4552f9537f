import { dayOf } from '../../shared/units.ts';

const WORD_BITS = 32;
/** Days share bits every 11 years: enough to tell them apart, and a word of it is one read. */
const BITS = 4_096;

/** The bit of a day, whose number may be negative. */
const bitOf = (day: number): number => ((day % BITS) + BITS) % BITS;

/**
 * Which UTC days have readings in memory, told by the writer to other threads in memory that they share: a question about other days need not wait for the
 * writer's turn. Days that share a bit are taken for each other, so a yes may be wrong; a no is right as of that moment: what was acknowledged before, and
 * is in a day that is not here, is in segments whose commit every later snapshot sees.
 */
export class HeadDays {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory = new SharedArrayBuffer(BITS / 8)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** The writer's, before it acknowledges readings of these days. */
  add(days: Iterable<number>): void {
    for (const day of days) {
      const bit = bitOf(day);
      Atomics.or(this.#words, Math.floor(bit / WORD_BITS), 1 << (bit % WORD_BITS));
    }
  }

  /** The writer's, once all readings of other days are committed in segments. A day that stays is never missing in between. */
  keepOnly(days: Iterable<number>): void {
    const left = new HeadDays();
    left.add(days);
    for (const [i, word] of left.#words.entries()) Atomics.store(this.#words, i, word);
  }

  /** Whether there may be readings of [from, to), microseconds, in memory. */
  mayHave(from: number, to: number): boolean {
    const last = Math.min(dayOf(to - 1), dayOf(from) + BITS - 1);
    for (let day = dayOf(from); day <= last; day++) {
      const bit = bitOf(day);
      if ((Atomics.load(this.#words, Math.floor(bit / WORD_BITS)) & (1 << (bit % WORD_BITS))) !== 0) return true;
    }
    return false;
  }
}
