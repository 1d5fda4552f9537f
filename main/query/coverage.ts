import { COVERAGE_SOURCES, type CoverageSource } from '../../shared/states.ts';
import type { Piece } from '../store/types.ts';
import type { CoverageSpan, ReadPiece } from './types.ts';

/** The part of a piece that lies in [from, to), and where it came from; undefined when nothing does. */
export function readPiece(
  piece: Pick<Piece, 'tMin' | 'tMax' | 'count'>,
  source: CoverageSource,
  window: { from: number; to: number },
): ReadPiece | undefined {
  const [from, to] = [Math.max(piece.tMin, window.from), Math.min(piece.tMax + 1, window.to)];
  if (from >= to) return undefined;
  return { from, to, source, spacing: piece.count > 1 ? (piece.tMax - piece.tMin) / (piece.count - 1) : 0 };
}

/**
 * Where each stretch of [from, to) came from: spans tile the range, neighbours of one source are merged, and of two that overlap the worse counts
 * (COVERAGE_SOURCES). A gap between pieces belongs to the earlier one while it is not longer than twice the mean spacing of either, likewise the
 * stretch between an edge of the range and the piece next to it; any other gap was never recorded.
 */
export function coverageOf(read: readonly ReadPiece[], from: number, to: number): CoverageSpan[] {
  const stretches: CoverageSpan[] = [];
  let before: ReadPiece | undefined;
  for (const next of [...read].sort((a, b) => a.from - b.from)) {
    const reach = before?.to ?? from;
    const bridge = 2 * Math.max(before?.spacing ?? 0, next.spacing);
    if (next.from > reach && next.from - reach <= bridge)
      stretches.push({ from: reach, to: next.from, source: (before ?? next).source });
    stretches.push(next);
    if (before === undefined || next.to > before.to) before = next;
  }
  if (before !== undefined && before.to < to && to - before.to <= 2 * before.spacing)
    stretches.push({ from: before.to, to, source: before.source });
  return tile(stretches, from, to);
}

const RANK = new Map(COVERAGE_SOURCES.map((source, rank) => [source, rank]));

/** Cuts the range at every edge, and gives each part the worst source that covers it. */
function tile(stretches: readonly CoverageSpan[], from: number, to: number): CoverageSpan[] {
  const edges = stretches
    .flatMap((s) => [
      { at: s.from, source: s.source, by: 1 },
      { at: s.to, source: s.source, by: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  const open = COVERAGE_SOURCES.map(() => 0);
  const spans: CoverageSpan[] = [];
  let at = from;
  const fill = (end: number): void => {
    if (end <= at) return;
    const source = COVERAGE_SOURCES[open.findLastIndex((n) => n > 0)] ?? 'none';
    const last = spans.at(-1);
    if (last?.source === source) last.to = end;
    else spans.push({ from: at, to: end, source });
    at = end;
  };
  for (const edge of edges) {
    fill(Math.min(edge.at, to));
    const rank = RANK.get(edge.source) ?? 0;
    open[rank] = (open[rank] ?? 0) + edge.by;
  }
  fill(to);
  return spans;
}
