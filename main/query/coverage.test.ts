import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COVERAGE_SOURCES, type CoverageSource } from '../../shared/states.ts';
import { coverageOf, readPiece } from './coverage.ts';
import type { CoverageSpan } from './types.ts';

interface Given {
  tMin: number;
  tMax: number;
  count: number;
  source: CoverageSource;
}

const read = (given: readonly Given[], from: number, to: number): CoverageSpan[] =>
  coverageOf(
    given.flatMap((g) => readPiece(g, g.source, { from, to }) ?? []),
    from,
    to,
  );

const given = fc.array(
  fc
    .record({
      tMin: fc.integer({ min: -20, max: 120 }),
      length: fc.integer({ min: 0, max: 30 }),
      count: fc.integer({ min: 1, max: 12 }),
      source: fc.constantFrom(...COVERAGE_SOURCES.filter((s) => s !== 'none')),
    })
    .map(({ tMin, length, count, source }): Given => {
      return { tMin, tMax: tMin + length, count: length === 0 ? 1 : Math.max(2, Math.min(count, length + 1)), source };
    }),
  { maxLength: 12 },
);

/** Microsecond by microsecond: the worst piece there; in a gap the earlier piece when the gap is short; else none. */
function oracle(all: readonly Given[], from: number, to: number): CoverageSource[] {
  const spacing = (g: Given): number => (g.count > 1 ? (g.tMax - g.tMin) / (g.count - 1) : 0);
  const pieces = all.filter((g) => g.tMax >= from && g.tMin < to);
  return Array.from({ length: to - from }, (_, i) => {
    const at = from + i;
    const here = pieces.filter((g) => g.tMin <= at && at <= g.tMax).map((g) => COVERAGE_SOURCES.indexOf(g.source));
    if (here.length > 0) return COVERAGE_SOURCES[Math.max(...here)]!;
    const before = pieces.filter((g) => g.tMax < at);
    const after = pieces.filter((g) => g.tMin > at);
    const reach = Math.max(...before.map((g) => g.tMax + 1), from);
    const next = Math.min(...after.map((g) => g.tMin), to);
    const candidates = (list: Given[], edge: number, of: (g: Given) => number): Given[] =>
      list.filter((g) => of(g) === edge);
    const left = candidates(before, reach, (g) => g.tMax + 1);
    const right = candidates(after, next, (g) => g.tMin);
    const bridge = 2 * Math.max(0, ...left.slice(0, 1).map(spacing), ...right.slice(0, 1).map(spacing));
    const owner = left[0] ?? right[0];
    return owner !== undefined && next - reach <= bridge ? owner.source : 'none';
  });
}

/** Of pieces that end or begin at the same moment any may stand for the others: the oracle is asked only where there is one. */
const distinct = (all: readonly Given[]): Given[] =>
  all.filter((g, i) => all.findIndex((h) => h.tMin === g.tMin || h.tMax === g.tMax) === i);

describe('Q3 coverage', () => {
  it('Q3 tiles exactly the range, with no source that no piece has', () => {
    fc.assert(
      fc.property(given, fc.integer({ min: -30, max: 120 }), fc.integer({ min: 1, max: 120 }), (all, from, width) => {
        const spans = read(all, from, from + width);
        let at = from;
        for (const [i, span] of spans.entries()) {
          expect(span.from).toBe(at);
          expect(span.to).toBeGreaterThan(span.from);
          expect(['none', ...all.map((g) => g.source)]).toContain(span.source);
          expect(span.source).not.toBe(spans[i - 1]?.source);
          at = span.to;
        }
        expect(at).toBe(from + width);
      }),
      { numRuns: 500 },
    );
  });

  it('Q3 says of each microsecond what its definition says', () => {
    fc.assert(
      fc.property(
        given.map(distinct),
        fc.integer({ min: -30, max: 120 }),
        fc.integer({ min: 1, max: 120 }),
        (all, from, width) => {
          // Only pieces wholly within: what lies beyond an edge is not known to the query.
          const within = all.filter((g) => g.tMin >= from && g.tMax < from + width);
          const flat = read(within, from, from + width).flatMap((s) => new Array(s.to - s.from).fill(s.source));
          expect(flat).toEqual(oracle(within, from, from + width));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('Q3 bridges the ordinary step between pieces and shows a stop of the hub', () => {
    const day = (tMin: number, source: CoverageSource): Given => ({ tMin, tMax: tMin + 900, count: 10, source });
    expect(read([day(0, 'cold'), day(1_000, 'local'), day(3_000, 'local')], 0, 4_000)).toEqual([
      { from: 0, to: 1_000, source: 'cold' },
      { from: 1_000, to: 1_901, source: 'local' },
      { from: 1_901, to: 3_000, source: 'none' },
      { from: 3_000, to: 4_000, source: 'local' },
    ]);
  });

  it('Q3 nothing was recorded: none over the whole range', () => {
    expect(read([], 5, 9)).toEqual([{ from: 5, to: 9, source: 'none' }]);
  });
});
