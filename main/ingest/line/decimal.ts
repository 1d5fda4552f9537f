/** The largest power of ten that is exact as float64. */
export const MOST_EXACT_POWER = 22;
/** Powers of ten that are exact as float64, by exponent. */
const POWERS = Float64Array.from({ length: MOST_EXACT_POWER + 1 }, (_, i) => Number(`1e${i}`));
/** Digits of an integer that is exact as float64. */
const PART_DIGITS = 15;
/** Beyond it, the text is left to Number(): small parts of intermediate results would leave the normal doubles. */
const MOST_EXPONENT = 100;
/** A bound, with room, of the relative error of a product and some divisions in pairs of doubles. */
const ERROR = 2 ** -95;
/** Halves the digits of a double. */
const SPLITTER = 2 ** 27 + 1;
const ZERO = 48;

/** `whole * 10^exponent` for exact integers below 2^53 and an exponent of at most 22 up or down: both are exact, so that one rounding gives the nearest double. */
export function scaled(whole: number, exponent: number): number {
  return exponent < 0 ? whole / (POWERS[-exponent] ?? 1) : whole * (POWERS[exponent] ?? 1);
}

/**
 * The nearest double of a decimal whose digits are too many for one double, without making a string of it: the first 30 digits as two exact integers, and
 * their sum times a power of ten in pairs of doubles (T. J. Dekker, "A floating-point technique for extending the available precision", 1971). The result
 * is taken only if a bound of the error cannot change how it is rounded (A. Ziv, "Fast evaluation of elementary mathematical functions with correctly
 * rounded last bit", 1991): of shortest texts of doubles that is nearly always so. One instance serves all: the result is a field, so that nothing is allocated.
 */
export class LongDecimal {
  /** After `read` returned true. */
  readonly value = new Float64Array(1);
  /** A number as the unevaluated sum of two doubles, large and small. Doubles that are handed from method to method would become objects, elements do not. */
  readonly #pair = new Float64Array(2);

  /** Digits in [from, to), with or without a dot, times 10^exponent. False when it cannot be told this way. */
  read(buf: Uint8Array, from: number, to: number, exponent: number): boolean {
    let high = 0;
    let low = 0;
    let digits = 0;
    let dot = to;
    for (let i = from; i < to; i++) {
      const digit = (buf[i] ?? 0) - ZERO;
      if (digit < 0) dot = i + 1;
      else if (digits > 0 || digit > 0) {
        if (digits < PART_DIGITS) high = high * 10 + digit;
        else low = low * 10 + digit;
        digits++;
      }
    }
    const e = exponent - (to - dot);
    if (digits > 2 * PART_DIGITS || Math.abs(e) > MOST_EXPONENT) return false;
    const pair = this.#pair;
    pair[0] = high;
    pair[1] = 0;
    if (digits > PART_DIGITS) {
      this.#times(digits - PART_DIGITS);
      // An integer below 10^30: two doubles hold it exactly.
      const large = pair[0] ?? 0;
      const sum = large + low;
      pair[1] = low - (sum - large) + (pair[1] ?? 0);
      pair[0] = sum;
    }
    for (let left = e; left > 0; left -= MOST_EXACT_POWER) this.#times(Math.min(left, MOST_EXACT_POWER));
    for (let left = -e; left > 0; left -= MOST_EXACT_POWER) this.#over(Math.min(left, MOST_EXACT_POWER));
    const large = pair[0] ?? 0;
    const small = pair[1] ?? 0;
    const error = large * ERROR;
    this.value[0] = large + (small - error);
    return large + (small + error) === this.value[0];
  }

  /** Multiplies the pair by 10^exponent, 0 to 22. */
  #times(exponent: number): void {
    const pair = this.#pair;
    const power = POWERS[exponent] ?? 1;
    const large = pair[0] ?? 0;
    const product = large * power;
    const small = (pair[1] ?? 0) * power + errorOf(large, power, product);
    const sum = product + small;
    pair[0] = sum;
    pair[1] = small - (sum - product);
  }

  /** Divides the pair by 10^exponent, 0 to 22. */
  #over(exponent: number): void {
    const pair = this.#pair;
    const power = POWERS[exponent] ?? 1;
    const large = pair[0] ?? 0;
    const quotient = large / power;
    const product = quotient * power;
    const small = (large - product - errorOf(quotient, power, product) + (pair[1] ?? 0)) / power;
    const sum = quotient + small;
    pair[0] = sum;
    pair[1] = small - (sum - quotient);
  }
}

/** What the rounded `product` of two doubles is short of the exact one. */
function errorOf(a: number, b: number, product: number): number {
  const aHigh = a * SPLITTER - (a * SPLITTER - a);
  const bHigh = b * SPLITTER - (b * SPLITTER - b);
  return aHigh * bHigh - product + aHigh * (b - bHigh) + (a - aHigh) * bHigh + (a - aHigh) * (b - bHigh);
}
