import type { BucketGrid } from '../../shared/buckets.ts';
import { gaps, type Stretch } from '../../shared/stretch.ts';
import { EACH_LEVEL, WIDTH_US } from '../store/levels.ts';
import type { AskedLevel, Piece } from '../store/types.ts';
import { combine, join } from './downsample.ts';
import type { ColdSession, FetchedFrames } from './fetch.ts';
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

/** What rollups know of stretches, the finest there is of the levels, in the same order. */
export function summariesOf(
  reads: Pick<QueryReads, 'readSummaries'>,
  key: string,
  stretches: readonly Stretch[],
  grid: BucketGrid,
  signal: AbortSignal | undefined,
  levels: readonly AskedLevel[] = SUMMARY_LEVELS,
): Promise<RollupAnswer[]> {
  const requests = stretches.map(({ from, to }) => ({ key, from, to, grid, levels, exactUpTo: 0, thinFromDays: 0 }));
  return reads.readSummaries(requests, signal);
}

/** Reads a window, of which the frames may be `fetched` already; of what cannot be reached the summary is shown, as far as there is one. */
export async function readBuckets(s: Sources, window: Stretch, fetched?: FetchedFrames): Promise<Filled> {
  const whole = await readRaw(s, window, fetched);
  const known: Stretch[] = [];
  let columns = join([]);
  const read: ReadPiece[] = [];
  let lost: Stretch[] = whole.read.filter((r) => r.source === 'unreachable');
  // Quarters of days where nothing finer is known.
  for (const level of ['hours', 'quarters'] as const) {
    const levels = level === 'hours' ? EACH_LEVEL : [level];
    lost = wholeBuckets(lost, WIDTH_US[level], window).flatMap((stretch) => gaps(known, stretch));
    for (const summary of await summariesOf(s.reads, s.key, lost, s.grid, s.signal, levels)) {
      known.push(...summary.known);
      read.push(...summary.read);
      columns = combine(columns, summary.buckets);
    }
    known.sort((a, b) => a.from - b.from);
    lost = lost.flatMap((stretch) => gaps(known, stretch));
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

async function readRaw(s: Sources, { from, to }: Stretch, fetched?: FetchedFrames): Promise<Filled> {
  const shape = { kind: 'buckets', origin: s.grid.from, end: s.grid.to, points: s.grid.points } as const;
  const window = { key: s.key, from, to, shape };
  const { result, read } = await readWindow(s.reads, window, s.planned, s.session, s.signal, fetched);
  return { columns: result.buckets ?? join([]), read, coarse: false };
}

/** Whole buckets, as far as the window has them, around stretches. */
function wholeBuckets(stretches: readonly Stretch[], width: number, window: Stretch): Stretch[] {
  const whole: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.from - b.from)) {
    const from = Math.max(window.from, Math.floor(stretch.from / width) * width);
    const to = Math.min(window.to, Math.ceil(stretch.to / width) * width);
    const last = whole.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else whole.push({ from, to });
  }
  return whole;
}
