/** Share of the room for entries that were used again. */
const KEPT_SHARE = 0.8;
/** Names of entries that went are remembered up to this share of the room, as if they still took it: whatever fits is learned the second time. */
const GONE_SHARE = 1;

/** Names and sizes, least recently added first. */
class Segment {
  bytes = 0;
  readonly #sizes = new Map<string, number>();

  get count(): number {
    return this.#sizes.size;
  }

  sizeOf(name: string): number | undefined {
    return this.#sizes.get(name);
  }

  add(name: string, size: number): void {
    this.#sizes.set(name, size);
    this.bytes += size;
  }

  remove(name: string): boolean {
    this.bytes -= this.#sizes.get(name) ?? 0;
    return this.#sizes.delete(name);
  }

  /** Takes out the oldest until no more than `limit` bytes are left. */
  shrink(limit: number): [name: string, size: number][] {
    const out: [string, number][] = [];
    for (const entry of this.#sizes) {
      if (this.bytes <= limit) break;
      this.remove(entry[0]);
      out.push(entry);
    }
    return out;
  }
}

/**
 * Which entry goes when room is short, after 2Q (Johnson and Shasha, 1994), bounded in bytes. An entry is new until it is used again, and then kept;
 * one that comes back soon after it went counts as used again, too. New ones go first, so that a scan, which uses each entry once, flushes nothing but
 * new entries. Kept ones may take up 80 % of the room; beyond that the least recently used of them is new once more.
 */
export class SegmentedLru {
  #limit: number;
  readonly #fresh = new Segment();
  readonly #kept = new Segment();
  /** Not held any more. */
  readonly #gone = new Segment();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#fresh.bytes + this.#kept.bytes;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Changes the room; returns the names of those that go for it, new ones first. */
  limitTo(limit: number): string[] {
    this.#limit = limit;
    const out = this.#fresh.shrink(Math.max(0, limit - this.#kept.bytes));
    out.push(...this.#kept.shrink(limit));
    return this.#remember(out);
  }

  #remember(out: readonly [name: string, size: number][]): string[] {
    for (const [each, its] of out) this.#gone.add(each, its);
    this.#gone.shrink(this.#limit * GONE_SHARE);
    return out.map(([each]) => each);
  }

  get size(): number {
    return this.#fresh.count + this.#kept.count;
  }

  has(name: string): boolean {
    return this.#fresh.sizeOf(name) !== undefined || this.#kept.sizeOf(name) !== undefined;
  }

  /** Adds an entry; returns the names of those that go for it. An entry larger than the room goes itself. */
  add(name: string, size: number): string[] {
    if (this.has(name)) return [];
    if (this.#gone.remove(name)) this.#keep(name, size);
    else this.#fresh.add(name, size);
    return this.#remember(this.#fresh.shrink(this.#limit - this.#kept.bytes));
  }

  /** The entry was used again. */
  use(name: string): void {
    const size = this.#fresh.sizeOf(name) ?? this.#kept.sizeOf(name);
    if (size === undefined) return;
    this.remove(name);
    this.#keep(name, size);
  }

  #keep(name: string, size: number): void {
    this.#kept.add(name, size);
    for (const [each, its] of this.#kept.shrink(this.#limit * KEPT_SHARE)) this.#fresh.add(each, its);
  }

  remove(name: string): void {
    this.#fresh.remove(name);
    this.#kept.remove(name);
  }
}
