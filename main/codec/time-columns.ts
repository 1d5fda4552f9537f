import { damagedFrame } from './errors.ts';
import { decodeTimes, decodeValues } from './frame.ts';
import type { Run } from './merge.ts';

/** Timestamps kept decoded, over all columns: 8 MB. */
const MOST_READINGS = 1_000_000;
/** Digests remembered of columns that are not kept. */
const MOST_SEEN = 1_000;

/** Decoded timestamps by the digest of their frame: the fields of one source share them, and a screen asks for several at a time. */
export class TimeColumns {
  readonly #shared: boolean;
  readonly #columns = new Map<string, Float64Array>();
  readonly #seen = new Set<string>();
  #readings = 0;

  /**
   * `shared`: what is read may move to another thread. Then a column is the reader's own the first time, kept only from the second on, and in shared memory,
   * which stays where it is and need not be copied.
   */
  constructor({ shared } = { shared: false }) {
    this.#shared = shared;
  }

  /** A chunk of frames whose digests are checked; throws what `decodeChunk` of the codec does. Nobody may write to its times. */
  decodeChunk(timeDigest: string, timeFrame: Uint8Array, valueFrame: Uint8Array): Run {
    const kept = this.#columns.get(timeDigest);
    const t = kept ?? decodeTimes(timeFrame);
    const v = decodeValues(valueFrame);
    if (t.length !== v.length) throw damagedFrame(`it has ${t.length} timestamps and ${v.length} values`);
    if (kept !== undefined || !this.#shared) return { t: this.#keep(timeDigest, t), v };
    return { t: this.#isNew(timeDigest) ? t : this.#keep(timeDigest, inSharedMemory(t)), v };
  }

  #isNew(digest: string): boolean {
    if (this.#seen.delete(digest)) return false;
    this.#seen.add(digest);
    const [oldest = digest] = this.#seen;
    if (this.#seen.size > MOST_SEEN) this.#seen.delete(oldest);
    return true;
  }

  /** As the one used last; the ones not used for longest go. */
  #keep(digest: string, t: Float64Array): Float64Array {
    if (this.#columns.delete(digest)) this.#readings -= t.length;
    this.#columns.set(digest, t);
    this.#readings += t.length;
    for (const [oldest, column] of this.#columns) {
      if (this.#readings <= MOST_READINGS) break;
      this.#columns.delete(oldest);
      this.#readings -= column.length;
    }
    return t;
  }
}

function inSharedMemory(t: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(t.byteLength));
  shared.set(t);
  return shared;
}
