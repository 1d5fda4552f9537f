import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TidemarkError } from '../../shared/errors.ts';
import { bitsOf, fromBits, timeColumns, valueColumns } from '../testing/columns.ts';
import { ByteWriter } from './bytes.ts';
import { zstd } from './compress.ts';
import { decodeTimes, decodeValues, digest128, encodeTimes, encodeValues, zoneOf } from './frame.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import { tidemark } from './proto/block.js';
import { writeSection } from './section.ts';

const { Frame } = tidemark.v1;

/** The result, or the code of the TidemarkError; anything else thrown is a crash and fails the test. */
function outcome<T>(run: () => T): T | string {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof TidemarkError) return thrown.code;
    throw thrown;
  }
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

test('C1 values come back to the bit: NaN payloads, -0, infinities, denormals, 2^53, decimals, walks', () => {
  const encodings = new Set<number>();
  fc.assert(
    fc.property(valueColumns, (v) => {
      const before = bitsOf(v);
      const frame = encodeValues(v);
      encodings.add(Frame.decode(frame).encoding);
      expect(bitsOf(decodeValues(frame))).toBe(before);
      expect(bitsOf(v)).toBe(before);
    }),
    { numRuns: 600 },
  );
  expect([...encodings].sort()).toEqual([1, 2, 3, 4, 5]);
});

test('C1 a column that is a view into a larger one is read at its place', () => {
  const whole = fromBits([1n, 0x7ff0000000000001n, 0x8000000000000000n, 2n]);
  const part = whole.subarray(1, 3);
  expect(bitsOf(decodeValues(encodeValues(part)))).toBe(bitsOf(part));
});

test.each([
  ['constant', (): number => 21.5],
  ['two decimals', (i: number): number => Math.round(2000 + 500 * Math.sin(i / 900)) / 100],
  ['floats', (i: number): number => Math.sin(i)],
  ['large integers', (i: number): number => 2 ** 53 - i],
])('C1 a full frame of 131,072 readings: %s', (_, at) => {
  const v = Float64Array.from({ length: MAX_CHUNK_READINGS }, (_unused, i) => at(i));
  expect(bitsOf(decodeValues(encodeValues(v)))).toBe(bitsOf(v));
});

test('C2 timestamps come back exactly: regular, irregular, huge gaps, before 1970, one reading', () => {
  fc.assert(
    fc.property(timeColumns, (t) => {
      expect(decodeTimes(encodeTimes(t))).toEqual(t);
    }),
    { numRuns: 600 },
  );
  for (const t of [[0], [-(2 ** 53) + 1, 2 ** 53 - 1], [-1, 0, 2 ** 53 - 1], [2 ** 52, 2 ** 53 - 1]]) {
    expect(decodeTimes(encodeTimes(Float64Array.from(t)))).toEqual(Float64Array.from(t));
  }
});

test('C3 a day at a constant interval costs a handful of bytes, whatever the interval', () => {
  for (const [interval, count] of [
    [1_000_000, 86_400],
    [60_000_000, 1440],
    [300_000_000, 288],
    [123_457, 100_000],
  ] as const) {
    const t = Float64Array.from({ length: count }, (_, i) => 1_767_225_600_000_000 + i * interval);
    expect(encodeTimes(t).length).toBeLessThanOrEqual(24);
  }
});

test('C4 sizes: decimals of a walk near their entropy, constants and repeated values near nothing', () => {
  let n = 2000;
  let seed = 1;
  const v = Float64Array.from({ length: 20_000 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    n += (seed >> 16) % 8; // three bits of noise a step
    return n / 100;
  });
  expect(encodeValues(v).length / v.length).toBeLessThan(3.3 / 8);
  expect(encodeValues(new Float64Array(100_000).fill(Number.NaN)).length).toBeLessThan(24);
});

