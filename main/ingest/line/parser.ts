import type { SeriesIdentity } from '../../../shared/series-key.ts';
import type { BatchBuilder } from '../batch-builder.ts';
import { MAX_KEY_BYTES, MAX_LINE_BYTES } from '../limits.ts';
import { Outcome, quoteName, tooManySeries } from '../refusals.ts';
import type { IngestResult, Precision, SeriesRegistry } from '../types.ts';
import {
  BACKSLASH,
  COMMA,
  CR,
  countLines,
  EOL,
  EQUALS,
  endOfString,
  HASH,
  isEscapable,
  LF,
  QUOTE,
  SPACE,
  TAB,
} from './bytes.ts';
import { fieldFaultText, TIMESTAMP_FAULT_TEXT } from './faults.ts';
import { type Flaw, isFlaw, parseField, parseSource } from './names.ts';
import { type FieldSlot, type Source, SourceCache } from './source-cache.ts';
import { TimestampReader } from './timestamp.ts';
import { ValueReader } from './value.ts';

/** Bytes of a body after which the parser pauses, whatever they hold: some 20 ms. */
const STEP_BYTES = 1024 * 1024;

/** A reading of the current line whose series has no id yet. */
interface Pending {
  index: number;
  slot: FieldSlot;
  at: number;
}

/**
 * Parses InfluxDB line protocol into a batch, byte by byte. A line that cannot be read is refused as a whole; a field whose value
 * cannot be stored (a string, a non-finite or too large number, a series too many) is refused alone. Parsing goes on behind it.
 */
export class LineParser {
  private readonly registry: SeriesRegistry;
  private readonly out: BatchBuilder;
  private readonly cache: SourceCache;
  private readonly values = new ValueReader();
  private readonly timestamps = new TimestampReader();
  private generation: number;

  private buf: Buffer = Buffer.alloc(0);
  private pos = 0;
  private line = 0;
  /** Where the physical line starts, for columns; a string with line breaks makes it later than the start of the record. */
  private lineStart = 0;
  private recordStart = 0;
  private serial = 0;
  private roundedInLine = 0;
  private readonly pending: Pending[] = [];
  /** The source of the line before: what follows it is the first guess. */
  private previous: Source | undefined = undefined;
  private cacheEpoch = 0;
  private outcome = new Outcome();
  private precision: Precision = 'ns';
  private receivedUs = 0;

  constructor(registry: SeriesRegistry, out: BatchBuilder, cache = new SourceCache()) {
    this.registry = registry;
    this.out = out;
    this.cache = cache;
    this.generation = registry.generation;
  }

  /**
   * Adds the body's readings to the batch. Pauses when the batch is large enough for a part, and after each so many bytes: go on once it was committed
   * and reset. `receivedUs` stamps lines without a timestamp. Never throws for what a client sent.
   */
  *parse(body: Uint8Array, precision: Precision, receivedUs: number): Generator<void, IngestResult> {
    if (this.generation !== this.registry.generation) {
      this.generation = this.registry.generation;
      this.cache.clear();
    }
    this.buf = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.precision = precision;
    this.receivedUs = receivedUs;
    this.outcome = new Outcome();
    this.pos = 0;
    this.line = 1;
    let accepted = 0;
    while (this.pos < this.buf.length) {
      const before = this.out.count;
      this.lines(this.pos + STEP_BYTES);
      accepted += this.out.count - before;
      if (this.pos < this.buf.length) yield;
    }
    this.buf = Buffer.alloc(0);
    return this.outcome.result(accepted);
  }

  private lines(until: number): void {
    while (this.pos < this.buf.length && this.pos < until) {
      this.lineStart = this.pos;
      this.recordStart = this.pos;
      if (!this.content()) this.skipLine();
      this.pos++;
      this.line++;
      if (this.out.isPart) return;
    }
  }

