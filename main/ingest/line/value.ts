import { MAX_LINE_BYTES } from '../limits.ts';
import { EOL, endOfString, QUOTE, sameBytes } from './bytes.ts';
import { LongDecimal, MOST_EXACT_POWER, scaled } from './decimal.ts';

/** Integers below it are exact as float64, and so is every sum that stays below it. */
const EXACT_INTEGERS = 2 ** 53;
/** Exponents of more digits say nothing but "zero" or "too large". */
const MOST_EXPONENT = 10_000;

const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

const TRUE = ['t', 'T', 'true', 'True', 'TRUE'].map((word) => Buffer.from(word));
const FALSE = ['f', 'F', 'false', 'False', 'FALSE'].map((word) => Buffer.from(word));
const NON_FINITE = /^[-+]?(nan|inf|infinity)$/i;
const LONGEST_WORD = 9;

/** Why a field's value was not taken. `malformed` and `open-string` make the whole line unreadable, the others only this field. */
export type ValueFault = '' | 'string' | 'non-finite' | 'overflow' | 'integer-range' | 'malformed' | 'open-string';

const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isWord = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);

/**
 * Reads one field value out of a line. One instance serves all lines: the results are fields, and the value is an element of a typed array, so that nothing
 * is allocated for a reading. What is left over for that (a string of its digits is made): decimals of more than 30 digits or of an exponent beyond 100, the
 * rare ones that lie as good as halfway between two doubles, integers beyond 2^53, and what is refused.
 */
export class ValueReader {
  /** After a read: the offset behind the value, why it was refused, and whether an integer lost precision. */
  pos = 0;
  fault: ValueFault = '';
  rounded = false;
  /** The value in its only element; NaN when refused, then `fault` says why. */
  readonly value = new Float64Array(1);
  private mantissa = 0;
  private readonly long = new LongDecimal();

  /** Reads the value at `at`. False when it is refused. */
  read(buf: Buffer, at: number): boolean {
    this.fault = '';
    this.rounded = false;
    const c = buf[at] ?? EOL;
    if (isDigit(c) || c === 45 || c === 46 || c === 43) return this.number(buf, at, c);
    return c === QUOTE ? this.string(buf, at) : this.word(buf, at, at);
  }

  /**
   * A number is read exactly as IEEE 754 asks: when its digits make an integer below 2^53 and its power of ten is at most
   * 10^22, both are exact and one rounded division or multiplication gives the nearest double (W. D. Clinger, "How to read
   * floating point numbers accurately", 1990); longer ones see LongDecimal, and the rest goes through Number().
   */
  private number(buf: Buffer, at: number, first: number): boolean {
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
    this.pos = p;
    if (suffix === 105 || suffix === 117) {
      const dotted = p - integerAt !== digits;
      return dotted ? this.refuse('malformed') : this.integer(buf, at, p, first === 45, suffix === 117);
    }
    const exponent = suffix === 101 || suffix === 69 ? this.exponent(buf, p) : 0;
    if (this.fault !== '') return false;
    const e = exponent - scale;
    if (this.mantissa < EXACT_INTEGERS && Math.abs(e) <= MOST_EXACT_POWER) this.value[0] = scaled(this.mantissa, e);
    else if (this.mantissa > 0 && this.long.read(buf, integerAt, p, exponent)) this.value[0] = this.long.value[0] ?? 0;
    else return this.slow(buf, at);
    if (first === 45) this.value[0] = -(this.value[0] ?? 0);
    return true;
  }

  /** Adds digits to the mantissa; it is exact while it stays below 2^53 and never falls below it again once it is beyond. */
  private digits(buf: Buffer, at: number): number {
    let p = at;
    let m = this.mantissa;
    for (let c = buf[p] ?? EOL; isDigit(c); c = buf[++p] ?? EOL) m = m * 10 + (c - 48);
    this.mantissa = m;
    return p;
  }

  /** The exponent whose `e` is at `at`, as far as it makes a difference. */
  private exponent(buf: Buffer, at: number): number {
    const sign = buf[at + 1];
    const from = sign === 45 || sign === 43 ? at + 2 : at + 1;
    let p = from;
    let e = 0;
    for (let c = buf[p] ?? EOL; isDigit(c); c = buf[++p] ?? EOL) e = Math.min(MOST_EXPONENT, e * 10 + (c - 48));
    this.pos = p;
    if (p === from) this.refuse('malformed');
    return sign === 45 ? -e : e;
  }

  private slow(buf: Buffer, from: number): boolean {
    const value = Number(buf.toString('latin1', from, this.pos));
    this.value[0] = value;
    return Number.isFinite(value) || this.refuse('overflow');
  }

  private integer(buf: Buffer, from: number, to: number, negative: boolean, unsigned: boolean): boolean {
    this.pos = to + 1;
    if (unsigned && negative) return this.refuse('integer-range');
    const { mantissa } = this;
    if (mantissa < EXACT_INTEGERS) {
      this.value[0] = negative ? 0 - mantissa : mantissa;
      return true;
    }
    const text = buf.toString('latin1', buf[from] === 43 ? from + 1 : from, to);
    // Longer than any 64-bit integer, leading zeros aside: not worth turning into a BigInt.
    if (text.length > 64) return this.refuse('integer-range');
    const exact = BigInt(text);
    const fits = unsigned ? exact <= UINT64_MAX : exact <= INT64_MAX && exact >= -INT64_MAX - 1n;
    if (!fits) return this.refuse('integer-range');
    const value = Number(exact);
    this.rounded = BigInt(value) !== exact;
    this.value[0] = value;
    return true;
  }

  private string(buf: Buffer, at: number): boolean {
    const end = endOfString(buf, at, MAX_LINE_BYTES);
    this.pos = end < 0 ? at + 1 : end;
    return this.refuse(end < 0 ? 'open-string' : 'string');
  }

  /** A boolean, or the text of a non-finite number, whose sign is before `letters`. */
  private word(buf: Buffer, at: number, letters: number): boolean {
    let p = letters;
    while (p - letters <= LONGEST_WORD && isWord(buf[p] ?? EOL)) p++;
    this.pos = p;
    if (isOneOf(TRUE, buf, at, p)) this.value[0] = 1;
    else if (isOneOf(FALSE, buf, at, p)) this.value[0] = 0;
    else return this.refuse(NON_FINITE.test(buf.toString('latin1', at, p)) ? 'non-finite' : 'malformed');
    return true;
  }

  private refuse(fault: ValueFault): false {
    this.fault = fault;
    this.value[0] = Number.NaN;
    return false;
  }
}

/** Whether the bytes of [from, to) are one of the words. */
function isOneOf(words: readonly Uint8Array[], buf: Uint8Array, from: number, to: number): boolean {
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word?.length === to - from && sameBytes(buf, from, word, 0, word.length)) return true;
  }
  return false;
}
