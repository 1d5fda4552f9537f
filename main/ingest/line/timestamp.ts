import { MAX_TIMESTAMP_US } from '../../../shared/units.ts';
import type { Precision } from '../types.ts';
import { EOL } from './bytes.ts';

/** Microseconds in one unit; nanoseconds are divided instead. */
const UNIT_US: Record<Precision, number> = { ns: 0, us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

export type TimestampFault = '' | 'malformed' | 'out-of-range';

const isDigit = (c: number): boolean => c >= 48 && c <= 57;

/** Reads one integer timestamp. One instance serves all lines: the results are fields, so that nothing is allocated. */
export class TimestampReader {
  /** After a read: the offset behind the timestamp, why it was refused, and whether nanoseconds were cut off. */
  pos = 0;
  fault: TimestampFault = '';
  floored = false;

  /** Microseconds since the epoch, rounded towards minus infinity; NaN when refused, then `fault` says why. */
  read(buf: Uint8Array, at: number, precision: Precision): number {
    this.fault = '';
    this.floored = false;
    const negative = buf[at] === 45;
    const from = negative ? at + 1 : at;
    let to = from;
    while (isDigit(buf[to] ?? EOL)) to++;
    this.pos = to;
    if (to === from) return this.refuse('malformed');
    const us =
      precision === 'ns' ? this.fromNs(buf, from, to, negative) : this.scaled(buf, from, to, negative, precision);
    return Math.abs(us) <= MAX_TIMESTAMP_US ? us : this.refuse('out-of-range');
  }

  /** The last three digits are split off, so that no step leaves the exact integers. */
  private fromNs(buf: Uint8Array, from: number, to: number, negative: boolean): number {
    const split = Math.max(from, to - 3);
    const us = digits(buf, from, split);
    const rest = digits(buf, split, to);
    this.floored = rest !== 0;
    if (!negative) return us;
    return this.floored ? -us - 1 : 0 - us;
  }

  private scaled(buf: Uint8Array, from: number, to: number, negative: boolean, precision: Precision): number {
    const us = digits(buf, from, to) * UNIT_US[precision];
    return negative ? 0 - us : us;
  }

  private refuse(fault: TimestampFault): number {
    this.fault = fault;
    return Number.NaN;
  }
}

function digits(buf: Uint8Array, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) n = n * 10 + ((buf[i] ?? 48) - 48);
  return n;
}