  /** Reads one line up to its line break. False when it was refused: the rest of it is still ahead. */
  private content(): boolean {
    this.skipBlanks();
    const c = this.buf[this.pos] ?? EOL;
    if (c === LF || this.atEnd()) return true;
    if (c === HASH) {
      const end = this.buf.indexOf(LF, this.pos);
      this.pos = end < 0 ? this.buf.length : end;
      return true;
    }
    this.serial = this.cache.nextLine();
    if (this.cacheEpoch !== this.cache.epoch) {
      this.cacheEpoch = this.cache.epoch;
      this.previous = undefined;
    }
    const first = this.out.count;
    this.roundedInLine = 0;
    this.pending.length = 0;
    const source = this.source();
    if (source !== undefined && this.fields(source) && this.stamp(source, first)) return true;
    this.out.count = first;
    return false;
  }

  private source(): Source | undefined {
    const { buf, cache, pos, previous } = this;
    let source = previous?.next;
    if (source === undefined || !cache.matches(source, buf, pos)) {
      source = previous !== undefined && cache.matches(previous, buf, pos) ? previous : this.unexpectedSource();
      if (source === undefined) return undefined;
      if (previous !== undefined) previous.next = source;
    }
    this.previous = source;
    this.pos = pos + source.length;
    if (buf[this.pos] === SPACE || buf[this.pos] === TAB) this.skipBlanks();
    return source;
  }

  private unexpectedSource(): Source | undefined {
    const { buf, pos, cache } = this;
    const end = this.endOfName(pos, false);
    if (buf[end] !== SPACE) {
      this.pos = end;
      this.refuse(end, 'there are no fields: expected a space and field=value');
      return undefined;
    }
    const known = cache.findSource(buf, pos, end + 1);
    if (known !== undefined) return known;
    const identity = parseSource(buf, pos, end);
    if (!isFlaw(identity)) return cache.addSource(buf, pos, end + 1);
    this.pos = end;
    this.flaw(identity);
    return undefined;
  }

  private fields(source: Source): boolean {
    const { buf, cache, values, out } = this;
    let before: FieldSlot | undefined;
    for (;;) {
      const at = this.pos;
      let slot = before === undefined ? source.first : before.next;
      if (slot === undefined || !cache.matches(slot, buf, at)) {
        slot = this.unexpectedField(source);
        if (slot === undefined) return false;
        if (before === undefined) source.first = slot;
        else before.next = slot;
      }
      if (slot.seen === this.serial) return this.refuse(at, 'a field is given twice');
      slot.seen = this.serial;
      const taken = values.read(buf, at + slot.length);
      this.pos = values.pos;
      if (!taken) {
        if (!this.badField(slot, at)) return false;
      } else {
        if (slot.id < 0) this.pending.push({ index: out.count, slot, at });
        if (values.rounded) this.roundedInLine++;
        out.push(slot.id, 0, values.value[0] ?? 0);
      }
      if (buf[this.pos] !== COMMA) return true;
      this.pos++;
      before = slot;
    }
  }

  private unexpectedField(source: Source): FieldSlot | undefined {
    const { buf, pos, cache } = this;
    const end = this.endOfName(pos, true);
    if (buf[end] !== EQUALS) {
      this.pos = end;
      const what = end === pos ? 'a field is missing' : 'a field name is not followed by =';
      this.refuse(pos, `${what}: expected field=value`);
      return undefined;
    }
    const known = cache.findField(source, buf, pos, end + 1);
    if (known !== undefined) return known;
    const name = parseField(buf, pos, end);
    if (!isFlaw(name) && source.length + end - pos <= MAX_KEY_BYTES) return cache.addField(source, buf, pos, end + 1);
    this.pos = end;
    this.flaw(
      isFlaw(name)
        ? name
        : { at: pos, message: `measurement, tags and field together are longer than ${MAX_KEY_BYTES} bytes` },
    );
    return undefined;
  }

  /** Where the source (up to a space) or the field name (up to `=`) that starts at `from` ends. */
  private endOfName(from: number, field: boolean): number {
    const { buf } = this;
    let i = from;
    for (let c = buf[i] ?? EOL; c !== LF && c !== SPACE; c = buf[++i] ?? EOL) {
      if (field && (c === EQUALS || c === COMMA)) break;
      if (c === BACKSLASH && isEscapable(buf[i + 1])) i++;
    }
    return Math.min(i, buf.length);
  }

