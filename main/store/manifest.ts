import type Database from 'better-sqlite3';
import { readIndex } from '../codec/block.ts';
import { damagedBlock } from '../codec/errors.ts';
import { type AgedChunk, type OpenIndex, opened, openIndex } from '../codec/open-index.ts';
import { MAX_TRAILER_BYTES, parseTrailer } from '../codec/trailer.ts';
import type { ColdBlock } from './blocks.ts';
import { statement } from './statements.ts';
import { readStored } from './unreadable.ts';

/** Lookups kept: ten years of five series. */
const MAX_FOUND = 20_000;

/** Series and chunks of the open indexes that are kept in memory, some 100 bytes each. */
const MAX_SIZE = 200_000;

/**
 * The full indexes of cold blocks: kept in SQLite as they were frozen, or fetched again when they had to go, opened on demand, the least recently used
 * forgotten first.
 */
export class Manifest {
  readonly #db: Database.Database;
  readonly #open = new Map<string, OpenIndex>();
  /** What was looked up, by block and series: what a plan has found is there when its windows are read, whatever was decoded meanwhile. */
  readonly #found = new Map<string, readonly AgedChunk[]>();
  #size = 0;
  /** Series and chunks of the indexes opened since the start. */
  #opened = 0;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /**
   * Chunks of a series in a block, and the size of the index that had to be opened for it (0: remembered); undefined when the index is not on this gateway
   * and not among those `given` by digest. Throws what the codec throws when the index is damaged.
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
    const before = this.#opened;
    const found = this.#index(block, given)?.chunksOf(key);
    if (found === undefined) return undefined;
    this.#found.set(name, found);
    const oldest = this.#found.keys().next().value;
    if (this.#found.size > MAX_FOUND && oldest !== undefined) this.#found.delete(oldest);
    return { chunks: found, decoded: this.#opened - before };
  }

  #index(block: ColdBlock, given: ReadonlyMap<string, Uint8Array> | undefined): OpenIndex | undefined {
    const known = this.#open.get(block.id);
    if (known !== undefined) {
      this.#open.delete(block.id);
      this.#open.set(block.id, known);
      return known;
    }
    const index = block.index === undefined ? this.#stored(block) : fetched(block, given?.get(block.index.digest));
    if (index === undefined) return undefined;
    this.#open.set(block.id, index);
    this.#size += index.size;
    this.#opened += index.size;
    this.#trim();
    return index;
  }

  #stored({ id, formatVersion }: ColdBlock): OpenIndex {
    const select = statement<[string], { body: Buffer }>(this.#db, 'select body from block_index where block_id = ?');
    const row = readStored(() => select.get(id));
    if (row === undefined) throw damagedBlock('its index is not on this gateway');
    return openIndex(row.body, formatVersion);
  }

  #trim(): void {
    for (const [id, { size }] of this.#open) {
      if (this.#size <= MAX_SIZE || this.#open.size === 1) return;
      this.#open.delete(id);
      this.#size -= size;
    }
  }
}

/** From the bytes that the block names for it: those of the index, or the whole object. */
function fetched({ index, formatVersion }: ColdBlock, bytes: Uint8Array | undefined): OpenIndex | undefined {
  if (bytes === undefined) return undefined;
  if (index?.offset !== 0) return openIndex(bytes, formatVersion);
  const trailer = parseTrailer(bytes.subarray(-MAX_TRAILER_BYTES), bytes.length);
  return opened(readIndex(bytes.subarray(trailer.from), trailer));
}
