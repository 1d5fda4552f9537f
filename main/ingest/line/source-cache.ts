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
  /** Serial of the last line it was in. */
  seen = 0;
  next: FieldSlot | undefined = undefined;
  readonly at: number;
  readonly length: number;

  constructor(at: number, length: number) {
    this.at = at;
    this.length = length;
  }
}

/** A `measurement,tags ` prefix as it was spelled (with the space that ends it), and the one that came after it last time. */
export class Source {
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
 * came next last time, which allocates nothing; only when that guess is wrong a string is made and looked up.
 */
export class SourceCache {
  /** The spellings, one after another. Replaced when it grows. */
  bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;
  private serial = 0;
  private readonly maxEntries: number;
  private readonly sources = new Map<string, Source>();
  private readonly fields = new Map<string, FieldSlot>();

  constructor(maxEntries = MAX_ENTRIES) {
    this.maxEntries = maxEntries;
  }

  /** Serial of a new line. Forgets everything first when a bound is reached: call it between lines, and keep no entry from before. */
  nextLine(): number {
    if (this.sources.size + this.fields.size >= this.maxEntries || this.used >= MAX_BYTES || this.serial === MAX_SERIAL)
      this.clear();
    return ++this.serial;
  }

  /** Changes with each clear; entries from before must not be used any more. */
  epoch = 0;

  clear(): void {
    this.sources.clear();
    this.fields.clear();
    this.bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.used = 0;
    this.serial = 0;
    this.epoch++;
  }

  /** True when the bytes at `pos` are the entry's spelling. */
  matches(entry: Source | FieldSlot, buf: Uint8Array, pos: number): boolean {
    return sameBytes(buf, pos, this.bytes, entry.at, entry.length);
  }

  findSource(buf: Buffer, from: number, to: number): Source | undefined {
    return this.sources.get(buf.toString('latin1', from, to));
  }

  addSource(buf: Buffer, from: number, to: number): Source {
    const source = new Source(this.keep(buf, from, to), to - from);
    this.sources.set(buf.toString('latin1', from, to), source);
    return source;
  }

  findField(source: Source, buf: Buffer, from: number, to: number): FieldSlot | undefined {
    return this.fields.get(`${source.at} ${buf.toString('latin1', from, to)}`);
  }

  addField(source: Source, buf: Buffer, from: number, to: number): FieldSlot {
    const slot = new FieldSlot(this.keep(buf, from, to), to - from);
    this.fields.set(`${source.at} ${buf.toString('latin1', from, to)}`, slot);
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
    return at;
  }
}
