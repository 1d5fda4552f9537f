import { type BucketGrid, bucketOf } from '../../shared/buckets.ts';
import type { Rollup } from '../codec/rollup.ts';
import { EACH_LEVEL, WIDTH_US } from '../store/levels.ts';
import type { AskedLevel, RollupPart, RollupRequest, StoreApi } from '../store/types.ts';
import { allocate, cut } from './downsample.ts';
import type { BucketColumns, ReadApi, ReadPiece, RollupAnswer } from './types.ts';

/**
 * What is left to the readings, whatever rollups say: so many of days on this gateway (some 10 ms), and those of slow series while the indexes of fewer days
 * than these have to be looked into.
 */
export const LITTLE: Pick<RollupRequest, 'exactUpTo' | 'thinFromDays'> = { exactUpTo: 100_000, thinFromDays: 64 };

const COARSEST_FIRST: readonly AskedLevel[] = ['quarters', 'hours', 'minutes'];

/** The levels that are no coarser than the buckets of an answer, the coarsest first: the fewest to read. */
export function levelsFor({ from, to, points }: BucketGrid): AskedLevel[] {
  const width = (to - from) / points;
  return COARSEST_FIRST.filter((level) => WIDTH_US[level] <= width);
}

/** Levels for what cannot be had in full, the finest first. */
export const SUMMARY_LEVELS: readonly AskedLevel[] = [...EACH_LEVEL, 'quarters'];

/** Reads rollups in the thread that holds the store. */
export function createRollupReader(store: Pick<StoreApi, 'rollups'>): Pick<ReadApi, 'readRollups'> {
  return {
    readRollups: ({ key, grid, ...request }) => rollupAnswer(store.rollups(key, request), grid),
  };
}

/** What rollups say of the buckets of a grid, and where. */
export function rollupAnswer(parts: readonly RollupPart[], grid: BucketGrid): RollupAnswer {
  const known: RollupAnswer['known'] = [];
  for (const { from, to } of parts) {
    const last = known.at(-1);
    if (last?.to === from) last.to = to;
    else known.push({ from, to });
  }
  const rollups = parts.flatMap(({ rollup }) => rollup ?? []);
  return { known, buckets: fold(rollups, grid), read: rollups.flatMap(spansOf) };
}

/** Stretches with readings, as coverage takes them: gaps that it counts to the readings around them are closed already. */
function spansOf({ start, width }: Rollup): ReadPiece[] {
  const n = start.length;
  const spacing = n > 1 ? ((start[n - 1] ?? 0) - (start[0] ?? 0)) / (n - 1) : width;
  const spans: ReadPiece[] = [];
  for (const from of start) {
    const last = spans.at(-1);
    if (last !== undefined && from - last.to <= 2 * spacing) last.to = from + width;
    else spans.push({ from, to: from + width, source: 'rollup', spacing });
  }
  return spans;
}

/**
 * Each rollup bucket goes into the bucket of the grid that holds its start. Sums are added with Neumaier's compensation, so that adding many loses nothing; first and
 * last are not known.
 */
function fold(rollups: readonly Rollup[], grid: BucketGrid): BucketColumns {
  const most = rollups.reduce((n, r) => n + r.start.length, 0);
  const c = allocate(Math.min(grid.points, most));
  const lost = new Float64Array(c.index.length);
  let n = -1;
  for (const r of rollups) {
    for (let i = 0; i < r.start.length; i++) {
      const bucket = bucketOf(grid, r.start[i] ?? 0);
      if (n < 0 || c.index[n] !== bucket) {
        n++;
        c.index[n] = bucket;
        c.min[n] = Number.NaN;
        c.max[n] = Number.NaN;
      }
      addBucket(c, n, r, i, lost);
    }
  }
  for (let i = 0; i <= n; i++) if (Number.isFinite(lost[i])) c.sum[i] = (c.sum[i] ?? 0) + (lost[i] ?? 0);
  const folded = cut(c, n + 1);
  for (const name of ['time', 'first', 'last'] as const) folded[name].fill(Number.NaN);
  return folded;
}

function addBucket(c: BucketColumns, n: number, r: Rollup, i: number, lost: Float64Array): void {
  const at = (column: Float64Array, k: number): number => column[k] as number;
  c.count[n] = at(c.count, n) + at(r.count, i);
  if (at(r.numbers, i) === 0) return;
  c.numbers[n] = at(c.numbers, n) + at(r.numbers, i);
  // Written so that the first number replaces NaN.
  if (!(at(r.min, i) >= at(c.min, n))) c.min[n] = at(r.min, i);
  if (!(at(r.max, i) <= at(c.max, n))) c.max[n] = at(r.max, i);
  const [sum, x] = [at(c.sum, n), at(r.sum, i)];
  c.sum[n] = sum + x;
  lost[n] = at(lost, n) + (Math.abs(sum) >= Math.abs(x) ? sum - (sum + x) + x : x - (sum + x) + sum);
}
