/** Where a frame lies (bytes from the start of the segment body or block object) and what it must hash to. */
export interface FrameRef {
  offset: number;
  length: number;
  /** 32 lower-case hex digits: the first 16 bytes of the SHA-256 of the frame's bytes. */
  digest: string;
}

/** Facts of a value column. NaN is ignored by min, max and sum; all NaN: min = max = NaN, sum = 0. `first`/`last` are in time order. */
export interface Zone {
  min: number;
  max: number;
  sum: number;
  first: number;
  last: number;
  /** Readings that are not NaN; undefined where it was written before that was kept. */
  numbers: number | undefined;
}

/** One immutable compressed run of one series. Timestamps are strictly ascending within a chunk. */
export interface Chunk {
  /** In a segment: the local series id. In a block index: the index into `series`. */
  series: number;
  /** In a block index: the index into `segments`. In a segment: 0. */
  segment: number;
  count: number;
  tMin: number;
  tMax: number;
  time: FrameRef;
  value: FrameRef;
  zone: Zone;
}

/** Age order of what a segment holds: the higher (epoch, seq) wins for one (series, timestamp). */
export interface SeqRange {
  epoch: number;
  seqLo: number;
  seqHi: number;
}

export interface BlockSeries {
  /** The canonical key (shared/series-key.ts). */
  key: string;
  unit: string;
}

/** A rollup frame of a block: one series in buckets of `width` microseconds. */
export interface RollupRef {
  /** Index into `series`. */
  series: number;
  width: number;
  frame: FrameRef;
}

/**
 * The decoded index of a block: enough to answer queries and, with the object's key, which names the gateway and the day, to rebuild a lost
 * gateway.
 */
export interface BlockIndex {
  series: BlockSeries[];
  segments: SeqRange[];
  chunks: Chunk[];
  /** Back to back in the object; none in a small block, whose readings tell all. */
  rollups: RollupRef[];
}
