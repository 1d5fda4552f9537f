import fc from 'fast-check';

/** The bits of a column, for comparisons that NaN payloads and -0 must not pass. */
export function bitsOf(v: Float64Array): string {
  return Buffer.from(v.buffer, v.byteOffset, v.byteLength).toString('hex');
}

/** A column of exactly these 64-bit patterns, which as numbers might lose a NaN's payload. */
export function fromBits(bits: readonly bigint[]): Float64Array {
  return new Float64Array(BigUint64Array.from(bits).buffer);
}

function bitsOfNumber(x: number): bigint {
  return new BigUint64Array(Float64Array.of(x).buffer)[0] as bigint;
}

const ODD = [
  0x7ff8000000000000n, // the usual NaN
  0x7ff0000000000001n, // signalling NaNs, both signs, with payloads
  0xfff0dead0000beefn,
  0x7ff8000000000123n,
  0xffffffffffffffffn,
  0x8000000000000000n, // -0
  0x7ff0000000000000n, // infinities
  0xfff0000000000000n,
  0x0000000000000001n, // denormals
  0x800fffffffffffffn,
  0x7fefffffffffffffn, // largest
  ...[
    0,
    1,
    -1,
    2 ** 53,
    -(2 ** 53),
    2 ** 53 - 1,
    2 ** 49,
    2 ** 49 - 1,
    -(2 ** 49),
    2 ** 51,
    0.1,
    0.1 + 0.2,
    -0.5,
    1e10,
    1e-10,
  ].map(bitsOfNumber),
];

const odd = fc.constantFrom(...ODD);
const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const decimal = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 10 }))
  .map(([n, e]) => bitsOfNumber(n / 10 ** e));

function column(one: fc.Arbitrary<bigint>, maxLength = 300): fc.Arbitrary<Float64Array> {
  return fc.array(one, { minLength: 1, maxLength }).map(fromBits);
}

function sometimes<T>(list: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> {
  return fc.oneof(fc.constant<T[]>([]), list);
}

/** From one reading to more than the codec samples. */
const counts = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6000 }));

/** Pseudo-random integers from 0 to `below` - 1 (a linear congruential generator: long columns stay cheap to make and to shrink). */
function randomIntegers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A signal as sensors give it: steps of a random walk in units of 10^-e, sometimes spoilt by odd values or by single ulps. */
const walk = fc
  .record({
    count: counts,
    seed: fc.nat(),
    reach: fc.constantFrom(1, 2, 9, 256, 3000, 2 ** 20, 2 ** 33),
    drift: fc.constantFrom(0, 0, 17, 10 ** 6),
    unit: fc.constantFrom(1, 1, 5, 9_765_625),
    start: fc.integer({ min: -(10 ** 7), max: 10 ** 7 }),
    exponent: fc.integer({ min: 0, max: 10 }),
    noise: fc.boolean(),
    spoilt: sometimes(fc.array(fc.tuple(fc.nat(), odd), { maxLength: 5 })),
    ulps: sometimes(fc.array(fc.tuple(fc.nat(), fc.bigInt({ min: -70n, max: 70n })), { maxLength: 5 })),
  })
  .map(({ count, seed, reach, drift, unit, start, exponent, noise, spoilt, ulps }) => {
    const random = randomIntegers(seed);
    let n = start;
    const bits = Array.from({ length: count }, () => {
      const step = random(reach) - Math.floor(reach / 2);
      n += noise ? drift : drift + step;
      return bitsOfNumber(((noise ? n + step : n) * unit) / 10 ** exponent);
    });
    for (const [at, by] of ulps) bits[at % count] = BigInt.asUintN(64, (bits[at % count] as bigint) + by);
    for (const [at, value] of spoilt) bits[at % count] = value;
    return fromBits(bits);
  });

