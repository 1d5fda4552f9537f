import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { Head } from './head.ts';

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
});
