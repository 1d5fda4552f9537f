import { TidemarkError } from '../../shared/errors.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { mergeRuns } from '../codec/merge.ts';
import { readChunk } from '../codec/segment.ts';
import { buildRows, type Run } from './cut.ts';
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
 * Merges a group by age (epoch, seq), encodes it anew, decodes that again and compares bit for bit (T9). `order` gives the source of a series: series
 * of one source lie together, because they share timestamps. Throws 'compaction-differs' when the copy is not equal; nothing is lost then.
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
  compare(runs, built);
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

/** T9. Compares bits, not numbers: NaN equals only the same NaN. */
function compare(runs: readonly Run[], rows: readonly NewSegment['built'][]): void {
  const decoded = new Map<number, { t: Float64Array; v: Float64Array }[]>();
  for (const row of rows) {
    for (const chunk of decodeDirectory(row.directory)) {
      const list = decoded.get(chunk.series) ?? [];
      list.push(readChunk(row.body, chunk));
      decoded.set(chunk.series, list);
    }
  }
  for (const run of runs) {
    let at = 0;
    for (const part of decoded.get(run.series) ?? []) {
      const same =
        sameBits(run.t.subarray(at, at + part.t.length), part.t) &&
        sameBits(run.v.subarray(at, at + part.v.length), part.v);
      if (!same) throw differs(run.series);
      at += part.t.length;
    }
    if (at !== run.t.length) throw differs(run.series);
  }
}

function sameBits(a: Float64Array, b: Float64Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
}

function differs(series: number): TidemarkError {
  return new TidemarkError(
    'compaction-differs',
    `series ${series} decoded differently after it was encoded anew; the old copy was kept`,
    {
      retry: 'later',
      blame: 'gateway',
      action: 'check the memory of this machine; send the events to support',
    },
  );
}
