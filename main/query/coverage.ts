import { COVERAGE_SOURCES, type CoverageSource } from '../../shared/states.ts';
import type { Piece } from '../store/types.ts';
import type { CoverageSpan } from './types.ts';

export interface ReadPiece {
  piece: Pick<Piece, 'tMin' | 'tMax' | 'count'>;
  source: CoverageSource;
}

const rank = (source: CoverageSource): number => COVERAGE_SOURCES.indexOf(source);

/** Mean time between readings of a piece; 0 for a single one. */
function spacing({ tMin, tMax, count }: ReadPiece['piece']): number {
  return count > 1 ? (tMax - tMin) / (count - 1) : 0;
}

/**
 * Where each stretch of [from, to) came from: spans tile the range, neighbours of one source are merged, and of two that overlap the worse counts.
 * A gap between pieces belongs to the earlier one while it is not longer than twice the mean spacing of either; else nothing was recorded there.
 */
export function coverageOf(read: readonly ReadPiece[], from: number, to: number): CoverageSpan[] {
  const inside = read
    .filter(({ piece }) => piece.tMax >= from && piece.tMin < to)
    .sort((a, b) => a.piece.tMin - b.piece.tMin);
  const stretches: CoverageSpan[] = [];
  let reach = Number.NEGATIVE_INFINITY;
  let before: ReadPiece | undefined;
  for (const next of inside) {
    const gap = next.piece.tMin - reach;
    if (before !== undefined && gap > 0 && gap <= 2 * Math.max(spacing(before.piece), spacing(next.piece))) {
      stretches.push({ from: reach, to: next.piece.tMin, source: before.source });
    } else if (before === undefined && next.piece.tMin - from <= 2 * spacing(next.piece)) {
      stretches.push({ from, to: next.piece.tMin, source: next.source });
    }
    stretches.push({ from: next.piece.tMin, to: next.piece.tMax + 1, source: next.source });
    if (next.piece.tMax + 1 > reach) {
      reach = next.piece.tMax + 1;
      before = next;
    }
  }
  if (before !== undefined && to - reach <= 2 * spacing(before.piece))
    stretches.push({ from: reach, to, source: before.source });
  return tile(stretches, from, to);
}

/** Cuts the range at every edge, and gives each part the worst source that covers it. */
function tile(stretches: readonly CoverageSpan[], from: number, to: number): CoverageSpan[] {
  const clipped = stretches
    .map((s) => ({ ...s, from: Math.max(from, s.from), to: Math.min(to, s.to) }))
    .filter((s) => s.from < s.to);
  const edges = clipped
    .flatMap((s, i) => [
      { at: s.from, i, opens: true },
      { at: s.to, i, opens: false },
    ])
    .sort((a, b) => a.at - b.at);
  const open = new Set<number>();
  const spans: CoverageSpan[] = [];
  let at = from;
  const emit = (end: number): void => {
    if (end <= at) return;
    let source: CoverageSource = 'none';
    for (const i of open) {
      const other = clipped[i]?.source ?? 'none';
      if (rank(other) > rank(source)) source = other;
    }
    const last = spans.at(-1);
    if (last?.source === source) last.to = end;
    else spans.push({ from: at, to: end, source });
    at = end;
  };
  for (const edge of edges) {
    emit(edge.at);
    if (edge.opens) open.add(edge.i);
    else open.delete(edge.i);
  }
  emit(to);
  return spans;
}
