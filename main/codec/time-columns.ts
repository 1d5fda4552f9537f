import { damagedFrame } from './errors.ts';
import { decodeTimes, decodeValues } from './frame.ts';
import type { Run } from './merge.ts';

/** Timestamps kept decoded, over all columns: 8 MB. */
const MOST_READINGS = 1_000_000;

/** Decoded timestamps by the digest of their frame: the fields of one source share them, and a screen asks for several at a time. */
export class TimeColumns {
  readonly #columns = new Map<string, Float64Array>();
  #readings = 0;

  /** A chunk of frames whose digests are checked; throws what `decodeChunk` of the codec does. Nobody may write to its times. */
  decodeChunk(timeDigest: string, timeFrame: Uint8Array, valueFrame: Uint8Array): Run {
    const t = this.#columns.get(timeDigest) ?? decodeTimes(timeFrame);
    const v = decodeValues(valueFrame);
    if (t.length !== v.length) throw damagedFrame(`it has ${t.length} timestamps and ${v.length} values`);
    this.#keep(timeDigest, t);
    return { t, v };
  }

  /** As the one used last; the ones not used for longest go. */
  #keep(digest: string, t: Float64Array): void {
    if (this.#columns.delete(digest)) this.#readings -= t.length;
    this.#columns.set(digest, t);
    this.#readings += t.length;
    for (const [oldest, column] of this.#columns) {
      if (this.#readings <= MOST_READINGS) break;
      this.#columns.delete(oldest);
      this.#readings -= column.length;
    }
  }
}
