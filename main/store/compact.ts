import { TidemarkError } from '../../shared/errors.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { mergeRuns } from '../codec/merge.ts';
import { readChunk } from '../codec/segment.ts';
import { buildRows, type Run } from './rows.ts';
import type { NewSegment, SegmentRow } from './segments.ts';

/** Open segments of one day whose series ranges hang together: they can be rewritten without touching any other. */
export function components(rows: readonly SegmentRow[]): SegmentRow[][] {
  const sorted = [...rows].sort((a, b) => a.series_lo - b.series_lo);
  const groups: SegmentRow[][] = [];
  let reach = -1;
  for (const row of sorted) {
    const last = groups.at(-1);
    if (last === undefined || row.series_lo > reach) groups.push([row]);
    else last.push(row);
    reach = Math.max(reach, row.series_hi);
  }
  return groups;
}

/** A group needs work while one of its rows is as the cut left it, or while two rows could hold the same reading. */
export function needsCompaction(group: readonly SegmentRow[]): boolean {
  return group.some((row) => row.final === 0);
}

/**
 * Merges a group by age (epoch, seq) and encodes it anew. `order` gives the source of a series: series of one source lie together, because they share
 * timestamps. Throws 'encoding-differs' as buildRows does; nothing is lost then.
 */
export function rewrite(
  group: readonly SegmentRow[],
  body: (id: number) => Uint8Array,
  order: (series: number) => number,
): { segments: NewSegment[]; damaged: Map<number, TidemarkError> } {
  const byAge = [...group].sort((a, b) => a.epoch - b.epoch || a.seq_lo - b.seq_lo);
  const { pieces, damaged } = readAll(byAge, body);
  const runs = [...pieces]
    .map(([series, list]): Run => ({ series, ...mergeRuns(list) }))
    .sort((a, b) => order(a.series) - order(b.series) || a.series - b.series);
  const built = buildRows(runs);
  const first = byAge[0];
  const newest = byAge.at(-1);
  if (first === undefined || newest === undefined) return { segments: [], damaged };
  const age = {
    day: first.day,
    final: true,
    epoch: newest.epoch,
    seqLo: Math.min(...byAge.map((r) => r.seq_lo)),
    seqHi: Math.max(...byAge.map((r) => r.seq_hi)),
    receivedUs: Math.max(...byAge.map((r) => r.received_us)),
  };
  return { segments: built.map((row) => ({ ...age, built: row })), damaged };
}

/** All chunks by series, oldest first. A chunk that fails its digest is left out, and its row named: it must not hold up the others. */
function readAll(
  rows: readonly SegmentRow[],
  body: (id: number) => Uint8Array,
): { pieces: Map<number, Omit<Run, 'series'>[]>; damaged: Map<number, TidemarkError> } {
  const pieces = new Map<number, Omit<Run, 'series'>[]>();
  const damaged = new Map<number, TidemarkError>();
  for (const row of rows) {
    const bytes = body(row.id);
    for (const chunk of decodeDirectory(row.directory)) {
      const list = pieces.get(chunk.series) ?? [];
      try {
        list.push(readChunk(bytes, chunk));
        pieces.set(chunk.series, list);
      } catch (error) {
        if (!(error instanceof TidemarkError)) throw error;
        damaged.set(row.id, error);
      }
    }
  }
  return { pieces, damaged };
}
