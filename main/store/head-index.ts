import { grown } from './columns.ts';

/** No block, and no series. Blocks count from 1. */
const NONE = 0;
/** Readings of a series' first block, and of its longest: what it has is doubled, so that neither many short nor few long series waste room. */
const FIRST_BLOCK = 2;
const LONGEST_BLOCK = 512;
const FIRST_CAPACITY = 1_024;
/** Bytes of the columns. */
const SERIES_BYTES = 5 * 4 + 8 + 1;
const BLOCK_BYTES = 3 * 4;

/**
 * Which room in the slab is whose: each series has a chain of blocks, in order of arrival. Columns by series id and by block, no object of either: a hundred
 * thousand series may send one reading each.
 */
export class HeadIndex {
  /** By series id. */
  counts = new Uint32Array(FIRST_CAPACITY);
  /** Position of the next reading, and the end of the block that it goes into. Equal: a new block is needed. */
  next = new Uint32Array(FIRST_CAPACITY);
  end = new Uint32Array(FIRST_CAPACITY);
  lastT = new Float64Array(FIRST_CAPACITY);
  /** 1: its times are not strictly ascending. */
  late = new Uint8Array(FIRST_CAPACITY);
  #first = new Uint32Array(FIRST_CAPACITY);
  #last = new Uint32Array(FIRST_CAPACITY);
  /** By block. */
  #starts = new Uint32Array(FIRST_CAPACITY);
  #lengths = new Uint32Array(FIRST_CAPACITY);
  #following = new Uint32Array(FIRST_CAPACITY);
  #blocks = 1;

  get bytes(): number {
    return this.counts.length * SERIES_BYTES + this.#starts.length * BLOCK_BYTES;
  }

  /** Makes room for a series id. */
  reach(series: number): void {
    if (series < this.counts.length) return;
    const n = series + 1;
    this.counts = grown(this.counts, n);
    this.next = grown(this.next, n);
    this.end = grown(this.end, n);
    this.lastT = grown(this.lastT, n);
    this.late = grown(this.late, n);
    this.#first = grown(this.#first, n);
    this.#last = grown(this.#last, n);
  }

  /** How long the next block of a series should be. */
  wanted(series: number): number {
    return Math.min(LONGEST_BLOCK, Math.max(FIRST_BLOCK, this.counts[series] ?? 0));
  }

  addBlock(series: number, start: number, length: number): void {
    const block = this.#blocks++;
    if (block === this.#starts.length) {
      this.#starts = grown(this.#starts, block + 1);
      this.#lengths = grown(this.#lengths, block + 1);
      this.#following = grown(this.#following, block + 1);
    }
    this.#starts[block] = start;
    this.#lengths[block] = length;
    const last = this.#last[series] ?? NONE;
    if (last === NONE) this.#first[series] = block;
    else this.#following[last] = block;
    this.#last[series] = block;
    this.next[series] = start;
    this.end[series] = start + length;
  }

  /** The filled parts of a series' blocks in order of arrival: [start, end) in positions. */
  each(series: number, take: (start: number, end: number) => void): void {
    for (let block = this.#first[series] ?? NONE; block !== NONE; block = this.#following[block] ?? NONE) {
      const start = this.#starts[block] ?? 0;
      take(start, block === this.#last[series] ? (this.next[series] ?? start) : start + (this.#lengths[block] ?? 0));
    }
  }
}