  /** Refuses the value just read; false when that leaves the rest of the line unreadable. */
  private badField(slot: FieldSlot, at: number): boolean {
    const { buf, values } = this;
    const { fault } = values;
    const valueAt = at + slot.length;
    this.refuse(valueAt, () => fieldFaultText(fault, quoteName(buf.toString('utf8', at, valueAt - 1))));
    if (fault === 'string') this.stepOverString(valueAt, this.pos);
    return fault !== 'malformed' && fault !== 'open-string';
  }

  /** Reads the timestamp and the end of the line, and stamps the readings from `first` on. */
  private stamp(source: Source, first: number): boolean {
    const { buf, timestamps, out } = this;
    const valueEnd = this.pos;
    this.skipBlanks();
    let t = this.receivedUs;
    let floored = false;
    if (!this.atEnd()) {
      if (this.pos === valueEnd) return this.refuse(valueEnd, 'unexpected text after the field value');
      const at = this.pos;
      t = timestamps.read(buf, at, this.precision);
      this.pos = timestamps.pos;
      if (timestamps.fault !== '') return this.refuse(at, TIMESTAMP_FAULT_TEXT[timestamps.fault]);
      floored = timestamps.floored;
      this.skipBlanks();
      if (!this.atEnd()) return this.refuse(this.pos, 'unexpected text after the timestamp');
    }
    if (this.pos - this.recordStart > MAX_LINE_BYTES) {
      return this.refuse(this.lineStart, `the line is longer than ${MAX_LINE_BYTES} bytes`);
    }
    for (let i = first; i < out.count; i++) out.t[i] = t;
    if (this.pending.length > 0) this.register(source, first);
    if (floored) this.outcome.floored += out.count - first;
    this.outcome.rounded += this.roundedInLine;
    return true;
  }

  /** Gives the new series of the line their ids, and takes readings of series that are too many out of the batch again. */
  private register(source: Source, first: number): void {
    const { cache, out } = this;
    const { measurement, tags } = cache.identityOf(source);
    let refused = false;
    out.lookups += this.pending.length;
    for (const { index, slot, at } of this.pending) {
      const identity: SeriesIdentity = { measurement, field: cache.fieldName(slot), tags };
      const id = this.registry.resolve(identity);
      if (id === undefined) {
        this.refuse(at, () => tooManySeries(identity));
        refused = true;
      } else {
        slot.id = id;
        out.series[index] = id;
      }
    }
    if (refused) out.dropVoid(first);
  }

  private skipBlanks(): void {
    const { buf } = this;
    let i = this.pos;
    while (buf[i] === SPACE || buf[i] === TAB) i++;
    this.pos = i;
  }

  /** True at the end of a line; the CR of a CRLF is skipped. */
  private atEnd(): boolean {
    const { buf } = this;
    const c = buf[this.pos] ?? EOL;
    if (c !== CR) return c === LF;
    if ((buf[this.pos + 1] ?? EOL) !== LF) return false;
    this.pos++;
    return true;
  }

  /** Goes on to the end of a refused line. Closed strings are stepped over whole: a line break inside one ends no line. */
  private skipLine(): void {
    const { buf } = this;
    let i = this.pos;
    for (let c = buf[i] ?? EOL; c !== LF; c = buf[i] ?? EOL) {
      const end = c === EQUALS && buf[i + 1] === QUOTE ? endOfString(buf, i + 1, MAX_LINE_BYTES) : -1;
      if (end > 0) this.stepOverString(i + 1, end);
      i = end > 0 ? end : i + 1;
    }
    this.pos = i;
  }

  /** Keeps line and column right behind a string that may hold line breaks. */
  private stepOverString(from: number, to: number): void {
    const breaks = countLines(this.buf, from, to);
    if (breaks === 0) return;
    this.line += breaks;
    this.lineStart = this.buf.lastIndexOf(LF, to - 1) + 1;
  }

  private flaw({ at, message }: Flaw): void {
    this.refuse(at, message);
  }

  private refuse(at: number, message: string | (() => string)): false {
    this.outcome.refuse(this.line, at - this.lineStart + 1, message);
    return false;
  }
}
