import { type BucketGrid, bucketOf } from '../../shared/buckets.ts';
import type { Stretch } from '../../shared/stretch.ts';
import type { Piece } from '../store/types.ts';
import { readPiece } from './coverage.ts';
import { allocate, cut } from './downsample.ts';
import type { Filled } from './summary.ts';
import type { BucketColumns, ReadPiece } from './types.ts';

type ZonedPiece = Piece & { zone: NonNullable<Piece['zone']> };

/** A part of a stretch: its pieces have to be read, or zone maps have told all of them (`filled`). [from, to). */
type ZoneRun = Stretch & ({ pieces: Piece[] } | { filled: Filled });

/**
 * The pieces of a stretch in order of time, parted by whether their zone maps say in the buckets of an answer what their readings would. `pieces` are all
 * that intersect the stretch, those in memory, too. What has to be read reaches up to the zone maps beside it.
 */
export function runsOf(pieces: readonly Piece[], { from, to }: Stretch, grid: BucketGrid): ZoneRun[] {
  const sorted = [...pieces].sort((a, b) => a.tMin - b.tMin);
  const runs: ZoneRun[] = [];
  let told: ZonedPiece[] = [];
  let rest: Piece[] = [];
  let at = from;
  const endRest = (end: number): void => {
    if (rest.length > 0) runs.push({ from: at, to: end, pieces: rest });
    rest = [];
  };
  const endTold = (): void => {
    const [first, last] = [told[0], told.at(-1)];
    if (first === undefined || last === undefined) return;
    at = last.tMax + 1;
    runs.push({ from: first.tMin, to: at, filled: fill(told, grid) });
    told = [];
  };
  let reach = Number.NEGATIVE_INFINITY;
  for (const [i, piece] of sorted.entries()) {
    const isAlone = piece.tMin > reach && piece.tMax < (sorted[i + 1]?.tMin ?? Number.POSITIVE_INFINITY);
    reach = Math.max(reach, piece.tMax);
    if (isAlone && piece.tMin >= from && piece.tMax < to && isTold(piece, grid)) {
      endRest(piece.tMin);
      told.push(piece);
    } else {
      endTold();
      rest.push(piece);
    }
  }
  endRest(to);
  endTold();
  return runs;
}

/** All its readings fall into one bucket of the answer, of which its zone map says what they would. */
function isTold(piece: Piece, grid: BucketGrid): piece is ZonedPiece {
  return piece.zone !== undefined && bucketOf(grid, piece.tMin) === bucketOf(grid, piece.tMax);
}

function fill(pieces: readonly ZonedPiece[], grid: BucketGrid): Filled {
  return { columns: fold(pieces, grid), read: pieces.flatMap((piece) => readOf(piece, grid)), coarse: false };
}

/** What is on this gateway is as good as read; of what is in the archive this is a summary. */
function readOf(piece: ZonedPiece, grid: BucketGrid): ReadPiece[] {
  const read = readPiece(piece, piece.cold === undefined ? piece.tier : 'rollup', grid);
  return read === undefined ? [] : [read];
}

/** Minimum, maximum and counts are those of the readings; a sum is that of the pieces' sums. */
function fold(pieces: readonly ZonedPiece[], grid: BucketGrid): BucketColumns {
  const c = allocate(Math.min(pieces.length, grid.points));
  let n = -1;
  for (const { tMin, count, zone } of pieces) {
    const bucket = bucketOf(grid, tMin);
    if (n < 0 || c.index[n] !== bucket) {
      n++;
      c.index[n] = bucket;
      c.time[n] = tMin;
      c.first[n] = zone.first;
      c.min[n] = Number.NaN;
      c.max[n] = Number.NaN;
    }
    c.last[n] = zone.last;
    c.count[n] = (c.count[n] ?? 0) + count;
    if (zone.numbers === 0) continue;
    c.numbers[n] = (c.numbers[n] ?? 0) + zone.numbers;
    c.sum[n] = (c.sum[n] ?? 0) + zone.sum;
    // Written so that the first number replaces NaN.
    if (!(zone.min >= (c.min[n] ?? 0))) c.min[n] = zone.min;
    if (!(zone.max <= (c.max[n] ?? 0))) c.max[n] = zone.max;
  }
  return cut(c, n + 1);
}
