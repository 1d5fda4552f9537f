import type Database from 'better-sqlite3';
import { magicOf } from '../codec/trailer.ts';
import type { Segments } from './segments.ts';

interface Frozen {
  bytes: number;
  tail_bytes: number;
  format_version: number;
}

/** The objects of blocks that are not cold, made from their segments and their frozen ends. */
export class ObjectBytes {
  readonly #segments: Segments;
  readonly #block: Database.Statement<[string], Frozen>;
  readonly #tail: Database.Statement<[string], { tail: Buffer }>;

  constructor(db: Database.Database, segments: Segments) {
    this.#segments = segments;
    this.#block = db.prepare(
      'select bytes, length(tail) as tail_bytes, format_version from block join block_tail on block_id = id where id = ?',
    );
    this.#tail = db.prepare('select tail from block_tail where block_id = ?');
  }

  /** Puts the first of the bytes [offset, end) into `out`, as many as there is room for. Returns how many. Throws 'damaged-frame' when they cannot be read. */
  fill(id: string, offset: number, end: number, out: Uint8Array): number {
    const length = Math.min(end - offset, out.length);
    this.#copy(id, this.#frozen(id, offset, end), offset, out.subarray(0, length));
    return length;
  }

  #frozen(id: string, offset: number, end: number): Frozen {
    const block = this.#block.get(id);
    if (block === undefined || offset < 0 || end < offset || end > block.bytes)
      throw new Error(`block ${id} has no bytes ${offset} to ${end}`);
    return block;
  }

  #copy(id: string, block: Frozen, offset: number, out: Uint8Array): void {
    /** `fill` puts what the piece that lies at `from` has from `at` on. */
    const copy = (from: number, bytes: number, fill: (at: number, target: Uint8Array) => void): void => {
      const lo = Math.max(from, offset);
      const hi = Math.min(from + bytes, offset + out.length);
      if (lo < hi) fill(lo - from, out.subarray(lo - offset, hi - offset));
    };
    const magic = magicOf(block.format_version);
    copy(0, magic.length, (at, target) => target.set(magic.subarray(at, at + target.length)));
    for (const row of this.#segments.inBlock(id, offset, offset + out.length))
      copy(row.block_offset ?? 0, row.bytes, (at, target) => this.#segments.fillBody(row.id, at, target));
    copy(block.bytes - block.tail_bytes, block.tail_bytes, (at, target) =>
      target.set((this.#tail.get(id)?.tail ?? new Uint8Array(0)).subarray(at, at + target.length)),
    );
  }
}
