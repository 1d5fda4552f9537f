import { TidemarkError } from '../../shared/errors.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { mergeRuns, type Run } from '../codec/merge.ts';
import { isDense, rollUp } from '../codec/roll-up.ts';
import { encodeRollup, joinBuckets, type Rollup } from '../codec/rollup.ts';
import type { Chunk } from '../codec/types.ts';
import { WIDTH_US } from './levels.ts';
import type { SegmentRow } from './segments.ts';
import type { Level } from './types.ts';

/** Rollups of one series and day by level. */
export type Levels = Record<Level, Rollup>;

/** Readings that are put together before they are summed up; a series that has more on a day is summed up chunk by chunk. */
const MOST_TOGETHER = 1_000_000;

/** A chunk and the row it lies in. */
export interface Placed {
  row: SegmentRow;
  chunk: Chunk;
}

/** The chunks of rows by series, each list oldest first; `unreadable` are the series of which some readings are lost. */
export interface Inventory {
  chunks: Map<number, Placed[]>;
  unreadable: Set<number>;
}

/** `damaged` rows only tell which series are not whole. Of a directory that cannot be read nobody knows which it holds. */
export function inventory(rows: readonly SegmentRow[], damaged: readonly SegmentRow[]): Inventory {
  const chunks: Inventory['chunks'] = new Map();
  const unreadable = new Set<number>();
  const each = (row: SegmentRow, take: (chunk: Chunk) => void): void => {
    try {
      for (const chunk of decodeDirectory(row.directory))
        if (chunk.series >= row.series_lo && chunk.series <= row.series_hi) take(chunk);
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      for (let series = row.series_lo; series <= row.series_hi; series++) unreadable.add(series);
    }
  };
  for (const row of [...rows].sort((a, b) => a.epoch - b.epoch || a.seq_lo - b.seq_lo)) {
    each(row, (chunk) => {
      const list = chunks.get(chunk.series);
      if (list === undefined) chunks.set(chunk.series, [{ row, chunk }]);
      else list.push({ row, chunk });
    });
  }
  for (const row of damaged) each(row, (chunk) => unreadable.add(chunk.series));
  return { chunks, unreadable };
}

/**
 * What the chunks of one series and day sum up to, the later winning; undefined when one of them cannot be read. Yields the work done, about a chunk.
 */
export function* sumUp(
  placed: readonly Placed[],
  read: (row: SegmentRow, chunk: Chunk) => Run,
): Generator<number, Levels | undefined> {
  const apart = placed.reduce((n, { chunk }) => n + chunk.count, 0) > MOST_TOGETHER && areApart(placed);
  const parts: Levels[] = [];
  const runs: Run[] = [];
  try {
    for (const { row, chunk } of apart ? byTime(placed) : placed) {
      const run = read(row, chunk);
      if (apart) parts.push(levelsOf(run));
      else runs.push(run);
      yield chunk.count;
    }
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return undefined;
  }
  if (!apart) parts.push(levelsOf(mergeRuns(runs)));
  return {
    minutes: joinBuckets(parts.map((part) => part.minutes)),
    hours: joinBuckets(parts.map((part) => part.hours)),
  };
}

function levelsOf(run: Run): Levels {
  return { minutes: rollUp(run, WIDTH_US.minutes), hours: rollUp(run, WIDTH_US.hours) };
}

function byTime(placed: readonly Placed[]): Placed[] {
  return [...placed].sort((a, b) => a.chunk.tMin - b.chunk.tMin);
}

/** No two of them overlap in time. */
function areApart(placed: readonly Placed[]): boolean {
  const sorted = byTime(placed);
  return sorted.every(({ chunk }, i) => i === 0 || chunk.tMin > (sorted[i - 1]?.chunk.tMax ?? 0));
}

/**
 * The frame of a level; undefined where only the readings tell. 5 minutes have to pay. Hours are there for every series that sent something: they are few, and
 * years of a slow series would else be asked of as many blocks as it has days.
 */
export function frameOf(level: Level, r: Rollup): Uint8Array | undefined {
  return level === 'hours' || isDense(r) ? encodeRollup(r) : undefined;
}
