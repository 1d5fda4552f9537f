import type Database from 'better-sqlite3';
import { decodeIndex } from '../codec/block.ts';
import type { BlockIndex, Chunk, SeqRange } from '../codec/types.ts';
import { statement } from './statements.ts';
import { readStored } from './unreadable.ts';

/** A decoded block index, looked up by series key. */
interface Lookup {
  index: BlockIndex;
  chunks: Map<string, Chunk[]>;
  cost: number;
}

/** A chunk, and the age of what is in it. */
export interface AgedChunk {
  chunk: Chunk;
  age: SeqRange;
}

/** Lookups kept: ten years of five series. */
const MAX_FOUND = 20_000;

/** Decoded chunks kept in memory, over all indexes. */
const MAX_CHUNKS = 200_000;

/** The full indexes of cold blocks: kept in SQLite as they were frozen, decoded on demand, the least recently used forgotten first. */
export class Manifest {
  readonly #db: Database.Database;
  readonly #decoded = new Map<string, Lookup>();
  /** What was looked up, by block and series: what a plan has found is there when its windows are read, whatever was decoded meanwhile. */
  readonly #found = new Map<string, readonly AgedChunk[]>();
  #cost = 0;
  /** Chunks decoded since the start. */
  #decodes = 0;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /**
   * Chunks of a series in a block, and how many chunks had to be decoded for it (0: remembered). Throws what the codec throws when the stored index is
   * damaged.
   */
  chunksOf(blockId: string, key: string): { chunks: readonly AgedChunk[]; decoded: number } {
    const name = `${blockId} ${key}`;
    const known = this.#found.get(name);
    if (known !== undefined) {
      this.#found.delete(name);
      this.#found.set(name, known);
      return { chunks: known, decoded: 0 };
    }
    const before = this.#decodes;
    const { index, chunks } = this.#lookup(blockId);
    const found = (chunks.get(key) ?? []).flatMap((chunk) => {
      const age = index.segments[chunk.segment];
      return age === undefined ? [] : [{ chunk, age }];
    });
    this.#found.set(name, found);
    const oldest = this.#found.keys().next().value;
    if (this.#found.size > MAX_FOUND && oldest !== undefined) this.#found.delete(oldest);
    return { chunks: found, decoded: this.#decodes - before };
  }

  #lookup(blockId: string): Lookup {
    const known = this.#decoded.get(blockId);
    if (known !== undefined) {
      this.#decoded.delete(blockId);
      this.#decoded.set(blockId, known);
      return known;
    }
    const select = statement<[string], { body: Buffer; format_version: number }>(
      this.#db,
      'select body, format_version from block join block_index on block_id = id where id = ?',
    );
    const row = readStored(() => select.get(blockId));
    if (row === undefined) throw new Error(`block ${blockId} has no index`);
    const index = decodeIndex(row.body, row.format_version);
    const chunks = new Map<string, Chunk[]>();
    for (const chunk of index.chunks) {
      const key = index.series[chunk.series]?.key ?? '';
      const list = chunks.get(key);
      if (list === undefined) chunks.set(key, [chunk]);
      else list.push(chunk);
    }
    const lookup = { index, chunks, cost: index.chunks.length + index.series.length };
    this.#decoded.set(blockId, lookup);
    this.#cost += lookup.cost;
    this.#decodes += lookup.cost;
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
