import type { Refusal } from '../types.ts';

/** Bytes of one body at most: far below what the gateway takes, small enough for a progress bar that moves. */
export const MAX_IMPORT_BODY_BYTES = 4_000_000;

/** A piece of a file as line protocol, ready to be posted. */
export interface ImportBody {
  precision: 'ns' | 'us';
  body: Uint8Array<ArrayBuffer>;
  readings: number;
  /** Missing cells, which are no readings. */
  skipped: number;
  /** Of a line-protocol file: what the gateway will refuse, in lines of the file, the first of them listed. Else none. */
  refusals: Refusal[];
  refused: number;
}

/** Collects lines of line protocol with microsecond timestamps into bodies. */
export class BodyWriter {
  private bytes = Buffer.allocUnsafeSlow(MAX_IMPORT_BODY_BYTES);
  private used = 0;
  private readings = 0;
  private skipped = 0;

  /** True when the line does not fit any more: take the body first. */
  isFull(line: string): boolean {
    return this.used + line.length * 3 > MAX_IMPORT_BODY_BYTES;
  }

  add(line: string, readings: number): void {
    this.used += this.bytes.write(line, this.used, 'utf8');
    this.readings += readings;
  }

  skip(cells: number): void {
    this.skipped += cells;
  }

  /** What was collected since the last take; undefined when nothing was. */
  take(): ImportBody | undefined {
    if (this.readings === 0 && this.skipped === 0) return undefined;
    const { readings, skipped } = this;
    const body = new Uint8Array(this.bytes.subarray(0, this.used));
    this.used = 0;
    this.readings = 0;
    this.skipped = 0;
    return { precision: 'us', body, readings, skipped, refusals: [], refused: 0 };
  }
}

/** A measurement as line protocol spells it; undefined when it has no spelling: a backslash at the end, a leading #, line breaks. */
export const escapeMeasurement = (name: string): string | undefined =>
  hasSpelling(name) && !name.startsWith('#') ? name.replace(/[, ]/g, '\\$&') : undefined;

/** A tag value as line protocol spells it, or undefined. */
export const escapeTagValue = (value: string): string | undefined =>
  hasSpelling(value) ? value.replace(/[,= ]/g, '\\$&') : undefined;

const hasSpelling = (name: string): boolean => name !== '' && !name.endsWith('\\') && !/\p{Cc}/u.test(name);
