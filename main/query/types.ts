import type { BucketGrid } from '../../shared/buckets.ts';
import type { CoverageSource } from '../../shared/states.ts';
import type { Stretch } from '../../shared/stretch.ts';
import type { Piece, RollupRequest } from '../store/types.ts';

/** Readings of one window, merged over tiers; the caller combines the windows of a query. */
export interface WindowRequest {
  key: string;
  /** [from, to), microseconds, integers. */
  from: number;
  to: number;
  shape: /** Buckets are (to - from) / points wide from `origin` (shared/buckets.ts); indices count from the query's own start. */
    | { kind: 'buckets'; origin: number; end: number; points: number }
    /** At most `limit` readings, oldest first. */
    | { kind: 'raw'; limit: number };
  /** Frames by digest that were fetched for this window, and digests given up on (unreachable or damaged). */
  frames: ReadonlyMap<string, Uint8Array>;
  without: ReadonlySet<string>;
}

/** Rollups of one series, folded into the buckets of a grid. */
export interface RollupQuery extends RollupRequest {
  key: string;
  grid: BucketGrid;
}

export interface RollupAnswer {
  /** Stretches that are known as a whole, in order of time: their readings are all in `buckets`, and need not be read. */
  known: Stretch[];
  buckets: BucketColumns;
  /** Where in there something was recorded. */
  read: ReadPiece[];
}

/** What was read of a piece: [from, to) is not empty. */
export interface ReadPiece extends CoverageSpan {
  /** Mean time between readings of the piece, microseconds; 0 for a single one. */
  spacing: number;
}

/** Bucket partials, ascending by index, empty buckets left out. NaN readings count in `count` only. */
export interface BucketColumns {
  index: Uint32Array;
  /** Time of the first reading; NaN in a bucket of rollups. */
  time: Float64Array;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  /** Readings that are not NaN: the divisor of the mean. */
  numbers: Float64Array;
  count: Float64Array;
  /** By time, may be NaN; NaN also where rollups are in the bucket: they do not know. */
  first: Float64Array;
  last: Float64Array;
}

export interface WindowResult {
  known: boolean;
  /** Pieces as they were at the moment of the read. */
  pieces: Piece[];
  /** When not empty nothing was read: fetch these and ask again (a piece may have been evicted since it was planned). */
  missing: Piece[];
  buckets?: BucketColumns;
  raw?: { t: Float64Array; v: Float64Array; next?: number };
}

/** The part of the query that runs beside the store, over one view of it. */
export interface ReadApi {
  readWindow(request: WindowRequest): WindowResult;
  /** What rollups know of a stretch, as of now. */
  readRollups(request: RollupQuery): RollupAnswer;
}

/** One stretch of the answer's range, [from, to). */
export interface CoverageSpan {
  from: number;
  to: number;
  source: CoverageSource;
}
