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

/** A signal as sensors give it: steps of a random walk in units of 10^-e, sometimes spoilt by odd values or by single ulps. */
const walk = fc
  .record({
    steps: fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 2500 }),
    start: fc.integer({ min: -(10 ** 7), max: 10 ** 7 }),
    exponent: fc.integer({ min: 0, max: 10 }),
    spoilt: fc.array(fc.tuple(fc.nat(), odd), { maxLength: 5 }),
    ulps: fc.array(fc.tuple(fc.nat(), fc.bigInt({ min: -70n, max: 70n })), { maxLength: 5 }),
  })
  .map(({ steps, start, exponent, spoilt, ulps }) => {
    let n = start;
    const bits = steps.map((step) => {
      n += step;
      return bitsOfNumber(n / 10 ** exponent);
    });
    for (const [at, by] of ulps) bits[at % bits.length] = BigInt.asUintN(64, (bits[at % bits.length] as bigint) + by);
    for (const [at, value] of spoilt) bits[at % bits.length] = value;
    return fromBits(bits);
  });

const constant = fc.tuple(fc.oneof(odd, anyBits), fc.integer({ min: 1, max: 5000 })).map(([bits, count]) => {
  return fromBits(new Array<bigint>(count).fill(bits));
});

/** Integers of any size, as counters and bit fields give them. */
const integers = fc
  .array(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 }), fc.integer()), { minLength: 1, maxLength: 300 })
  .map((n) => fromBits(n.map(bitsOfNumber)));

const floats = fc.array(fc.double(), { minLength: 1, maxLength: 1500 }).map((n) => fromBits(n.map(bitsOfNumber)));

/** Value columns of every sort the codec tells apart, and mixtures. */
export const valueColumns: fc.Arbitrary<Float64Array> = fc.oneof(
  walk,
  constant,
  integers,
  floats,
  column(odd),
  column(anyBits),
  column(decimal),
  column(fc.oneof({ weight: 20, arbitrary: decimal }, { weight: 1, arbitrary: odd })),
);

/** Strictly ascending timestamps: regular, jittered, with huge gaps, from before 1970, of any count from one. */
export const timeColumns: fc.Arbitrary<Float64Array> = fc
  .record({
    start: fc.oneof(fc.integer({ min: -(2 ** 50), max: 2 ** 51 }), fc.integer({ min: -(10 ** 6), max: 10 ** 6 })),
    unit: fc.constantFrom(1, 1000, 1_000_000, 300_000_000, 86_400_000_000),
    gaps: fc.oneof(
      fc.array(fc.constant(1), { maxLength: 2500 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 300 }),
      fc.array(
        fc.oneof(
          { weight: 20, arbitrary: fc.constant(5) },
          { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 ** 5 }) },
        ),
        {
          maxLength: 300,
        },
      ),
    ),
    jump: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 52 })),
  })
  .map(({ start, unit, gaps, jump }) => {
    let at = start;
    const t = [at];
    for (const gap of gaps) {
      at += gap * unit;
      t.push(at);
    }
    t.push(at + 1 + jump);
    return Float64Array.from(t.filter((x) => Number.isSafeInteger(x)));
  });
