/** Readings a chunk has room for: half a megabyte. */
const SHIFT = 15;
export const CHUNK_READINGS = 1 << SHIFT;
/** Bytes of one reading in memory. */
export const READING_BYTES = 16;

export interface SlabChunk {
  t: Float64Array;
  v: Float64Array;
  /** The same memory as `v`: values are copied as bits, so that NaN payloads survive. */
  bits: Uint32Array;
}

/** Chunks that no head uses now. They are used again: memory that came and went with each cut would be given back late, or never. */
export class SlabPool {
  readonly #free: SlabChunk[] = [];

  take(): SlabChunk {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const v = new Float64Array(CHUNK_READINGS);
    return { t: new Float64Array(CHUNK_READINGS), v, bits: new Uint32Array(v.buffer) };
  }

  give(chunks: readonly SlabChunk[]): void {
    this.#free.push(...chunks);
  }
}

/** A growing row of chunks. A position counts readings from the first chunk's start. */
export class Slab {
  readonly #pool: SlabPool;
  #chunks: SlabChunk[] = [];
  /** Readings of room handed out. */
  used = 0;

  constructor(pool: SlabPool) {
    this.#pool = pool;
  }

  /** Room for `most` readings in one piece, or for as many as are left in the last chunk; its start is `used` as it was before. */
  take(most: number): number {
    if (this.used === this.#chunks.length * CHUNK_READINGS) this.#chunks.push(this.#pool.take());
    const length = Math.min(most, this.#chunks.length * CHUNK_READINGS - this.used);
    this.used += length;
    return length;
  }

  chunk(position: number): SlabChunk {
    const chunk = this.#chunks[position >>> SHIFT];
    if (chunk === undefined) throw new Error(`the slab has no position ${position}`);
    return chunk;
  }

  /** Gives the chunks back: nothing may be read any more. */
  release(): void {
    this.#pool.give(this.#chunks);
    this.#chunks = [];
    this.used = 0;
  }
}

/** Where a position is within its chunk. */
export const within = (position: number): number => position & (CHUNK_READINGS - 1);
