import { MAX_LINE_BYTES } from '../limits.ts';
import { EOL, endOfString, QUOTE } from './bytes.ts';

/** Powers of ten that are exact as float64. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Integers below it are exact as float64, and so is every sum that stays below it. */
const EXACT_INTEGERS = 2 ** 53;

const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

const TRUE = new Set(['t', 'T', 'true', 'True', 'TRUE']);
const FALSE = new Set(['f', 'F', 'false', 'False', 'FALSE']);
const NON_FINITE = /^[-+]?(nan|inf|infinity)$/i;
const LONGEST_WORD = 9;

/** Why a field's value was not taken. `malformed` and `open-string` make the whole line unreadable, the others only this field. */
export type ValueFault = '' | 'string' | 'non-finite' | 'overflow' | 'integer-range' | 'malformed' | 'open-string';

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isWord = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);

/** Reads one field value out of a line. One instance serves all lines: the results are fields, so that nothing is allocated. */
export class ValueReader {
  /** After a read: the offset behind the value, why it was refused, and whether an integer lost precision. */
  pos = 0;
  fault: ValueFault = '';
  rounded = false;
  private mantissa = 0;

  /** The value at `at`; NaN when refused, then `fault` says why. */
  read(buf: Buffer, at: number): number {
    this.fault = '';
    this.rounded = false;
    const c = buf[at] ?? EOL;
    if (isDigit(c) || c === 45 || c === 46 || c === 43) return this.number(buf, at, c);
    if (c === QUOTE) return this.string(buf, at);
    return this.word(buf, at, at);
  }

  /**
   * A number is read exactly as IEEE 754 asks: when its digits make an integer below 2^53 and its power of ten is at most
   * 10^22, both are exact and one rounded division or multiplication gives the nearest double (W. D. Clinger, "How to read
   * floating point numbers accurately", 1990); everything else goes through Number().
   */
  private number(buf: Buffer, at: number, first: number): number {
    let p = first === 45 || first === 43 ? at + 1 : at;
    const integerAt = p;
    this.mantissa = 0;
    p = this.digits(buf, p);
    let digits = p - integerAt;
    let scale = 0;
    if (buf[p] === 46) {
      const dot = p;
      p = this.digits(buf, p + 1);
      scale = p - dot - 1;
      digits += scale;
    }
    if (digits === 0) return this.word(buf, at, integerAt);
    const suffix = buf[p] ?? EOL;
    if (suffix === 101 || suffix === 69) return this.exponent(buf, at, p);
    this.pos = p;
    if (suffix === 105 || suffix === 117) {
      const dotted = p - integerAt !== digits;
      return dotted ? this.refuse('malformed') : this.integer(buf, at, p, first === 45, suffix === 117);
    }
    const { mantissa } = this;
    if (mantissa >= EXACT_INTEGERS || scale >= EXACT_POWERS.length) return this.slow(buf, at, p);
    const value = scale === 0 ? mantissa : mantissa / (EXACT_POWERS[scale] ?? 1);
    return first === 45 ? -value : value;
  }

  /** Adds digits to the mantissa; it is exact while it stays below 2^53 and never falls below it again once it is beyond. */
  private digits(buf: Buffer, at: number): number {
    let p = at;
    let m = this.mantissa;
    for (let c = buf[p] ?? EOL; isDigit(c); c = buf[++p] ?? EOL) m = m * 10 + (c - 48);
    this.mantissa = m;
    return p;
  }

  private exponent(buf: Buffer, at: number, e: number): number {
    let p = e + 1;
    if (buf[p] === 45 || buf[p] === 43) p++;
    const from = p;
    while (isDigit(buf[p] ?? EOL)) p++;
    this.pos = p;
    return p === from ? this.refuse('malformed') : this.slow(buf, at, p);
  }

  private slow(buf: Buffer, from: number, to: number): number {
    const value = Number(buf.toString('latin1', from, to));
    return Number.isFinite(value) ? value : this.refuse('overflow');
  }

  private integer(buf: Buffer, from: number, to: number, negative: boolean, unsigned: boolean): number {
    this.pos = to + 1;
    if (unsigned && negative) return this.refuse('integer-range');
    const { mantissa } = this;
    if (mantissa < EXACT_INTEGERS) return negative ? 0 - mantissa : mantissa;
    const text = buf.toString('latin1', buf[from] === 43 ? from + 1 : from, to);
    // Longer than any 64-bit integer, leading zeros aside: not worth turning into a BigInt.
    if (text.length > 64) return this.refuse('integer-range');
    const exact = BigInt(text);
    const fits = unsigned ? exact <= UINT64_MAX : exact <= INT64_MAX && exact >= -INT64_MAX - 1n;
    if (!fits) return this.refuse('integer-range');
    const value = Number(exact);
    this.rounded = BigInt(value) !== exact;
    return value;
  }

  private string(buf: Buffer, at: number): number {
    const end = endOfString(buf, at, MAX_LINE_BYTES);
    this.pos = end < 0 ? at + 1 : end;
    return this.refuse(end < 0 ? 'open-string' : 'string');
  }

  /** A boolean, or the text of a non-finite number, whose sign is before `letters`. */
  private word(buf: Buffer, at: number, letters: number): number {
    let p = letters;
    while (p - letters <= LONGEST_WORD && isWord(buf[p] ?? EOL)) p++;
    this.pos = p;
    const text = buf.toString('latin1', at, p);
    if (TRUE.has(text)) return 1;
    if (FALSE.has(text)) return 0;
    return this.refuse(NON_FINITE.test(text) ? 'non-finite' : 'malformed');
  }

  private refuse(fault: ValueFault): number {
    this.fault = fault;
    return Number.NaN;
  }
}
