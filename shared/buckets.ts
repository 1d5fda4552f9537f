/**
 * Buckets of a downsampled answer: `points` equal steps over [from, to). A bucket's start is rounded up to a whole microsecond, so each
 * reading belongs to exactly one bucket; `points` is capped so that no bucket is narrower than 1 microsecond.
 */
export interface BucketGrid {
  from: number;
  to: number;
  points: number;
}

export function bucketGrid(from: number, to: number, points: number): BucketGrid {
  return { from, to, points: Math.max(1, Math.min(points, to - from)) };
}

/** First microsecond of bucket i (i = points gives `to`). */
export function bucketStart(grid: BucketGrid, i: number): number {
  return grid.from + Math.ceil(((grid.to - grid.from) / grid.points) * i);
}

/** The bucket of a timestamp within [from, to): the largest i whose start is not after it. */
export function bucketOf(grid: BucketGrid, t: number): number {
  let i = Math.min(grid.points - 1, Math.floor(((t - grid.from) / (grid.to - grid.from)) * grid.points));
  while (i + 1 < grid.points && bucketStart(grid, i + 1) <= t) i++;
  while (i > 0 && bucketStart(grid, i) > t) i--;
  return i;
}
