import { randomInt } from 'node:crypto';
import { sameBytes } from './bytes.ts';
import { isFlaw, parseField, parseSource, type SourceIdentity } from './names.ts';

/** A series whose id is not known yet. */
export const UNRESOLVED = -1;

const FIRST_BYTES = 64 * 1024;
/** Spellings, not series: one series may be spelled in many ways (tag order), so the bound is the cache's own. About 100 MB at most. */
const MAX_ENTRIES = 500_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Line serials stay small integers (31 bits are cheap for the engine). */
const MAX_SERIAL = 2 ** 30;

/** A field of a source as it was spelled, `name=`, and the field that came after it last time. */
export class FieldSlot {
  id = UNRESOLVED;
  /** Another one of the same hash. */
  twin: FieldSlot | undefined = undefined;
  readonly source: Source;
  /** Serial of the last line it was in. */
  seen = 0;
  next: FieldSlot | undefined = undefined;
  readonly at: number;
  readonly length: number;

  constructor(source: Source, at: number, length: number) {
    this.source = source;
    this.at = at;
    this.length = length;
  }
}

/** A `measurement,tags ` prefix as it was spelled (with the space that ends it), and the one that came after it last time. */
export class Source {
  /** Another one of the same hash. */
  twin: Source | undefined = undefined;
  next: Source | undefined = undefined;
  first: FieldSlot | undefined = undefined;
  readonly at: number;
  readonly length: number;

  constructor(at: number, length: number) {
    this.at = at;
    this.length = length;
  }
}

/**
 * Knows the spellings of sources and fields seen before. Hubs repeat themselves, so the parser first compares the bytes with what
 * came next last time, and looks the bytes up by their hash when that guess is wrong: neither allocates anything.
 */
export class SourceCache {
  /** The spellings, one after another. Replaced when it grows. */
  bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;
  private serial = 0;
  private readonly maxEntries: number;
  /** By hash, the newest of each; the others are its twins. */
  private readonly sources = new Map<number, Source>();
  private readonly fields = new Map<number, FieldSlot>();
  private entries = 0;
  /** Nobody outside can tell which names have the same hash. */
  private readonly seed = randomInt(2 ** 31);

  constructor(maxEntries = MAX_ENTRIES) {
    this.maxEntries = maxEntries;
  }

  /** Serial of a new line. Forgets everything first when a bound is reached: call it between lines, and keep no entry from before. */
  nextLine(): number {
    if (this.entries >= this.maxEntries || this.used >= MAX_BYTES || this.serial === MAX_SERIAL) this.clear();
    return ++this.serial;
  }

  /** Changes with each clear; entries from before must not be used any more. */
  epoch = 0;

  clear(): void {
    this.sources.clear();
    this.fields.clear();
    this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.entries = 0;
    this.used = 0;
    this.serial = 0;
    this.epoch++;
  }

  /** True when the bytes at `pos` are the entry's spelling. */
  matches(entry: Source | FieldSlot, buf: Uint8Array, pos: number): boolean {
    return sameBytes(buf, pos, this.bytes, entry.at, entry.length);
  }

  findSource(buf: Buffer, from: number, to: number): Source | undefined {
    let source = this.sources.get(hashOf(buf, from, to, this.seed));
    while (source !== undefined && !(source.length === to - from && this.matches(source, buf, from)))
      source = source.twin;
    return source;
  }

  addSource(buf: Buffer, from: number, to: number): Source {
    const source = new Source(this.keep(buf, from, to), to - from);
    const hash = hashOf(buf, from, to, this.seed);
    source.twin = this.sources.get(hash);
    this.sources.set(hash, source);
    return source;
  }

  findField(source: Source, buf: Buffer, from: number, to: number): FieldSlot | undefined {
    let slot = this.fields.get(hashOf(buf, from, to, this.seed ^ source.at));
    while (
      slot !== undefined &&
      !(slot.source === source && slot.length === to - from && this.matches(slot, buf, from))
    )
      slot = slot.twin;
    return slot;
  }

  addField(source: Source, buf: Buffer, from: number, to: number): FieldSlot {
    const slot = new FieldSlot(source, this.keep(buf, from, to), to - from);
    const hash = hashOf(buf, from, to, this.seed ^ source.at);
    slot.twin = this.fields.get(hash);
    this.fields.set(hash, slot);
    return slot;
  }

  /** What the spelling of a source says. */
  identityOf(source: Source): SourceIdentity {
    const identity = parseSource(this.bytes, source.at, source.at + source.length - 1);
    if (isFlaw(identity)) throw new Error(`a source that was parsed before is refused now: ${identity.message}`);
    return identity;
  }

  fieldName(slot: FieldSlot): string {
    const name = parseField(this.bytes, slot.at, slot.at + slot.length - 1);
    if (isFlaw(name)) throw new Error(`a field name that was parsed before is refused now: ${name.message}`);
    return name;
  }

  private keep(buf: Buffer, from: number, to: number): number {
    const at = this.used;
    if (at + to - from > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, at + to - from));
      this.bytes.copy(larger, 0, 0, at);
      this.bytes = larger;
    }
    buf.copy(this.bytes, at, from, to);
    this.used = at + to - from;
    this.entries++;
    return at;
  }
}

/** FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo) of [from, to), 30 bits: the engine keeps them without an object. */
function hashOf(buf: Uint8Array, from: number, to: number, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (buf[i] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) & 0x3fff_ffff;
}
