import { damagedFrame } from './errors.ts';

const NEGATIVE = 0x80;
/** Powers of ten that are exact as doubles and can divide a safe integer. */
const MAX_TRIM = 15;
const HIGH_LIMIT = 2 ** 53;

/** Appends to a growing array of bytes. */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  u8(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  /** Unsigned LEB128 of an integer from 0 to 2^53. */
  varint(n: number): void {
    this.#reserve(8);
    let rest = n;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Any integer from -2^53 to 2^53; short when it ends in decimal zeros, as whole seconds in microseconds do. */
  integer(n: number): void {
    let magnitude = Math.abs(n);
    let zeros = 0;
    while (magnitude !== 0 && magnitude % 10 === 0 && zeros < MAX_TRIM) {
      magnitude /= 10;
      zeros++;
    }
    this.u8(n < 0 ? zeros | NEGATIVE : zeros);
    this.varint(magnitude);
  }

  bytes(more: Uint8Array): void {
    this.#reserve(more.length);
    this.#bytes.set(more, this.#length);
    this.#length += more.length;
  }

  /** The bytes so far (a view: write no more afterwards). */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads what a ByteWriter wrote. Everything it is asked for is bounded by the bytes there are: throws 'damaged-frame'. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u8(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw damagedFrame('it ends early');
    this.#at++;
    return byte;
  }

  varint(): number {
    let n = 0;
    for (let unit = 1; unit < HIGH_LIMIT; unit *= 0x80) {
      const byte = this.u8();
      n += (byte & 0x7f) * unit;
      if (byte < 0x80) {
        if (n > HIGH_LIMIT) break;
        return n;
      }
    }
    throw damagedFrame('an integer is beyond 2^53');
  }

  integer(): number {
    const head = this.u8();
    const zeros = head & ~NEGATIVE;
    if (zeros > MAX_TRIM) throw damagedFrame('an integer is beyond 2^53');
    const n = this.varint() * 10 ** zeros;
    if (n > HIGH_LIMIT) throw damagedFrame('an integer is beyond 2^53');
    return head & NEGATIVE ? -n : n;
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw damagedFrame('it ends early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Everything must have been read. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw damagedFrame('it has bytes left over');
  }
}
