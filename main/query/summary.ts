import type { BucketGrid } from '../../shared/buckets.ts';
import { gaps, type Stretch } from '../../shared/stretch.ts';
import { HOUR_US } from '../../shared/units.ts';
import type { Piece } from '../store/types.ts';
import { combine, join } from './downsample.ts';
import type { ColdSession } from './fetch.ts';
import type { QueryReads } from './reads.ts';
import { SUMMARY_LEVELS } from './rollups.ts';
import type { BucketColumns, ReadPiece, RollupAnswer } from './types.ts';
import { readWindow } from './window.ts';

/** A stretch of an answer in the buckets of its grid. */
export interface Filled {
  columns: BucketColumns;
  read: ReadPiece[];
  /** Some of it is only a summary, coarser than the buckets. */
  coarse: boolean;
}

/** What a window is read with. */
export interface Sources {
  reads: QueryReads;
  key: string;
  grid: BucketGrid;
  /** What a plan found. */
  planned: readonly Piece[];
  session: ColdSession;
  signal: AbortSignal | undefined;
}

/** What rollups know of a stretch, the finest there is. */
export function summaryOf(
  reads: QueryReads,
  key: string,
  { from, to }: Stretch,
  grid: BucketGrid,
  signal: AbortSignal | undefined,
): Promise<RollupAnswer> {
  return reads.readRollups({ key, from, to, grid, levels: SUMMARY_LEVELS, exactUpTo: 0, thinFromDays: 0 }, signal);
}

/** Reads a window; of what cannot be reached the summary is shown, as far as there is one. */
export async function readBuckets(s: Sources, window: Stretch): Promise<Filled> {
  const whole = await readRaw(s, window);
  const known: Stretch[] = [];
  let columns = join([]);
  const read: ReadPiece[] = [];
  for (const lost of lostHours(whole.read, window)) {
    const summary = await summaryOf(s.reads, s.key, lost, s.grid, s.signal);
    known.push(...summary.known);
    read.push(...summary.read);
    columns = combine(columns, summary.buckets);
  }
  if (known.length === 0) return whole;
  // A bucket of a summary sums up everything in it: what lies around is read again without it.
  const rest: Filled[] = [];
  for (const open of gaps(known, window)) rest.push(await readRaw(s, open));
  return {
    columns: combine(columns, join(rest.map((r) => r.columns))),
    read: [...read, ...rest.flatMap((r) => r.read)],
    coarse: true,
  };
}

async function readRaw(s: Sources, { from, to }: Stretch): Promise<Filled> {
  const shape = { kind: 'buckets', origin: s.grid.from, end: s.grid.to, points: s.grid.points } as const;
  const { result, read } = await readWindow(s.reads, { key: s.key, from, to, shape }, s.planned, s.session, s.signal);
  return { columns: result.buckets ?? join([]), read, coarse: false };
}

/** Whole hours, as far as the window has them, around what could not be reached. */
function lostHours(read: readonly ReadPiece[], window: Stretch): Stretch[] {
  const lost: Stretch[] = [];
  for (const piece of read.filter((r) => r.source === 'unreachable').sort((a, b) => a.from - b.from)) {
    const from = Math.max(window.from, Math.floor(piece.from / HOUR_US) * HOUR_US);
    const to = Math.min(window.to, Math.ceil(piece.to / HOUR_US) * HOUR_US);
    const last = lost.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else lost.push({ from, to });
  }
  return lost;
}
