import { describe, expect, it } from 'vitest';
import type { QueryUpdate } from '../../shared/schemas.ts';
import { lastWithin, nearest, plotted, sharpen, stepFrom } from './trace.ts';

const base64 = (values: readonly number[]): string => Buffer.from(Float64Array.from(values).buffer).toString('base64');

/** An answer over [0, 1000) in ten points, with these buckets. */
function update(t: readonly number[], part: Partial<QueryUpdate> = {}): QueryUpdate {
  const same = base64(t.map((x) => x / 10));
  const columns = { t: base64(t), mean: same, first: same, last: same, count: base64(t.map(() => 2)) };
  return {
    series: 'pump.temp',
    unit: '',
    from: 0,
    to: 1_000,
    raw: false,
    columns: { ...columns, min: base64(t.map((x) => x / 10 - 1)), max: base64(t.map((x) => x / 10 + 1)) },
    coverage: [
      { from: 0, to: 500, source: 'cold' },
      { from: 500, to: 1_000, source: 'local' },
    ],
    cold: { bytes: 0, total_bytes: 10, requests: 0 },
    done: false,
    coarse: false,
    ...part,
  };
}

const timesOf = (picture: ReturnType<typeof sharpen>): number[] => plotted(picture.layers).t.map(Math.round);

describe('sharpening in place', () => {
  const done = sharpen(undefined, update([0, 100, 200, 300, 400, 500, 600], { done: true }), 10);

  it('U9 what the archive has not answered yet keeps the picture from before, nothing else does', () => {
    const first = sharpen(done, update([500, 600]), 10);
    expect(first.pending).toEqual([{ from: 0, to: 500 }]);
    expect(timesOf(first)).toEqual([0, 100, 200, 300, 400, 500, 600]);
    const second = sharpen(first, update([0, 150, 500, 600]), 10);
    expect(second.pending).toEqual([{ from: 151, to: 500 }]);
    expect(timesOf(second)).toEqual([0, 150, 200, 300, 400, 500, 600]);
    const last = sharpen(second, update([0, 150, 500, 600], { done: true }), 10);
    expect(last.pending).toEqual([]);
    expect(timesOf(last)).toContain(150);
    expect(last.layers).toHaveLength(1);
  });

  it('U9 without a picture from before, what is on its way is said to be pending', () => {
    const first = sharpen(undefined, update([500, 600]), 10);
    expect(first.pending).toEqual([{ from: 0, to: 500 }]);
    expect(timesOf(first)).toEqual([500, 600]);
  });

  it('U9 a raw point is one reading at its own time', () => {
    const raw = sharpen(undefined, update([17, 230], { raw: true, done: true }), 10);
    expect(raw.layers[0]?.bucket).toBe(0);
    expect(nearest(raw, 200, 40)?.t).toBe(230);
  });

  it('U9 a cursor reads the nearest point within reach, and steps from point to point', () => {
    expect(nearest(done, 260, 0)).toMatchObject({ t: 200, mean: 20, min: 19, max: 21, count: 2 });
    expect(nearest(done, 990, 10)).toBeUndefined();
    expect(stepFrom(done, undefined, 1)).toBe(50);
    expect(stepFrom(done, 50, 1)).toBe(150);
    expect(stepFrom(done, 50, -1)).toBe(50);
    expect(stepFrom(done, undefined, -1)).toBe(650);
    expect(lastWithin(done, { from: 100, to: 350 })?.t).toBe(300);
    expect(lastWithin(done, { from: 800, to: 900 })).toBeUndefined();
  });
});
