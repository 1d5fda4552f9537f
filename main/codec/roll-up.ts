import { MAX_EXPONENT, powerOfTen } from './decimals.ts';
import { endOf, type Run } from './merge.ts';
import { emptyRollup, type Rollup } from './rollup.ts';

/** From so many readings on a bucket pays for itself: it is five numbers. */
const READINGS_A_BUCKET = 16;

/** True where the buckets hold 16 readings each on average: below that the readings themselves are about as short. */
export function isDense(r: Rollup): boolean {
  return r.count.reduce((sum, n) => sum + n, 0) >= READINGS_A_BUCKET * r.start.length;
}

/**
 * Strictly ascending readings of one series in buckets of `width` microseconds. Minimum and maximum are to the bit; of 0 and -0 the earlier.
 *
 * Sums: where all finite values are decimals of up to 10 digits after the point, the sum of a bucket is the double nearest to the exact decimal sum.
 * Else the doubles are added with Neumaier's compensation (ZAMM 54, 1974): nearly always the double nearest to their exact sum. Infinities give what plain
 * addition gives.
 */
export function rollUp({ t, v }: Run, width: number): Rollup {
  const exponent = decimalExponent(v);
  const sumOf = exponent === undefined ? compensatedSum : decimalSum(powerOfTen(exponent));
  const r = emptyRollup(width, bucketsOf(t, width));
  for (let i = 0, n = 0; i < t.length; n++) {
    const start = Math.floor((t[i] as number) / width) * width;
    const end = endOf(t, i, start + width);
    let [min, max, numbers] = [Number.NaN, Number.NaN, 0];
    for (let k = i; k < end; k++) {
      const x = v[k] as number;
      if (Number.isNaN(x)) continue;
      // Written so that the first number replaces NaN.
      if (!(x >= min)) min = x;
      if (!(x <= max)) max = x;
      numbers++;
    }
    r.start[n] = start;
    r.count[n] = end - i;
    r.numbers[n] = numbers;
    r.min[n] = min;
    r.max[n] = max;
    r.sum[n] = sumOf(v, i, end);
    i = end;
  }
  return r;
}

/**
 * The same in buckets of `width`, a multiple of those there are. Sums are those of sums, under the rule of `rollUp`: where these are decimals, as if the readings
 * were summed up.
 */
export function coarsen(r: Rollup, width: number): Rollup {
  const exponent = decimalExponent(r.sum);
  const sumOf = exponent === undefined ? compensatedSum : decimalSum(powerOfTen(exponent));
  const coarse = emptyRollup(width, bucketsOf(r.start, width));
  for (let i = 0, n = 0; i < r.start.length; n++) {
    const start = Math.floor((r.start[i] as number) / width) * width;
    const end = endOf(r.start, i, start + width);
    let [min, max, count, numbers] = [Number.NaN, Number.NaN, 0, 0];
    for (let k = i; k < end; k++) {
      if (!((r.min[k] as number) >= min) && !Number.isNaN(r.min[k])) min = r.min[k] as number;
      if (!((r.max[k] as number) <= max) && !Number.isNaN(r.max[k])) max = r.max[k] as number;
      count += r.count[k] as number;
      numbers += r.numbers[k] as number;
    }
    coarse.start[n] = start;
    coarse.count[n] = count;
    coarse.numbers[n] = numbers;
    coarse.min[n] = min;
    coarse.max[n] = max;
    // Infinities of both signs have no sum.
    coarse.sum[n] = r.sum.subarray(i, end).some(Number.isNaN) ? Number.NaN : sumOf(r.sum, i, end);
    i = end;
  }
  return coarse;
}

function bucketsOf(t: Float64Array, width: number): number {
  let [n, end] = [0, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < t.length; i++) {
    if ((t[i] as number) < end) continue;
    end = (Math.floor((t[i] as number) / width) + 1) * width;
    n++;
  }
  return n;
}

/** The least exponent e with which every value is a decimal n / 10^e, n so small that sums of n are exact; undefined when there is none. */
function decimalExponent(v: Float64Array): number | undefined {
  const limit = 2 ** 53 / v.length;
  let exponent = 0;
  let power = 1;
  for (let i = 0; i < v.length; i++) {
    const x = v[i] as number;
    if (!Number.isFinite(x)) continue;
    for (;;) {
      const n = Math.round(x * power);
      if (Math.abs(n) > limit) return undefined;
      if (n / power === x) break;
      if (exponent === MAX_EXPONENT) return undefined;
      power = powerOfTen(++exponent);
    }
  }
  return exponent;
}

type Sum = (v: Float64Array, from: number, to: number) => number;

function decimalSum(power: number): Sum {
  return (v, from, to) => {
    let sum = 0;
    for (let i = from; i < to; i++) {
      const x = v[i] as number;
      if (!Number.isNaN(x)) sum += Math.round(x * power);
    }
    return sum / power;
  };
}

const compensatedSum: Sum = (v, from, to) => {
  let [sum, lost] = [0, 0];
  for (let i = from; i < to; i++) {
    const x = v[i] as number;
    if (Number.isNaN(x)) continue;
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) && Number.isFinite(lost) ? sum + lost : sum;
};
