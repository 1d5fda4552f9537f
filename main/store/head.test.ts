import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { Head } from './head.ts';
import { SlabPool } from './slab.ts';

function headOf(rows: readonly [t: number, v: number][]): Head {
  const head = new Head();
  for (const [i, [t, v]] of rows.entries())
    head.add({ count: 1, series: Uint32Array.of(7), t: Float64Array.of(t), v: Float64Array.of(v) }, i + 1, 0);
  return head;
}

describe('Q1 T5 a part of the head', () => {
  const row = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer())
    .map(([n, v]): [number, number] => [n * 3_600_000_000, v]);

  it('T5 has each time of the part once, in order, with the value received last', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), fc.nat(60), fc.nat(60), (rows, a, b) => {
        const [from, to] = [Math.min(a, b) * 3_600_000_000, Math.max(a, b) * 3_600_000_000];
        const head = headOf(rows);
        const expected = [...new Map(rows)].filter(([t]) => t >= from && t < to).sort(([x], [y]) => x - y);
        const { t, v } = head.between(7, from, to);
        expect(Array.from(t, (time, i) => [time, v[i]])).toEqual(expected);
        const extents = head.extents(7, from, to);
        expect(extents.map(({ day, tMin, tMax }) => [day, tMin, tMax])).toEqual(
          [...Map.groupBy(expected, ([time]) => Math.floor(time / DAY_US))].map(([day, own]) => [
            day,
            own[0]?.[0],
            own.at(-1)?.[0],
          ]),
        );
      }),
    );
  });

  it('Q4 one late reading among a million is in its place, in a part and in the whole', () => {
    const n = 1_000_000;
    const head = new Head();
    const t = Float64Array.from({ length: n }, (_, i) => i * 1_000);
    head.add({ count: n, series: new Uint32Array(n).fill(7), t, v: t }, 1, 0);
    head.add({ count: 1, series: Uint32Array.of(7), t: Float64Array.of(500), v: Float64Array.of(1) }, 2, 0);
    expect([...head.between(7, 0, 1_500).t]).toEqual([0, 500, 1_000]);
    // All of it: the runs that are in order are merged, not sorted.
    const whole = head.between(7, 0, n * 1_000);
    expect(whole.t.length).toBe(n + 1);
    expect(whole.t.every((time, i) => i === 0 || time > (whole.t[i - 1] ?? 0))).toBe(true);
    expect(whole.v[1]).toBe(1);
  });

  it('T5 keeps the readings of many series apart, whatever their order, also when memory of an earlier head is used again', () => {
    const reading = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(2_000));
    const batches = fc.array(fc.array(reading, { minLength: 1, maxLength: 400 }), { minLength: 1, maxLength: 6 });
    const pool = new SlabPool();
    fc.assert(
      fc.property(batches, (given) => {
        const head = new Head(pool);
        const expected = new Map<number, Map<number, number>>();
        for (const [n, rows] of given.entries()) {
          // Ids far apart: a gateway may hold two hundred thousand.
          const series = Uint32Array.from(rows, ([id]) => id ** 6);
          const v = Float64Array.from(rows, (_, i) => n + i / 1_000);
          head.add({ count: rows.length, series, t: Float64Array.from(rows, ([, t]) => t), v }, n + 1, 0);
          for (const [i, [id, t]] of rows.entries()) {
            const own = expected.get(id ** 6) ?? new Map<number, number>();
            expected.set(id ** 6, own.set(t, v[i] ?? Number.NaN));
          }
        }
        const ids = [...head.series()].map(([id]) => id);
        expect(ids).toEqual([...expected.keys()].sort((a, b) => a - b));
        for (const id of ids) {
          const { t, v } = head.between(id);
          expect(Array.from(t, (time, i) => [time, v[i]])).toEqual(
            [...(expected.get(id) ?? [])].sort(([a], [b]) => a - b),
          );
        }
        head.release();
      }),
      { numRuns: 50 },
    );
  });

  it('T5 keeps the bits of values, whole blocks and single readings', () => {
    const n = 3_000;
    const bits = BigUint64Array.from({ length: n }, (_, i) => 0x7ff8_0000_0000_0000n + BigInt(i));
    const head = new Head();
    const t = Float64Array.from({ length: n }, (_, i) => i);
    head.add({ count: n, series: new Uint32Array(n).fill(7), t, v: new Float64Array(bits.buffer) }, 1, 0);
    expect(new BigUint64Array(head.between(7).v.buffer)).toEqual(bits);
    expect(new BigUint64Array(head.between(7, 5, 8).v.buffer)).toEqual(bits.slice(5, 8));
  });
});
