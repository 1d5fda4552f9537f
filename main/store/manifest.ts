import type Database from 'better-sqlite3';
import { decodeIndex, readIndex } from '../codec/block.ts';
import { damagedBlock } from '../codec/errors.ts';
import { MAX_TRAILER_BYTES, parseTrailer } from '../codec/trailer.ts';
import type { BlockIndex, Chunk, SeqRange } from '../codec/types.ts';
import type { ColdBlock } from './blocks.ts';
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

/**
 * The full indexes of cold blocks: kept in SQLite as they were frozen, or fetched again when they had to go, decoded on demand, the least recently used
 * forgotten first.
 */
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
   * Chunks of a series in a block, and how many chunks had to be decoded for it (0: remembered); undefined when the index is not on this gateway and not
   * among those `given` by digest. Throws what the codec throws when the index is damaged.
   */
  chunksOf(
    block: ColdBlock,
    key: string,
    given?: ReadonlyMap<string, Uint8Array>,
  ): { chunks: readonly AgedChunk[]; decoded: number } | undefined {
    const name = `${block.id} ${key}`;
    const known = this.#found.get(name);
    if (known !== undefined) {
      this.#found.delete(name);
      this.#found.set(name, known);
      return { chunks: known, decoded: 0 };
    }
    const before = this.#decodes;
    const lookup = this.#lookup(block, given);
    if (lookup === undefined) return undefined;
    const { index, chunks } = lookup;
    const found = (chunks.get(key) ?? []).flatMap((chunk) => {
      const age = index.segments[chunk.segment];
      return age === undefined ? [] : [{ chunk, age }];
    });
    this.#found.set(name, found);
    const oldest = this.#found.keys().next().value;
    if (this.#found.size > MAX_FOUND && oldest !== undefined) this.#found.delete(oldest);
    return { chunks: found, decoded: this.#decodes - before };
  }

  #lookup(block: ColdBlock, given: ReadonlyMap<string, Uint8Array> | undefined): Lookup | undefined {
    const known = this.#decoded.get(block.id);
    if (known !== undefined) {
      this.#decoded.delete(block.id);
      this.#decoded.set(block.id, known);
      return known;
    }
    const index = block.index === undefined ? this.#stored(block) : fetched(block, given?.get(block.index.digest));
    if (index === undefined) return undefined;
    const chunks = new Map<string, Chunk[]>();
    for (const chunk of index.chunks) {
      const key = index.series[chunk.series]?.key ?? '';
      const list = chunks.get(key);
      if (list === undefined) chunks.set(key, [chunk]);
      else list.push(chunk);
    }
    const lookup = { index, chunks, cost: index.chunks.length + index.series.length };
    this.#decoded.set(block.id, lookup);
    this.#cost += lookup.cost;
    this.#decodes += lookup.cost;
    this.#trim();
    return lookup;
  }

  #stored({ id, formatVersion }: ColdBlock): BlockIndex {
    const select = statement<[string], { body: Buffer }>(this.#db, 'select body from block_index where block_id = ?');
    const row = readStored(() => select.get(id));
    if (row === undefined) throw damagedBlock('its index is not on this gateway');
    return decodeIndex(row.body, formatVersion);
  }

  #trim(): void {
    for (const [id, { cost }] of this.#decoded) {
      if (this.#cost <= MAX_CHUNKS || this.#decoded.size === 1) return;
      this.#decoded.delete(id);
      this.#cost -= cost;
    }
  }
}

/** From the bytes that the block names for it: those of the index, or the whole object. */
function fetched({ index, formatVersion }: ColdBlock, bytes: Uint8Array | undefined): BlockIndex | undefined {
  if (bytes === undefined) return undefined;
  if (index?.offset !== 0) return decodeIndex(bytes, formatVersion);
  const trailer = parseTrailer(bytes.subarray(-MAX_TRAILER_BYTES), bytes.length);
  return readIndex(bytes.subarray(trailer.from), trailer);
}
