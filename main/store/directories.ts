import { decodeDirectory } from '../codec/directory.ts';
import type { Chunk } from '../codec/types.ts';
import type { SegmentRow } from './segments.ts';

/** Chunks kept decoded, over all rows: some 10 MB. */
const MOST_CHUNKS = 30_000;

/** Decoded directories of segments: a screen reads the same rows again and again. */
export class Directories {
  readonly #known = new Map<number, { directory: Buffer; chunks: readonly Chunk[] }>();
  #chunks = 0;

  /** The chunks of a row; throws what the codec throws when its directory is damaged. */
  chunksOf({ id, directory }: Pick<SegmentRow, 'id' | 'directory'>): readonly Chunk[] {
    const known = this.#known.get(id);
    // The bytes are compared: the number of a row that has gone may be given to another, and bytes may go bad.
    const chunks = known?.directory.equals(directory) === true ? known.chunks : decodeDirectory(directory);
    this.#chunks += chunks.length - (known?.chunks.length ?? 0);
    this.#known.delete(id);
    this.#known.set(id, { directory, chunks });
    for (const [oldest, row] of this.#known) {
      if (this.#chunks <= MOST_CHUNKS || this.#known.size === 1) break;
      this.#known.delete(oldest);
      this.#chunks -= row.chunks.length;
    }
    return chunks;
  }
}
