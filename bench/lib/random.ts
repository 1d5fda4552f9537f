/** Numbers in [0, 1) that a seed repeats (a linear congruential generator over 31 bits). */
export function randomSource(seed: number): () => number {
  let state = seed % 0x7fffffff || 1;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}
