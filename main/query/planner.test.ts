import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import type { Piece } from '../store/types.ts';
import { coldBytes, planWindows } from './planner.ts';

const object = { key: 'o' };
const ref = (length: number) => ({ offset: 0, length, digest: '0'.repeat(32) });

function piece(tMin: number, tMax: number, count: number, frameBytes?: number): Piece {
  return {
    tier: frameBytes === undefined ? 'local' : 'cold',
    day: Math.floor(tMin / DAY_US),
    tMin,
    tMax,
    count,
    epoch: 1,
    seqLo: 0,
    seqHi: 0,
    ...(frameBytes === undefined ? {} : { cold: { blockId: 'b', object, frames: [ref(frameBytes), ref(frameBytes)] } }),
  };
}

const inWindow = (w: { from: number; to: number }) => (p: Piece) => p.tMax >= w.from && p.tMin < w.to;
const total = (pieces: Piece[], of: (p: Piece) => number) => pieces.reduce((n, p) => n + of(p), 0);

const pieces = fc.array(
  fc
    .record({
      start: fc.integer({ min: 0, max: 1_000 }),
      length: fc.integer({ min: 0, max: 60 }),
      count: fc.integer({ min: 1, max: 90 }),
      bytes: fc.option(fc.integer({ min: 1, max: 3_000_000 }), { nil: undefined }),
    })
    .map(({ start, length, count, bytes }) => piece(start, start + length, count, bytes)),
  { maxLength: 60 },
);

describe('Q4 the planner', () => {
  it('Q4 tiles the range in time order, and marks as cold exactly the windows that hold something cold', () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const [from, to] = [-5, 1_100];
        const windows = planWindows(all, from, to, 100);
        expect(windows.length === 0).toBe(all.length === 0);
        if (windows.length === 0) return;
        expect(windows[0]?.from).toBe(from);
        expect(windows.at(-1)?.to).toBe(to);
        for (const [i, w] of windows.entries()) {
          expect(w.from).toBeLessThan(w.to);
          if (i > 0) expect(w.from).toBe(windows[i - 1]?.to);
          expect(w.cold).toBe(all.filter(inWindow(w)).some((p) => p.cold !== undefined));
        }
      }),
    );
  });

  it('Q4 tiles a range that begins or ends inside pieces', () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 1, max: 300 }), (all, from, width) => {
        const to = from + width;
        const windows = planWindows(all.filter(inWindow({ from, to })), from, to, 100);
        let at = windows.length === 0 ? to : from;
        for (const w of windows) {
          expect(w.from).toBe(at);
          expect(w.to).toBeGreaterThan(w.from);
          at = w.to;
        }
        expect(at).toBe(to);
      }),
    );
  });

  it('Q4 bounds what a window of pieces that do not overlap holds', () => {
    fc.assert(
      fc.property(pieces, (some) => {
        const all = some.map((p, i) => ({ ...p, tMin: i * 10, tMax: i * 10 + 9 }));
        for (const w of planWindows(all, 0, 10_000, 100)) {
          const held = all.filter(inWindow(w));
          expect(total(held, (p) => p.count)).toBeLessThanOrEqual(100);
          expect(total(held, coldBytes)).toBeLessThanOrEqual(8_000_000);
          expect(held.length === 0 || held.filter((p) => p.cold !== undefined).length <= 32).toBe(true);
        }
      }),
    );
  });

  it('Q4 keeps apart only what must be: whole windows are as full as they may be', () => {
    const days = Array.from({ length: 365 }, (_, i) => piece(i * 1_000, i * 1_000 + 999, 1_440));
    expect(planWindows(days, 0, 365_000)).toHaveLength(2);
    expect(planWindows(days.slice(0, 30), 0, 365_000)).toEqual([{ from: 0, to: 365_000, cold: false }]);
  });

  it('Q4 splits a huge day, also under one long late piece, but reads a heap that overlaps itself only once', () => {
    const chunks = Array.from({ length: 60 }, (_, i) => piece(i * 1_000, i * 1_000 + 999, 131_072));
    expect(planWindows(chunks, 0, 60_000)).toHaveLength(30);
    const late = piece(5, 59_990, 24);
    const windows = planWindows([...chunks, late], 0, 60_000);
    expect(windows.length).toBeGreaterThan(25);
    for (const w of windows) expect(chunks.filter(inWindow(w)).length).toBeLessThanOrEqual(2);
    const heap = Array.from({ length: 20 }, (_, i) => piece(i, 60_000 + i, 131_072));
    expect(planWindows(heap, 0, 70_000)).toHaveLength(1);
  });

  it('Q4 late local data of a cold day does not make the days beside it cold', () => {
    const days = Array.from({ length: 9 }, (_, i) => piece(i * 1_000 + 500, i * 1_000 + 999, 100));
    const cold = piece(4_400, 4_999, 100, 1_000);
    const late = piece(4_300, 4_450, 3);
    const windows = planWindows([...days.filter((_, i) => i !== 4), cold, late], 0, 9_000);
    expect(windows).toEqual([
      { from: 0, to: 4_300, cold: false },
      { from: 4_300, to: 5_500, cold: true },
      { from: 5_500, to: 9_000, cold: false },
    ]);
  });
});
