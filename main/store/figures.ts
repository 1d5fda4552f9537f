/** What the store takes on the disk, bytes. */
export interface LocalSize {
  /** Pages of the database that hold something, whether they are in its file yet or in the log. */
  usedBytes: number;
  /** The main file, free pages included. */
  dbBytes: number;
  walBytes: number;
  /** Local data of blocks that are on their way, which leaves when they are verified. */
  goingBytes: number;
}

/** What went to make room: of a day the indexes of its blocks and its 5-minute rollups, or the sums of hours of a month, which begins with `day`. */
export interface Dropped {
  what: 'details' | 'hours';
  day: number;
}

/** What lies in which tier, and what waits. Bytes are those on the disk (or in the archive): of what is in memory, the journal's. */
export interface TierStats {
  head: { readings: number; bytes: number; oldestUs?: number; newestUs?: number };
  /** `damaged`: some of it cannot be read, and is not shown (Events says what). */
  local: { readings: number; segments: number; bytes: number; damaged: boolean; oldestUs?: number; newestUs?: number };
  /** `damaged`: cold blocks of which frames failed their digest. */
  cold: { readings: number; bytes: number; blocks: number; damaged: number; oldestUs?: number; newestUs?: number };
  queue: {
    planned: number;
    uploading: number;
    uploaded: number;
    verified: number;
    quarantined: number;
    bytes: number;
    sentBytes: number;
  };
  file: LocalSize;
  series: number;
  /** Readings committed since the store was opened. */
  ingested: number;
  lastVerifiedUs?: number;
}
