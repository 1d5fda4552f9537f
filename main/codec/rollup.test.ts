import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TidemarkError } from '../../shared/errors.ts';
import { bitsOf, timeColumns, valueColumns } from '../testing/columns.ts';
import { tidemark } from './proto/block.js';
import { coarsen, isDense, rollUp } from './roll-up.ts';
import { decodeRollup, emptyRollup, encodeRollup, joinBuckets, type Rollup } from './rollup.ts';

const { Frame } = tidemark.v1;
const COLUMNS = ['start', 'count', 'numbers', 'min', 'max', 'sum'] as const;
const bits = (r: Rollup): string[] => [String(r.width), ...COLUMNS.map((name) => bitsOf(r[name].slice()))];

/** Readings of any sort at any times. */
const runs = fc.tuple(timeColumns, valueColumns).map(([t, v]) => {
  const n = Math.min(t.length, v.length);
  return { t: t.slice(0, n), v: v.slice(0, n) };
});
const widths = fc.constantFrom(300_000_000, 3_600_000_000, 60, 7_000);

describe('R1 what a bucket says', () => {
  it('R1 count, minimum and maximum are those of the readings in it, NaN counted only', () => {
    fc.assert(
      fc.property(runs, widths, ({ t, v }, width) => {
        const buckets = new Map<number, number[]>();
        for (const [i, at] of t.entries()) {
          const start = Math.floor(at / width) * width;
          buckets.set(start, [...(buckets.get(start) ?? []), v[i]!]);
        }
        const r = rollUp({ t, v }, width);
        expect([...r.start]).toEqual([...buckets.keys()]);
        for (const [i, values] of [...buckets.values()].entries()) {
          const numbers = values.filter((x) => !Number.isNaN(x));
          expect([r.count[i], r.numbers[i]]).toEqual([values.length, numbers.length]);
          // + 0: of 0 and -0 the earlier is kept, which Math.min does not say.
          expect(r.min[i]! + 0).toBe(numbers.length === 0 ? Number.NaN : Math.min(...numbers) + 0);
          expect(r.max[i]! + 0).toBe(numbers.length === 0 ? Number.NaN : Math.max(...numbers) + 0);
          const plain = numbers.reduce((a, b) => a + b, 0);
          const size = numbers.reduce((a, b) => a + Math.abs(b), 0);
          if (Number.isFinite(size))
            expect(Math.abs(r.sum[i]! - plain)).toBeLessThanOrEqual(numbers.length * 2e-16 * size);
          else expect(r.sum[i]).toBe(plain);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('R1 sums of decimals are exact, whatever their order and number', () => {
    const decimals = fc.integer({ min: 0, max: 10 }).chain((e) =>
      fc.record({
        e: fc.constant(e),
        n: fc.array(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), { minLength: 1, maxLength: 2_000 }),
      }),
    );
    fc.assert(
      fc.property(decimals, ({ e, n }) => {
        const v = Float64Array.from(n, (x) => x / 10 ** e);
        const r = rollUp({ t: Float64Array.from(n, (_, i) => i), v }, 10_000);
        expect(r.sum[0]).toBe(n.reduce((a, b) => a + b, 0) / 10 ** e);
      }),
    );
  });

  it('R1 sums of other doubles lose nothing that plain addition would', () => {
    const v = Float64Array.of(1e16, 1.5, -1e16, 0.25);
    expect(rollUp({ t: Float64Array.of(0, 1, 2, 3), v }, 10).sum[0]).toBe(1.75);
    const infinite = Float64Array.of(Number.POSITIVE_INFINITY, 1, 0.1);
    expect(rollUp({ t: Float64Array.of(0, 1, 2), v: infinite }, 10).sum[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it('R1 quarters of days made of hours are those made of the readings', () => {
    const value = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 100) },
      fc.constantFrom(Number.NaN, -0, 1e-9),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -400, max: 400 }), value), { minLength: 1 }), (rows) => {
        const byTime = [...new Map(rows)].sort(([a], [b]) => a - b);
        const run = { t: Float64Array.from(byTime, ([t]) => t), v: Float64Array.from(byTime, ([, v]) => v) };
        expect(coarsen(rollUp(run, 10), 60)).toEqual(rollUp(run, 60));
      }),
    );
    const [infinite, negative] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const both = rollUp({ t: Float64Array.of(1, 2, 61), v: Float64Array.of(infinite, negative, 1) }, 10);
    expect([...coarsen(both, 60).sum]).toEqual([Number.NaN, 1]);
  });

  it('R1 5 minutes pay from 16 readings a bucket on average', () => {
    const t = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);
    expect(isDense(rollUp({ t: t(159), v: t(159) }, 16))).toBe(false);
    expect(isDense(rollUp({ t: t(160), v: t(160) }, 16))).toBe(true);
  });
});

