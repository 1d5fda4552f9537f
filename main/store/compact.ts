import { TidemarkError } from '../../shared/errors.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { mergeRuns } from '../codec/merge.ts';
import { readChunk } from '../codec/segment.ts';
import { TimeColumns } from '../codec/time-columns.ts';
import type { Chunk } from '../codec/types.ts';
import { type Run, rowSteps } from './rows.ts';
import type { NewSegment, SegmentRow } from './segments.ts';

/** Open segments of one day whose series ranges hang together: they can be rewritten without touching any other. */
function components(rows: readonly SegmentRow[]): SegmentRow[][] {
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

/** A group needs work while one of its rows is as the cut left it: late readings come in such a row, too. */
function needsCompaction(group: readonly SegmentRow[]): boolean {
  return group.some((row) => row.final === 0);
}

/** The first group, and those beside it that are of the same cut, as far as they make one slice: a commit for each would be most of the work of small ones. */
function firstGroup(groups: readonly SegmentRow[][], mostReadings: number): SegmentRow[] | undefined {
  const [first] = groups;
  if (first === undefined) return undefined;
  const group = [...first];
  for (const next of groups.slice(1)) {
    const readings = [...group, ...next].reduce((n, row) => n + row.readings, 0);
    // What is rewritten together gets one age: that of other rows must not reach into it.
    if (readings > mostReadings || !areOfOneAge([...group, ...next])) break;
    group.push(...next);
  }
  return group;
}

function areOfOneAge(rows: readonly SegmentRow[]): boolean {
  const [first] = rows;
  return rows.every(
    ({ epoch, seq_lo: lo, seq_hi: hi }) => epoch === first?.epoch && lo === first.seq_lo && hi === first.seq_hi,
  );
}

/** Part of a group: of each of its rows the chunks of series up to `upTo`; rows that have none are left out. Oldest row first. */
export interface Slice {
  upTo: number;
  parts: { row: SegmentRow; chunks: Chunk[] }[];
  /** Rows whose directory cannot be read: nothing of them can be. */
  lost: Unread[];
}

/**
 * The first slice of a day's open rows that needs work. What is left of a group is for later slices: its rows then begin at the first series that is
 * still to be read from them. `sourceOf` gives the source of a series; a source stays in one slice if it can, because its series share timestamps.
 */
export function nextSlice(
  rows: readonly SegmentRow[],
  sourceOf: (series: number) => number,
  mostReadings: number,
): Slice | undefined {
  const group = firstGroup(components(rows).filter(needsCompaction), mostReadings);
  if (group === undefined) return undefined;
  const byAge: Slice['parts'] = [];
  const lost: Slice['lost'] = [];
  for (const row of [...group].sort((a, b) => a.epoch - b.epoch || a.seq_lo - b.seq_lo)) {
    try {
      byAge.push({ row, chunks: decodeDirectory(row.directory).filter((c) => c.series >= row.series_lo) });
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      lost.push({ row, series: undefined, error });
    }
  }
  const upTo = endOfSlice(
    byAge.flatMap(({ chunks }) => chunks),
    sourceOf,
    mostReadings,
  );
  const parts = byAge.map(({ row, chunks }) => ({ row, chunks: chunks.filter((c) => c.series <= upTo) }));
  return { upTo, parts: parts.filter(({ chunks }) => chunks.length > 0), lost };
}

/** The last series of the first slice, which has `mostReadings` unless one series alone has more. */
function endOfSlice(chunks: readonly Chunk[], sourceOf: (series: number) => number, mostReadings: number): number {
  const readings = new Map<number, number>();
  for (const { series, count } of chunks) readings.set(series, (readings.get(series) ?? 0) + count);
  const bundles: { source: number; last: number; readings: number }[] = [];
  for (const [series, count] of [...readings].sort(([a], [b]) => a - b)) {
    const [source, bundle] = [sourceOf(series), bundles.at(-1)];
    if (bundle?.source === source && bundle.readings + count <= mostReadings) {
      bundle.last = series;
      bundle.readings += count;
    } else bundles.push({ source, last: series, readings: count });
  }
  let end = bundles[0];
  let taken = end?.readings ?? 0;
  for (const bundle of bundles.slice(1)) {
    taken += bundle.readings;
    if (taken > mostReadings) break;
    end = bundle;
  }
  return end?.last ?? Number.MAX_SAFE_INTEGER;
}

/** Readings that cannot be read, of one series of a row, or of all that the row still holds. */
export interface Unread {
  row: SegmentRow;
  series: number | undefined;
  error: TidemarkError;
}

/** What takes the place of a slice, the chunks of it that could not be read, and rows whose bodies could not be read from end to end. */
export interface Rewritten {
  segments: NewSegment[];
  damaged: Unread[];
  broken: ReadonlySet<number>;
}

/** How stored bytes are read. Both throw 'damaged-frame' for what cannot be. */
export interface Stored {
  /** All of a row, at once. */
  body(row: SegmentRow): Uint8Array;
  /** Of a row of which other bytes may be lost. */
  chunk(row: SegmentRow, chunk: Chunk, times: TimeColumns): Omit<Run, 'series'>;
}

/**
 * Merges a slice by age (epoch, seq) and encodes it anew, series of one source next to each other. Yields the work done, about a chunk, so that the
 * caller can pause. Throws 'encoding-differs' as rowSteps does; nothing is lost then.
 */
export function* rewrite(
  slice: Slice,
  stored: Stored,
  sourceOf: (series: number) => number,
): Generator<number, Rewritten> {
  const rows = slice.parts.map(({ row }) => row);
  const newest = rows.at(-1);
  const damaged: Unread[] = [];
  const broken = new Set<number>();
  if (newest === undefined) return { segments: [], damaged, broken };
  const age = {
    day: newest.day,
    final: true,
    epoch: newest.epoch,
    seqLo: Math.min(...rows.map((r) => r.seq_lo)),
    seqHi: Math.max(...rows.map((r) => r.seq_hi)),
    receivedUs: Math.max(...rows.map((r) => r.received_us)),
  };
  const segments: NewSegment[] = [];
  for (const { work, row } of rowSteps(mergedRuns(slice, stored, sourceOf, { damaged, broken }))) {
    if (row !== undefined) segments.push({ ...age, built: row });
    yield work;
  }
  return { segments, damaged, broken };
}

/** The series of a slice one by one. What cannot be read is left out and named: it must not hold up the others. */
function* mergedRuns(
  slice: Slice,
  stored: Stored,
  sourceOf: (series: number) => number,
  { damaged, broken }: { damaged: Unread[]; broken: Set<number> },
): Generator<Run> {
  const times = new TimeColumns();
  const pieces = new Map<number, { row: SegmentRow; bytes: Uint8Array | undefined; chunk: Chunk }[]>();
  for (const { row, chunks } of slice.parts) {
    const bytes = tried(
      () => stored.body(row),
      () => broken.add(row.id),
    );
    for (const chunk of chunks) {
      const list = pieces.get(chunk.series) ?? [];
      list.push({ row, bytes, chunk });
      pieces.set(chunk.series, list);
    }
  }
  for (const series of [...pieces.keys()].sort((a, b) => sourceOf(a) - sourceOf(b) || a - b)) {
    const runs: Omit<Run, 'series'>[] = [];
    for (const { row, bytes, chunk } of pieces.get(series) ?? []) {
      const run = tried(
        () => (bytes === undefined ? stored.chunk(row, chunk, times) : readChunk(bytes, chunk, times)),
        (error) => damaged.push({ row, series, error }),
      );
      if (run !== undefined) runs.push(run);
    }
    if (runs.length > 0) yield { series, ...mergeRuns(runs) };
  }
}

function tried<T>(read: () => T, failed: (error: TidemarkError) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    failed(error);
    return undefined;
  }
}
