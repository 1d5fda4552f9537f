import type { Zone } from './types.ts';

/** Facts of a value column in time order (not empty). NaN is left out of min, max and sum: all NaN gives NaN, NaN and 0. */
export function zoneOf(v: Float64Array): Zone {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let numbers = 0;
  for (let i = 0; i < v.length; i++) {
    const x = v[i] as number;
    if (Number.isNaN(x)) continue;
    numbers++;
    if (x < min) min = x;
    if (x > max) max = x;
    sum += x;
  }
  const none = numbers === 0;
  return {
    min: none ? Number.NaN : min,
    max: none ? Number.NaN : max,
    sum,
    first: v[0] ?? Number.NaN,
    last: v.at(-1) ?? Number.NaN,
    numbers,
  };
}