describe('R2 rollup frames', () => {
  it('R2 come back to the bit, alone and joined', () => {
    fc.assert(
      fc.property(runs, widths, ({ t, v }, width) => {
        const r = rollUp({ t, v }, width);
        expect(bits(decodeRollup(encodeRollup(r)))).toEqual(bits(r));
        const later = { ...r, start: r.start.map((at) => at + width * 2 ** 20) };
        if (later.start[0]! <= r.start.at(-1)! || later.start.at(-1)! > Number.MAX_SAFE_INTEGER) return;
        const both = joinBuckets([r, later]);
        expect(bits(decodeRollup(encodeRollup(both)))).toEqual(bits(both));
      }),
      { numRuns: 300 },
    );
  });

  it('R2 buckets of one number, or none, come back to the bit, and are stored once', () => {
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, 2.5),
      fc.integer({ min: -999, max: 999 }).map((n) => n / 10),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.nat(9)), { minLength: 1, maxLength: 60 }), (rows) => {
        let at = 0;
        const t = Float64Array.from(rows, ([, step]) => {
          at += 1 + step;
          return at;
        });
        const r = rollUp({ t, v: Float64Array.from(rows, ([v]) => v) }, 6);
        expect(bits(decodeRollup(encodeRollup(r)))).toEqual(bits(r));
      }),
    );
    const t = Float64Array.from({ length: 24 }, (_, i) => i * 60);
    const single = rollUp({ t, v: t.map((_, i) => Math.sin(i)) }, 60);
    const double = { ...single, count: single.count.map((n) => n + 1), numbers: single.count.map((n) => n + 1) };
    expect(encodeRollup(single).length).toBeLessThan(0.55 * encodeRollup(double).length);
    // What does not follow is told whole.
    const odd = { ...single, sum: single.sum.map((x) => x + 1) };
    expect(bits(decodeRollup(encodeRollup(odd)))).toEqual(bits(odd));
  });

  const frame = encodeRollup(
    rollUp(
      {
        t: Float64Array.from({ length: 999 }, (_, i) => i * 7),
        v: Float64Array.from({ length: 999 }, (_, i) => (i * i) % 71),
      },
      100,
    ),
  );
  const outcome = (bytes: Uint8Array): string => {
    try {
      const r = decodeRollup(bytes);
      return r.start.length <= 65_536 ? 'decoded' : 'too much';
    } catch (error) {
      if (error instanceof TidemarkError) return error.code;
      throw error;
    }
  };

  it('R2 C5 whatever the bytes, a rollup or an error with a class', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(frame.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (edits) => {
          const bytes = Uint8Array.from(frame);
          for (const [at, byte] of edits) bytes[at] = byte;
          expect(['decoded', 'damaged-frame', 'unknown-encoding']).toContain(outcome(bytes));
        },
      ),
      { numRuns: 2_000 },
    );
    for (let end = 0; end < frame.length; end++) expect(outcome(frame.subarray(0, end))).not.toBe('decoded');
  });

  it('R2 C6 an unknown kind, encoding or number of buckets is refused', () => {
    const plain = Frame.decode(frame);
    const changed = (change: object): string => outcome(Frame.encode({ ...plain, ...change }).finish());
    expect(changed({})).toBe('decoded');
    expect(changed({ encoding: 3 })).toBe('unknown-encoding');
    expect(changed({ encoding: 2 })).toBe('decoded');
    expect(changed({ kind: 2 })).toBe('damaged-frame');
    expect(changed({ count: 65_537 })).toBe('damaged-frame');
    expect(changed({ count: plain.count + 1 })).toBe('damaged-frame');
    expect(() => encodeRollup(emptyRollup(1, 0))).toThrow(RangeError);
    expect(() => encodeRollup(emptyRollup(1, 65_537))).toThrow(RangeError);
  });
});
