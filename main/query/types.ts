import type { CoverageSource } from '../../shared/states.ts';
import type { Piece } from '../store/types.ts';

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

/** Bucket partials, ascending by index, empty buckets left out. NaN readings count in `count` only. */
export interface BucketColumns {
  index: Uint32Array;
  /** Time of the first reading. */
  time: Float64Array;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  /** Readings that are not NaN: the divisor of the mean. */
  numbers: Float64Array;
  count: Float64Array;
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
}

/** One stretch of the answer's range, [from, to). */
export interface CoverageSpan {
  from: number;
  to: number;
  source: CoverageSource;
}
