import type Database from 'better-sqlite3';
import { formatSeriesKey } from '../../shared/series-key.ts';
import { decodeIndex, TRAILER_BYTES } from '../codec/block.ts';
import type { BlockIndex, Chunk } from '../codec/types.ts';

/** A decoded block index, looked up by series key. */
interface Lookup {
  index: BlockIndex;
  chunks: Map<string, Chunk[]>;
  cost: number;
}

/** Decoded chunks kept in memory, over all indexes. */
const MAX_CHUNKS = 200_000;

/** The indexes of cold blocks: kept in SQLite as they were frozen, decoded on demand, the least recently used forgotten first. */
export class Manifest {
  readonly #db: Database.Database;
  readonly #decoded = new Map<string, Lookup>();
  #cost = 0;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** Chunks of a series in a block. Throws what the codec throws when the stored index is damaged. */
  chunksOf(blockId: string, key: string): { chunks: readonly Chunk[]; index: BlockIndex } {
    const lookup = this.#lookup(blockId);
    return { chunks: lookup.chunks.get(key) ?? [], index: lookup.index };
  }

  #lookup(blockId: string): Lookup {
    const known = this.#decoded.get(blockId);
    if (known !== undefined) {
      this.#decoded.delete(blockId);
      this.#decoded.set(blockId, known);
      return known;
    }
    const row = this.#db
      .prepare<[string], { tail: Buffer; index_offset: number; bytes: number }>(
        'select tail, index_offset, bytes from block join block_tail on block_id = id where id = ?',
      )
      .get(blockId);
    if (row === undefined) throw new Error(`block ${blockId} has no index`);
    const index = decodeIndex(row.tail.subarray(0, indexLength(row.tail)));
    const chunks = new Map<string, Chunk[]>();
    const keys = index.series.map((s) => formatSeriesKey(s));
    for (const chunk of index.chunks) {
      const key = keys[chunk.series] ?? '';
      const list = chunks.get(key);
      if (list === undefined) chunks.set(key, [chunk]);
      else list.push(chunk);
    }
    const lookup = { index, chunks, cost: index.chunks.length + index.series.length };
    this.#decoded.set(blockId, lookup);
    this.#cost += lookup.cost;
    this.#trim();
    return lookup;
  }

  #trim(): void {
    for (const [id, { cost }] of this.#decoded) {
      if (this.#cost <= MAX_CHUNKS || this.#decoded.size === 1) return;
      this.#decoded.delete(id);
      this.#cost -= cost;
    }
  }
}

/** The tail is index and trailer; the trailer has a fixed length. */
function indexLength(tail: Buffer): number {
  return tail.length - TRAILER_BYTES;
}
