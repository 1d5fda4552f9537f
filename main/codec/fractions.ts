import { patch, type Scaled, scale } from './scaled.ts';
import { wordsOf } from './words.ts';

/** Multiples of 2^-255 and more: single precision ends at 2^-149. */
export const MAX_SHIFT = 255;
/** Up to this share of the values may need a patch, nearly always of ten bytes. */
const PATCH_SHARE = 64;
/** Values looked at before all are: of doubles that fill their 53 bits, no sixteenth ends in four zeros. */
const SOME = 64;
const ZERO_BITS = 4;
const ENOUGH = 3 / 4;

/**
 * The values over 2^e with the least e that fits nearly all of them, each |n| < `limit`: what single precision and converters with a power of two of steps
 * give. Undefined when they are no such fractions.
 */
export function toFractions(v: Float64Array, limit: number): Scaled | undefined {
  if (!areRound(v)) return undefined;
  const allowed = Math.floor(v.length / PATCH_SHARE);
  const exponent = leastShift(v, allowed);
  if (exponent === undefined) return undefined;
  const n = new Float64Array(v.length);
  const divisor = 2 ** exponent;
  const misses = scale(v, n, divisor, limit, allowed);
  return misses && { exponent, n, patches: patch(v, n, divisor, limit, misses) };
}

function areRound(v: Float64Array): boolean {
  const words = wordsOf(v);
  const step = Math.max(1, Math.floor(v.length / SOME));
  let [seen, round] = [0, 0];
  for (let i = 0; i < v.length; i += step, seen++) {
    if (((words[2 * i] as number) & ((1 << ZERO_BITS) - 1)) === 0) round++;
  }
  return round >= ENOUGH * seen;
}

/** The least e with which all but `allowed` values are multiples of 2^-e; undefined when it is beyond 255. */
function leastShift(v: Float64Array, allowed: number): number | undefined {
  const words = wordsOf(v);
  const needing = new Uint32Array(MAX_SHIFT + 2);
  for (let i = 0; i < v.length; i++) {
    const shift = Math.min(shiftOf(words[2 * i + 1] as number, words[2 * i] as number), MAX_SHIFT + 1);
    needing[shift] = (needing[shift] as number) + 1;
  }
  let above = 0;
  for (let shift = MAX_SHIFT + 1; shift > 0; shift--) {
    above += needing[shift] as number;
    if (above > allowed) return shift > MAX_SHIFT ? undefined : shift;
  }
  return 0;
}

/** Bits behind the point of a double of these two words; many for a NaN, an infinity or a denormal. */
function shiftOf(high: number, low: number): number {
  const exponent = (high >>> 20) & 0x7ff;
  if (exponent === 0 && low === 0 && (high & 0xfffff) === 0) return 0;
  if (exponent === 0 || exponent === 0x7ff) return MAX_SHIFT + 1;
  const zeros = low !== 0 ? trailingZeros(low) : 32 + trailingZeros((high & 0xfffff) | 0x100000);
  return Math.max(0, 52 - zeros - (exponent - 1023));
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
