import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../../shared/units.ts';
import { bandRuns, bandsIn, type Coverage } from './band.ts';
import { lonely, withGaps } from './gaps.ts';
import { clampRange, panRange, presetRange, zoomRange } from './range.ts';
import { emptyHistory, goBack, goForward, visit, type ZoomHistory } from './zoom-history.ts';

describe('gaps', () => {
  it('U5 a null goes into a gap, none into steady data', () => {
    const t = Float64Array.of(0, 10, 20, 100, 110);
    const { t: times, columns } = withGaps(t, [Float64Array.of(1, 2, 3, 4, 5)], 0);
    expect(times).toEqual([0, 10, 20, 60, 100, 110]);
    expect(columns).toEqual([[1, 2, 3, null, 4, 5]]);
  });

  it('U5 a spacing just under three times the usual is no gap; buckets are never closer than their width', () => {
    const t = Float64Array.of(0, 10, 20, 49);
    expect(withGaps(t, [], 0).t).toHaveLength(4);
    expect(withGaps(Float64Array.of(0, 20), [], 10).t).toHaveLength(2);
  });

  it('U5 a value that is no number is not drawn as one', () => {
    const { columns } = withGaps(Float64Array.of(0, 1, 2), [Float64Array.of(1, Number.NaN, Infinity)], 0);
    expect(columns).toEqual([[1, null, null]]);
  });

  it('U5 a change of the rate is no gap, and a gap among fast readings is one', () => {
    const slow = Array.from({ length: 20 }, (_, i) => i * 60);
    const fast = Array.from({ length: 400 }, (_, i) => 1_200 + i);
    const later = Array.from({ length: 100 }, (_, i) => 1_700 + i);
    const { t, columns } = withGaps(Float64Array.from([...slow, ...fast, ...later]), [new Float64Array(520)], 0);
    expect(columns[0]?.flatMap((v, i) => (v === null ? [t[i]] : []))).toEqual([1_649.5]);
  });

  it('U5 a reading alone between gaps is found, so that it is drawn', () => {
    expect(lonely([1, null, 2, undefined, null, 3, undefined, 4, null, 5])).toEqual([0, 2, 9]);
    expect(lonely([1, 2])).toEqual([]);
    expect(lonely([])).toEqual([]);
  });

  it('U5 every time and value is kept, times stay ascending', () => {
    const times = fc
      .uniqueArray(fc.integer({ min: 0, max: 1e6 }), { minLength: 1 })
      .map((a) => a.sort((x, y) => x - y));
    fc.assert(
      fc.property(times, (list) => {
        const t = Float64Array.from(list);
        const out = withGaps(t, [t], 0);
        expect(out.columns[0]?.filter((v) => v !== null)).toEqual(list);
        for (let i = 1; i < out.t.length; i++) expect(out.t[i]).toBeGreaterThan(out.t[i - 1] ?? 0);
      }),
    );
  });
});

describe('source band', () => {
  const range = { from: 0, to: 1000 };
  const span = (from: number, to: number, source: Coverage['source']): Coverage => ({ from, to, source });

  it('U6 tells apart what a technician does, and merges both local tiers', () => {
    const runs = bandRuns([span(0, 500, 'cold'), span(500, 800, 'local'), span(800, 1000, 'head')], range, 10);
    expect(runs).toEqual([
      { band: 'archive', start: 0, width: 0.5 },
      { band: 'gateway', start: 0.5, width: 0.5 },
    ]);
    expect(bandsIn(runs)).toEqual(['gateway', 'archive']);
  });

  it('U6 a short unreachable stretch is never lost in a cell; what is not covered was never recorded', () => {
    const runs = bandRuns([span(0, 500, 'local'), span(201, 202, 'unreachable')], range, 10);
    expect(runs.map((r) => r.band)).toEqual(['gateway', 'unreachable', 'gateway', 'none']);
  });

  it('U6 runs tile the range whatever the coverage', () => {
    const spans = fc.array(
      fc
        .tuple(fc.integer({ min: -100, max: 1100 }), fc.integer({ min: 1, max: 500 }))
        .map(([a, n]) => span(a, a + n, 'cache')),
    );
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 300 }), (list, cells) => {
        const runs = bandRuns(list, range, cells);
        expect(runs.reduce((n, r) => n + r.width, 0)).toBeCloseTo(1);
        for (let i = 1; i < runs.length; i++) expect(runs[i]?.band).not.toBe(runs[i - 1]?.band);
      }),
    );
  });
});

describe('ranges', () => {
  const bounds = { oldest: 0, newest: 100 * DAY_US };

  it('U7 presets end now; `all` begins with the oldest reading', () => {
    expect(presetRange('24h', 10 * DAY_US, 0)).toEqual({ from: 9 * DAY_US, to: 10 * DAY_US });
    expect(presetRange('all', 10 * DAY_US, 2 * DAY_US)).toEqual({ from: 2 * DAY_US, to: 10 * DAY_US });
    expect(presetRange('all', DAY_US, null)).toEqual({ from: DAY_US - HOUR_US, to: DAY_US });
  });

  it('U7 zoom keeps the point under the pointer; pan keeps the span', () => {
    expect(zoomRange({ from: 0, to: 100 }, 0.5, 20)).toEqual({ from: 10, to: 60 });
    expect(zoomRange(zoomRange({ from: 0, to: 100 }, 0.5), 2)).toEqual({ from: 0, to: 100 });
    expect(panRange({ from: 0, to: 100 }, -0.25)).toEqual({ from: -25, to: 75 });
  });

  it('U7 any range ends up whole, in bounds and within sane spans', () => {
    const edge = fc.double({ min: -1e18, max: 1e18, noNaN: true });
    fc.assert(
      fc.property(edge, edge, (a, b) => {
        const { from, to } = clampRange({ from: Math.min(a, b), to: Math.max(a, b) }, bounds);
        expect(Number.isSafeInteger(from) && Number.isSafeInteger(to)).toBe(true);
        expect(to - from).toBeGreaterThanOrEqual(10_000);
        expect(to).toBeGreaterThanOrEqual(bounds.oldest);
        expect(from).toBeLessThanOrEqual(bounds.newest);
      }),
    );
    expect(clampRange({ from: DAY_US, to: 2 * DAY_US }, bounds)).toEqual({ from: DAY_US, to: 2 * DAY_US });
  });
});

it('U8 back and forward walk the same views; a new view forgets what was forward', () => {
  let history: ZoomHistory<string> = visit(visit(emptyHistory, 'a'), 'b');
  const back = goBack(history, 'c');
  expect(back?.view).toBe('b');
  history = back?.history ?? history;
  expect(goForward(history, 'b')?.view).toBe('c');
  expect(goBack(history, 'b')?.view).toBe('a');
  expect(goForward(visit(history, 'b'), 'd')).toBeUndefined();
  expect(goBack(emptyHistory, 'x')).toBeUndefined();
  let long: ZoomHistory<number> = emptyHistory;
  for (let i = 0; i < 300; i++) long = visit(long, i);
  expect(long.past).toHaveLength(100);
});