/** A linear congruential generator: integers from 0 to `below` - 1. */
function randomIntegers(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ODD_POINTS = [Math.PI, Math.E, -Math.SQRT2, 1 / 3, 1e300, -0, Number.NaN, 7.3];
const POINTS = [1.503, 17.25, 33.333, 48.907, 51.1, 60.606, 77.7, 98.001];

test.each([
  ['eight set-points of any bits', ODD_POINTS, 1, 3 / 8],
  ['eight set-points of three decimals', POINTS, 1, 3 / 8],
  ['eight set-points that last', POINTS, 30, 0.55 / 8],
  ['six states that last', [0, 1, 2, 3, 4, 5], 30, 0.55 / 8],
])('C25 %s take little more than which of them it is, long or short', (_, values, lasting, bytes) => {
  const random = randomIntegers();
  let now = 0;
  const v = Float64Array.from({ length: 20_000 }, () => {
    if (random(lasting) === 0) now = random(values.length);
    return values[now] as number;
  });
  expect(encodeValues(v).length / v.length).toBeLessThan(1.05 * bytes);
  expect(encodeValues(v.subarray(0, 1_440)).length / 1_440).toBeLessThan(bytes + 0.1);
});

test('C25 single precision and counts of a converter take what their steps take', () => {
  const random = randomIntegers();
  const steps = Float64Array.from({ length: 20_000 }, () => random(256));
  let n = 0;
  const walk = steps.map((step) => {
    n += step - 128;
    return n;
  });
  // Eight bits a step, in units of 10/4096 and of the last place of a single precision between 32 and 64.
  for (const v of [walk.map((x) => (x * 10) / 4096), walk.map((x) => Math.fround(48 + x * 2 ** -18))]) {
    expect(encodeValues(v).length / v.length).toBeLessThan(1.03);
  }
});

test('C25 a column whose sample is no likeness of it still comes back, in an encoding that fits all of it', () => {
  const random = randomIntegers();
  const whole = Float64Array.from({ length: 100_000 }, () => ODD_POINTS[random(8)] as number);
  // Between the pieces that are looked at: more different values than a dictionary takes.
  for (let i = 2_000; i < 30_000; i++) whole[i] = i / 3;
  expect(bitsOf(decodeValues(encodeValues(whole)))).toBe(bitsOf(whole));
  expect(Buffer.compare(encodeValues(whole), encodeValues(Float64Array.from(whole)))).toBe(0);
});

test('C5 a dictionary within a dictionary, one of no values, and a place that it has not are refused', () => {
  const frame = (...data: number[]): Uint8Array =>
    Frame.encode({ kind: 2, encoding: 5, count: 3, data: Uint8Array.from(data) }).finish();
  const one = [1, 8, 0, 0, 0, 0, 0, 0, 240, 63];
  // Three places: all 0, then all 1.
  expect(decodeValues(frame(1, ...one, 0, 0, 0))).toEqual(Float64Array.of(1, 1, 1));
  expect(() => decodeValues(frame(1, ...one, 0, 0, 1))).toThrow(/no such value/);
  expect(() => decodeValues(frame(1, ...one, 0, 128, 1))).toThrow(/no such value/);
  expect(() => decodeValues(frame(0, ...one, 0, 0, 0))).toThrow(/0 different values/);
  expect(() => decodeValues(frame(4, ...one, 0, 0, 0))).toThrow(/4 different values/);
  expect(() => decodeValues(frame(1, 5, ...one.slice(1), 0, 0, 0))).toThrow(/unknown encoding 5/);
});

test('C5 whatever bytes come, decoding gives at most 131,072 readings or a TidemarkError', () => {
  const frames = fc.oneof(valueColumns.map(encodeValues), timeColumns.map(encodeTimes));
  const spoilt = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(frames, fc.nat(), fc.nat()).map(([frame, at, bit]) => flip(frame, at, bit)),
    fc.tuple(frames, fc.nat()).map(([frame, at]) => frame.slice(0, at % frame.length)),
    fc
      .tuple(
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 200 }),
        fc.uint8Array(),
      )
      .map(([kind, encoding, count, data]) => Frame.encode({ kind, encoding, count, data }).finish()),
  );
  const seen = new Set<string>();
  fc.assert(
    fc.property(spoilt, (bytes) => {
      for (const decode of [decodeValues, decodeTimes]) {
        const got = outcome(() => decode(bytes));
        seen.add(typeof got === 'string' ? got : 'decoded');
        if (typeof got !== 'string') expect(got.length).toBeLessThanOrEqual(MAX_CHUNK_READINGS);
      }
    }),
    { numRuns: 3000 },
  );
  expect([...seen].sort()).toEqual(['damaged-frame', 'decoded', 'unknown-encoding']);
});