/** Measured and computed floats: smooth, random, or a few levels of an odd scale. */
const floats = fc
  .record({ count: counts, seed: fc.nat(), shape: fc.constantFrom('smooth', 'random', 'levels') })
  .map(({ count, seed, shape }) => {
    const random = randomIntegers(seed);
    return Float64Array.from({ length: count }, (_, i) => {
      if (shape === 'smooth') return 20 + Math.sin(i / 1000);
      return shape === 'random' ? random(2 ** 32) / 2 ** 32 - 0.5 + 1 / 3 : (random(13) * 3.3) / 4095;
    });
  });

/** Single precision and counts of a converter, some spoilt. */
const fractions = fc
  .record({
    count: counts,
    seed: fc.nat(),
    shift: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 60 })),
    spoilt: sometimes(fc.array(fc.tuple(fc.nat(), fc.oneof(odd, anyBits)), { maxLength: 3 })),
  })
  .map(({ count, seed, shift, spoilt }) => {
    const random = randomIntegers(seed);
    let n = random(2 ** 20);
    const bits = Array.from({ length: count }, () => {
      n += random(1_000) - 500;
      return bitsOfNumber(shift === undefined ? Math.fround(n / 997) : (n * 5) / 2 ** shift);
    });
    for (const [at, value] of spoilt) bits[at % count] = value;
    return fromBits(bits);
  });

/** A few values of any sort that come back: set-points and states, some that last. */
const repeated = fc
  .record({
    count: counts,
    seed: fc.nat(),
    values: fc.array(fc.oneof(anyBits, odd, decimal), { minLength: 2, maxLength: 40 }),
    lasting: fc.constantFrom(1, 3, 100),
  })
  .map(({ count, seed, values, lasting }) => {
    const random = randomIntegers(seed);
    let now = 0;
    return fromBits(
      Array.from({ length: count }, () => {
        if (random(lasting) === 0) now = random(values.length);
        return values[now] as bigint;
      }),
    );
  });

const constant = fc.tuple(fc.oneof(odd, anyBits), fc.integer({ min: 1, max: 5000 })).map(([bits, count]) => {
  return fromBits(new Array<bigint>(count).fill(bits));
});

/** Integers of any size, as counters and bit fields give them. */
const integers = fc
  .array(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 }), fc.integer()), { minLength: 1, maxLength: 300 })
  .map((n) => fromBits(n.map(bitsOfNumber)));

/** Value columns of every sort the codec tells apart, and mixtures. */
export const valueColumns: fc.Arbitrary<Float64Array> = fc.oneof(
  { weight: 8, arbitrary: walk },
  { weight: 2, arbitrary: floats },
  { weight: 2, arbitrary: fractions },
  { weight: 2, arbitrary: repeated },
  constant,
  integers,
  column(odd),
  column(anyBits),
  column(decimal),
  column(fc.oneof({ weight: 20, arbitrary: decimal }, { weight: 1, arbitrary: odd })),
);

/** Strictly ascending timestamps: regular, jittered, with huge gaps, from before 1970, of any count from one. */
export const timeColumns: fc.Arbitrary<Float64Array> = fc
  .record({
    count: counts,
    seed: fc.nat(),
    start: fc.oneof(fc.integer({ min: -(2 ** 50), max: 2 ** 51 }), fc.integer({ min: -(10 ** 6), max: 10 ** 6 })),
    unit: fc.constantFrom(1, 1000, 1_000_000, 300_000_000, 86_400_000_000),
    jitter: fc.constantFrom(1, 1, 2, 40, 100_000),
    gaps: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 2, max: 10 ** 5 })), { maxLength: 4 }),
    jump: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 52 }) },
    ),
  })
  .map(({ count, seed, start, unit, jitter, gaps, jump }) => {
    const random = randomIntegers(seed);
    const steps = Array.from({ length: count - 1 }, () => unit * (1 + random(jitter)));
    for (const [at, times] of gaps) if (steps.length > 0) steps[at % steps.length] = unit * times;
    let at = start;
    const t = [at];
    for (const step of steps) {
      at += step;
      t.push(at);
    }
    if (jump > 0) t.push(at + jump);
    return Float64Array.from(t.filter((x) => Number.isSafeInteger(x)));
  });
