/** The first number as it is, then differences to the one before. */
export function deltas(numbers: readonly number[]): number[] {
  return numbers.map((n, i) => n - (i === 0 ? 0 : (numbers[i - 1] as number)));
}

/** Undoes `deltas`. */
export function sums(differences: readonly number[]): number[] {
  let n = 0;
  return differences.map((d) => {
    n += d;
    return n;
  });
}
