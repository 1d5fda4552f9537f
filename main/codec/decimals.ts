import { patch, type Scaled, scale } from './scaled.ts';

/** Exact powers of ten: the division n / 10^e rounds once, and so gives the nearest double. */
export const MAX_EXPONENT = 10;
/** Up to this share of the values may need a patch (each costs about two bytes, or ten). */
const PATCH_SHARE = 8;

const POWERS = Float64Array.from({ length: MAX_EXPONENT + 1 }, (_, e) => 10 ** e);

export function powerOfTen(exponent: number): number {
  return POWERS[exponent] ?? 1;
}

/** The values over 10^e with the fewest digits that fit nearly all of them, each |n| < `limit`; undefined when they are no decimals. */
export function toDecimals(v: Float64Array, limit: number): Scaled | undefined {
  const allowed = Math.floor(v.length / PATCH_SHARE);
  const n = new Float64Array(v.length);
  let exponent = 0;
  for (;;) {
    const power = powerOfTen(exponent);
    const misses = scale(v, n, power, limit, allowed);
    if (misses !== undefined) return { exponent, n, patches: patch(v, n, power, limit, misses) };
    exponent = nextExponent(v, exponent, allowed);
    if (exponent > MAX_EXPONENT) return undefined;
  }
}

/** The next exponent that has a chance, judged by a few values. */
function nextExponent(v: Float64Array, after: number, allowed: number): number {
  const step = Math.max(1, Math.floor(v.length / 64));
  const few = Math.ceil((allowed * 2) / step) + 1;
  for (let exponent = after + 1; exponent <= MAX_EXPONENT; exponent++) {
    const p = powerOfTen(exponent);
    let misses = 0;
    for (let i = 0; i < v.length; i += step) {
      const x = v[i] as number;
      if (Math.round(x * p) / p !== x) misses++;
    }
    if (misses <= few) return exponent;
  }
  return MAX_EXPONENT + 1;
}
