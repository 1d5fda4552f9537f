/** The first integer as it is, then differences to the one before. Throws a RangeError when a difference is not exact. */
export function deltas(integers: readonly number[]): number[] {
  return integers.map((n, i) => difference(n, i === 0 ? 0 : (integers[i - 1] as number)));
}

/** a - b; throws a RangeError when that is beyond 2^53 - 1. */
export function difference(a: number, b: number): number {
  if (!Number.isSafeInteger(a - b)) throw new RangeError(`${a} and ${b} are too far apart for one directory`);
  return a - b;
}

/** Undoes `deltas`. */
export function sums(differences: readonly number[]): number[] {
  let n = 0;
  return differences.map((d) => {
    n += d;
    return n;
  });
}
