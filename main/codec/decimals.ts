/**
 * Decimal-scaled integers: a value v that was printed with e decimals is the double nearest to n / 10^e, so that n = round(v * 10^e)
 * gives v back to the bit; each value is checked. Some values miss by a few units in the last place (they were computed, not
 * printed), some are no decimals at all: those few are patched.
 */

/** Exact powers of ten: the division n / 10^e rounds once, and so gives the nearest double. */
export const MAX_EXPONENT = 10;
/** Up to this share of the values may need a patch (each costs about two bytes, or ten). */
const PATCH_SHARE = 8;
/** Further away, the difference is not worth more than the plain bits. */
export const MAX_ULPS = 64;

const POWERS = Float64Array.from({ length: MAX_EXPONENT + 1 }, (_, e) => 10 ** e);

/** One value that n / 10^e does not give: `ulps` to add to its bits, or its bits whole. */
export interface Patch {
  index: number;
  ulps: number | undefined;
}

export interface Decimals {
  exponent: number;
  n: Float64Array;
  /** Ascending by index. */
  patches: Patch[];
}

export function powerOfTen(exponent: number): number {
  return POWERS[exponent] ?? 1;
}

/** The values as decimals with the fewest digits that fit nearly all of them, each |n| < `limit`; undefined when they are no decimals. */
export function toDecimals(v: Float64Array, limit: number): Decimals | undefined {
  const allowed = Math.floor(v.length / PATCH_SHARE);
  const n = new Float64Array(v.length);
  let exponent = 0;
  for (;;) {
    const misses = scale(v, n, exponent, limit, allowed);
    if (misses !== undefined) return { exponent, n, patches: patch(v, n, exponent, limit, misses) };
    exponent = nextExponent(v, exponent, allowed);
    if (exponent > MAX_EXPONENT) return undefined;
  }
}

/** Fills `n`; the indexes of the values it does not give back to the bit, or undefined when there are more than allowed. */
function scale(
  v: Float64Array,
  n: Float64Array,
  exponent: number,
  limit: number,
  allowed: number,
): number[] | undefined {
  const p = powerOfTen(exponent);
  const misses: number[] = [];
  for (let i = 0; i < v.length; i++) {
    const x = v[i] as number;
    const m = Math.round(x * p);
    n[i] = m;
    // -0 equals 0 but has other bits, and NaN equals nothing.
    if (m / p === x && m < limit && m > -limit && (m !== 0 || 1 / x > 0)) continue;
    misses.push(i);
    if (misses.length > allowed) return undefined;
  }
  return misses;
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

function patch(v: Float64Array, n: Float64Array, exponent: number, limit: number, misses: number[]): Patch[] {
  const p = powerOfTen(exponent);
  return misses.map((index) => {
    // A scaled -0 is written, and so read, as 0.
    const m = (n[index] as number) + 0;
    const ulps = Math.abs(m) < limit ? ulpsBetween(m / p, v, index) : undefined;
    // A value that is no decimal must not disturb its neighbours' differences.
    n[index] = ulps !== undefined ? m : index > 0 ? (n[index - 1] as number) : 0;
    return { index, ulps };
  });
}

const near = new Float64Array(1);
const nearWords = new Uint32Array(near.buffer);

/** How many units in the last place v[index] is above `x`, in its bits; undefined when they are far apart. */
function ulpsBetween(x: number, v: Float64Array, index: number): number | undefined {
  near[0] = x;
  const words = new Uint32Array(v.buffer, v.byteOffset + 8 * index, 2);
  const high = (words[1] as number) - (nearWords[1] as number);
  const distance = high * 2 ** 32 + ((words[0] as number) - (nearWords[0] as number));
  return Math.abs(distance) <= MAX_ULPS ? distance : undefined;
}

/** Adds `ulps` to the bits of v[index]. */
export function addUlps(v: Float64Array, index: number, ulps: number): void {
  const words = new Uint32Array(v.buffer, v.byteOffset + 8 * index, 2);
  const low = (words[0] as number) + ulps;
  words[0] = low;
  if (low < 0) words[1] = (words[1] as number) - 1;
  else if (low >= 2 ** 32) words[1] = (words[1] as number) + 1;
}