function flip(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at % copy.length] = (copy[at % copy.length] as number) ^ (1 << (bit % 8));
  return copy;
}

test('C5 claims beyond the limits are refused before they take memory', () => {
  const data = Frame.decode(encodeValues(new Float64Array(10))).data;
  const claim = Frame.encode({ kind: 2, encoding: 1, count: MAX_CHUNK_READINGS + 1, data }).finish();
  expect(outcome(() => decodeValues(claim))).toBe('damaged-frame');
  expect(outcome(() => decodeTimes(Frame.encode({ kind: 1, encoding: 1, count: 2 ** 32 - 1, data }).finish()))).toBe(
    'damaged-frame',
  );
});

test('C5 a section that would decompress to more than its column is stopped there', () => {
  const bomb = zstd(new Uint8Array(200_000_000), 1, 0).subarray(4);
  const data = new ByteWriter();
  data.u8(0);
  writeSection(data, { bytes: bomb, compressed: true });
  const frame = Frame.encode({ kind: 2, encoding: 3, count: 9, data: data.finish() }).finish();
  expect(thrownBy(() => decodeValues(frame))).toMatchObject({
    code: 'damaged-frame',
    cause: { code: 'ERR_BUFFER_TOO_LARGE' },
  });
});

test('C5 timestamps that do not ascend, patches behind the last value and patches that move too far are refused', () => {
  const { data } = Frame.decode(encodeValues(Float64Array.of(3, Math.PI)));
  expect(Frame.decode(encodeValues(Float64Array.of(3, Math.PI))).encoding).toBe(3);
  const times = Frame.encode({ kind: 1, encoding: 2, count: 2, data }).finish();
  expect(() => decodeTimes(times)).toThrow(/not ascending integers/);
  // 10^1, one patch (a section of varints: gap, code), then an integer column of equal entries.
  const patched = (...patch: number[]): Uint8Array =>
    Frame.encode({
      kind: 2,
      encoding: 2,
      count: 2,
      data: Uint8Array.of(1, 1, 2 * patch.length, ...patch, 0, 0, 1),
    }).finish();
  expect(decodeValues(patched(1, 1))).toEqual(Float64Array.of(0.1, 0.1));
  expect(() => decodeValues(patched(2, 1))).toThrow(/behind the last value/);
  expect(() => decodeValues(patched(0, 0x83, 1))).toThrow(/too far/);
});

test('C6 an unknown encoding is refused by name', () => {
  const newer = Frame.encode({ kind: 2, encoding: 77, count: 1, data: new Uint8Array(8) }).finish();
  expect(() => decodeValues(newer)).toThrow(/kind 2 has the unknown encoding 77/);
  expect(outcome(() => decodeValues(newer))).toBe('unknown-encoding');
  expect(outcome(() => decodeTimes(newer))).toBe('damaged-frame');
});

test('C2 what is no timestamp column is refused when written', () => {
  for (const t of [[], [1, 1], [2, 1], [0.5], [Number.NaN], [2 ** 53]]) {
    expect(() => encodeTimes(Float64Array.from(t))).toThrow(RangeError);
  }
  expect(() => encodeValues(new Float64Array(0))).toThrow(RangeError);
  expect(() => encodeValues(new Float64Array(MAX_CHUNK_READINGS + 1))).toThrow(RangeError);
});

test('C7 a digest is the first half of the SHA-256', () => {
  expect(digest128(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223');
});

test('C8 a zone map leaves NaN out and keeps time order', () => {
  expect(zoneOf(Float64Array.of(3, Number.NaN, -1, 2))).toEqual({
    min: -1,
    max: 3,
    sum: 4,
    first: 3,
    last: 2,
    numbers: 3,
  });
  expect(zoneOf(Float64Array.of(Number.NaN))).toEqual({
    min: Number.NaN,
    max: Number.NaN,
    sum: 0,
    first: Number.NaN,
    last: Number.NaN,
    numbers: 0,
  });
});
