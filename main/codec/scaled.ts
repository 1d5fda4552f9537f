/**
 * Values as integers over one divisor: a value v that is a multiple of 1 / d is the double nearest to n / d, so that n = round(v * d)
 * gives v back to the bit; each value is checked. Some values miss by a few units in the last place (they were computed, not
 * printed), some are no multiples at all: those few are patched.
 */

/** Further away, the difference is not worth more than the plain bits. */
export const MAX_ULPS = 64;

/** One value that n / d does not give: `ulps` to add to its bits, or its bits whole. */
export interface Patch {
  index: number;
  ulps: number | undefined;
}

export interface Scaled {
  /** Of the divisor, to the base of the encoding. */
  exponent: number;
  n: Float64Array;
  /** Ascending by index. */
  patches: Patch[];
}

/** Fills `n`, each |n| < `limit`; the indexes of the values it does not give back to the bit, or undefined when there are more than allowed. */
export function scale(
  v: Float64Array,
  n: Float64Array,
  divisor: number,
  limit: number,
  allowed: number,
): number[] | undefined {
  const misses: number[] = [];
  for (let i = 0; i < v.length; i++) {
    const x = v[i] as number;
    const m = Math.round(x * divisor);
    n[i] = m;
    // -0 equals 0 but has other bits, and NaN equals nothing.
    if (m / divisor === x && m < limit && m > -limit && (m !== 0 || 1 / x > 0)) continue;
    misses.push(i);
    if (misses.length > allowed) return undefined;
  }
  return misses;
}

/** The patches for what `scale` missed; makes those entries of `n` harmless. */
export function patch(v: Float64Array, n: Float64Array, divisor: number, limit: number, misses: number[]): Patch[] {
  return misses.map((index) => {
    // A scaled -0 is written, and so read, as 0.
    const m = (n[index] as number) + 0;
    const ulps = Math.abs(m) < limit ? ulpsBetween(m / divisor, v, index) : undefined;
    // A value that is no multiple must not disturb its neighbours' differences.
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
