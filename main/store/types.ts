import type { SeriesIdentity } from '../../shared/series-key.ts';
import type { BlockState } from '../../shared/states.ts';
import type { Rollup } from '../codec/rollup.ts';
import type { FrameRef, Zone } from '../codec/types.ts';
import type { AmendStep, ColdFrames } from './amend-types.ts';
import type { BlockFilter } from './block-filter.ts';
import type { Dropped, LocalSize, TierStats } from './figures.ts';

/** Readings of any series in arrival order, columnar; `series` holds local series ids. Of equal (series, t) the last wins. */
export interface Batch {
  count: number;
  series: Uint32Array;
  t: Float64Array;
  v: Float64Array;
}

export interface SeriesInfo extends SeriesIdentity {
  id: number;
  key: string;
  unit: string;
  /** Newest timestamp ever stored and its value; undefined before the first reading. */
  last?: { t: number; v: number };
}

/** Where a cold block lies, so that fetching it takes no question to the store. Pieces of one block share it. */
export interface ArchivedObject {
  key: string;
  etag?: string;
}

/** Bytes that were fetched, by digest. */
export type Frames = ReadonlyMap<string, Uint8Array>;

/** Where the readings of a cold piece lie: in a frame of timestamps and one of values. */
export interface ColdPlace {
  blockId: string;
  object: ArchivedObject;
  /** One alone is the block's index, which is no longer on this gateway: the piece is all that the block may have of the series. */
  frames: readonly [time: FrameRef, value: FrameRef] | readonly [index: FrameRef];
}

/** One run of readings of one series in one tier and UTC day; extents are inclusive. */
export interface Piece {
  tier: 'head' | 'local' | 'cold';
  day: number;
  tMin: number;
  tMax: number;
  count: number;
  /** Age order: pieces sorted by (epoch, seqLo) apply in that order, the later wins. */
  epoch: number;
  seqLo: number;
  seqHi: number;
  /** Facts of all its readings; not of what is in memory, is damaged, or was written before all of them were kept. */
  zone?: Zone & { numbers: number };
  /** Only of a cold piece. */
  cold?: ColdPlace;
  /** It was asked for, but its local bytes fail their digest: left out of the answer. */
  damaged?: boolean;
}

/** A copy of what a head has of one series and range, strictly ascending: journal rows up to seqHi. */
export interface HeadPart {
  seqLo: number;
  seqHi: number;
  t: Float64Array;
  v: Float64Array;
}

/** Local bytes that cannot be read. */
export type DamageFound =
  /** `series` is a key, or SOME_SERIES. */
  { of: 'readings'; series: string; day: number; message: string } | { of: 'rollup'; day: number; message: string };

/** The reads of queries, all as of one moment. */
export type ReadView = Pick<StoreApi, 'pieces' | 'runs' | 'rollups'>;

/** The same of a reader's snapshot. */
export interface SnapshotView extends ReadView {
  /** '' of a series that has none, or is not known. */
  unitOf(key: string): string;
}

/** The answer of a read over the current state, taken at one moment. */
export interface Runs {
  known: boolean;
  pieces: Piece[];
  /** Cold pieces whose frames were neither given nor given up. When not empty, `runs` is empty: fetch them and read again. */
  missing: Piece[];
  /** One strictly ascending run per piece that was read, oldest (epoch, seqLo) first, already cut to [from, to). */
  runs: { t: Float64Array; v: Float64Array }[];
}

/** Readings are summed up by 5 minutes and by the hour. */
export type Level = 'minutes' | 'hours';
/** A level as it is asked for: quarters of a day are made of the hours of months that are over. */
export type AskedLevel = Level | 'quarters';

export interface RollupRequest {
  /** [from, to), microseconds. */
  from: number;
  to: number;
  /** Levels to take, the best first: a later one fills in what an earlier one does not know. */
  levels: readonly AskedLevel[];
  /** When all of it sums up no more readings than this, days that are on this gateway are left to their readings. */
  exactUpTo: number;
  /** Hours of few readings each count only where at least so many days are in the archive: of fewer days the readings, or their zone maps, are asked. */
  thinFromDays: number;
}

/** [from, to) is known as a whole: the readings in it are those summed up in `rollup`, none at all when that is undefined. */
export interface RollupPart {
  from: number;
  to: number;
  rollup: Rollup | undefined;
}

/** What the tiering policy may know of one UTC day. */
export interface DayInfo {
  day: number;
  /** Readings of the day that are still in the head. */
  headReadings: number;
  /** Segments in no block: open (may be compacted) and frozen (wait for a block plan). */
  openSegments: number;
  openReadings: number;
  openBytes: number;
  frozenSegments: number;
  frozenBytes: number;
  /** True when open segments are not in their final, compacted form. */
  uncompacted: boolean;
  /** True when segments in their final form are not in the rollups. */
  unrolled: boolean;
  /** Wall time at which the newest of the local, unplanned readings of this day arrived. */
  lastReceivedUs: number;
  /** Blocks of the day in any state. A day with a block gets no second age-rule plan: what is open then is late data. */
  blocks: number;
  /** Some of it is in the archive only. */
  cold: boolean;
  /** There are readings that its rollups do not know; in memory they do not count. */
  dirty: boolean;
}

/** A place in the order in which readings came: everything up to and including this journal row. */
export interface SeqMark {
  epoch: number;
  seq: number;
}

/** An open segment of a day, as far as the tiering policy needs to know it. */
export interface OpenSegment {
  epoch: number;
  seqLo: number;
  seqHi: number;
  tMax: number;
  bytes: number;
  receivedUs: number;
  /** In its final, compacted form. */
  final: boolean;
}

export interface BlockError {
  code: string;
  message: string;
  atUs: number;
}

export interface BlockInfo {
  id: string;
  key: string;
  /** ObjectStore.id of the archive that holds it. */
  storeId: string;
  day: number;
  tMin: number;
  tMax: number;
  readings: number;
  series: number;
  /** Size of the object. */
  bytes: number;
  /** Size of all parts but the last. */
  partBytes: number;
  parts: number;
  /** Lower-case hex of the whole object. */
  sha256: string;
  formatVersion: number;
  state: BlockState;
  uploadId?: string;
  etag?: string;
  /** Faults of this block's own; link faults do not count. */
  attempts: number;
  /** Not before this wall time; 0: at once. */
  nextAttemptUs: number;
  lastError?: BlockError;
  verify?: 'readback' | 'checksum';
  plannedUs: number;
  uploadedUs?: number;
  verifiedUs?: number;
  coldUs?: number;
  /** A cold frame failed its digest. */
  damaged: boolean;
  /** Parts stored and parts read back, for progress. */
  partsStored: number;
  partsVerified: number;
}

/** The frozen part table: whatever is sent again later is byte for byte the same. Part numbers start at 1. */
export interface PartInfo {
  partNumber: number;
  offset: number;
  length: number;
  sha256: Uint8Array;
  /** Made when the block is cut into parts, or on demand: an object that goes as one request has its SHA-256 for a proof. */
  md5?: Uint8Array;
  /** Set once the server acknowledged this part of the current upload. */
  etag?: string;
  /** Set once the part was read back and its SHA-256 was right. */
  verified: boolean;
}

/** Columns that may change together with a state move (or a resumed upload); undefined leaves a column as it is, null clears it. */
export interface BlockPatch {
  uploadId?: string | null;
  etag?: string | null;
  verify?: 'readback' | 'checksum';
  nextAttemptUs?: number;
  attempts?: number;
  lastError?: BlockError | null;
}

export interface PlanOptions {
  gatewayId: string;
  /** Key prefix, '' or ending in '/'. */
  prefix: string;
  storeId: string;
  /** Maximum size of the object, bytes (a single larger segment still becomes a block of its own). */
  targetBytes: number;
  nowUs: number;
}

/** `block`: the one that this step finished. */
export interface PlanStep {
  more: boolean;
  block?: BlockInfo;
}

export interface EventRow {
  id: number;
  atUs: number;
  /** Stable short code to read out over the phone, e.g. `TM-LINK-DOWN`. */
  code: string;
  level: 'info' | 'warning' | 'error';
  /** Plain words, one sentence or two. */
  text: string;
  /** Small JSON detail for the support desk. */
  detail: Record<string, string | number | boolean>;
}

/** `readings` and `segments` are of the cut that this step finished, else 0. */
export interface CutStep {
  readings: number;
  segments: number;
  more: boolean;
}

/** What a start found. */
export interface StartReport {
  /** Readings replayed from the journal into the head. */
  replayed: number;
  /** When readings came last, as far as anything here tells. */
  lastReceivedUs?: number;
  cleanShutdown: boolean;
  epoch: number;
  /** Random id of this data folder, made with it. */
  instanceId: string;
  /** Random id of this start. */
  nonce: string;
}

/** The memory that was given, and how many bytes were put into it. */
export interface Filled {
  memory: Uint8Array<ArrayBuffer>;
  bytes: number;
}

/**
 * The store, as the rest of the core sees it: plain synchronous code, owned by the writer thread (main/writer.ts), called from the main thread
 * through main/store/thread.ts, where each method becomes asynchronous. Every method is short (<= 50 ms of writer time) unless it says so.
 * Wall time always comes in as an argument.
 */
export interface StoreApi {
  // -- ingest --
  /** Commits the batch (and the series that were new in it) to the journal with synchronous=FULL, then adds it to the head. */
  append(batch: Batch, receivedUs: number): { seq: number };
  /**
   * Moves the head into segments and drops its journal rows in the same transaction, in steps of some 20 ms: call it while `more`. `due` begins only
   * when a limit or the age is reached. A cut under way is finished first, whatever began it.
   */
  cutStep(nowUs: number, when: 'due' | 'always'): CutStep;
  /** All that is in memory now, at once. */
  cut(nowUs: number, when: 'due' | 'always'): { readings: number; segments: number };

  // -- series --
  listSeries(o: { search?: string; after?: string; limit: number }): { series: SeriesInfo[]; total: number };

  // -- read --
  /**
   * Pieces of a series that intersect [from, next ?? to), ordered by (day, epoch, seqLo). No frame is decoded. A long range takes several calls: ask
   * again from `next`, the start of a UTC day. `given`: indexes that were fetched, by digest.
   */
  pieces(key: string, from: number, to: number, given?: Frames): { known: boolean; pieces: Piece[]; next?: number };
  /** Decoded runs of [from, to): head, local, and the cold frames given by digest; pieces with a digest in `without` are left out. */
  runs(key: string, from: number, to: number, frames: Frames, without: ReadonlySet<string>): Runs;

  /**
   * The parts of [from, to) that rollups know, in order of time; none of an unknown series. What is in no part has to be read from the readings. All is as of now:
   * readings that come later are in none of it.
   */
  rollups(key: string, request: RollupRequest): RollupPart[];

  /** What is in memory of a series in [from, to), for a reader in another thread (SnapshotReader): one part for each head that has any. */
  heads(key: string, from: number, to: number): HeadPart[];
  /** Damage that such a reader met; each is told in Events once a start. */
  tellDamage(found: readonly DamageFound[]): void;

  // -- tiering --
  /** Days with anything on this gateway, or with dirty buckets: not those that rest in the archive, which are ever more. Oldest first. */
  days(): DayInfo[];
  /** Open segments of a day, oldest first. */
  openSegments(day: number): OpenSegment[];
  /**
   * One step of compaction (merge, encode, decode and compare; a slice of the day is swapped once it is done); true while more is left of that day, or of
   * what came `upTo` the mark.
   */
  compactDay(day: number, nowUs: number, upTo?: SeqMark): boolean;
  /** One step of summing up a compacted day (T6); true while more of that day is left. */
  rollUpDay(day: number, nowUs: number): boolean;
  /**
   * Drops some of the oldest of what the gateway keeps of data that left it (indexes, rollups) if that takes more than `mostBytes`, about; what it was, or
   * undefined when nothing was dropped.
   */
  dropKept(mostBytes: number, nowUs: number): Dropped | undefined;
  /** Merges some of the rollups of months that are over into longer rows; true while there are more. */
  mergeRollups(nowUs: number): boolean;
  /**
   * Makes the open, compacted segments of a day, or of what came `upTo` the mark, immutable and due for planning; they leave the reach of compaction.
   * Returns how many; none while one of them is not compacted.
   */
  freezeDay(day: number, upTo?: SeqMark): number;
  /**
   * One step of amending a day of which some is in the archive only: late readings, compacted and summed up, lose what the archive has already and are due
   * for planning; touched buckets are summed up anew. `given`: what came of the frames that the step before asked for, all of them.
   */
  amendDay(day: number, nowUs: number, given?: ColdFrames): AmendStep;
  /**
   * Works towards the next block of a day's frozen segments, in steps of some 20 ms: call it while `more`. One transaction freezes the block. Throws
   * 'not-rolled-up' (T6).
   */
  planStep(day: number, o: PlanOptions): PlanStep;
  /** Newest day first, of a day what is newest first. */
  blocks(o?: BlockFilter): BlockInfo[];
  block(id: string): BlockInfo | undefined;
  /**
   * Puts the first of the bytes [offset, end) of the object of a block that is not cold, made from SQLite, into the caller's memory, as many as there is room
   * for. From another thread the memory moves: what was given is gone, also when the call fails. Throws 'damaged-frame' when they cannot be read.
   */
  fillFrom(id: string, offset: number, end: number, memory: Uint8Array<ArrayBuffer>): Filled;
  /**
   * Works towards a part table of the given size for a block by whose parts no upload or read-back goes yet, in steps of some 20 ms; true while there is
   * more to do. The object stays the same byte for byte. Throws 'damaged-block' when what is stored is not what was planned.
   */
  splitStep(id: string, partBytes: number): boolean;
  parts(id: string): PartInfo[];
  /** The one function that changes state: guarded by `from`, refuses moves the table does not have; false when the row is not in `from`. */
  moveBlock(id: string, from: BlockState, to: BlockState, patch: BlockPatch, nowUs: number): boolean;
  /** Columns without a move. */
  patchBlock(id: string, patch: BlockPatch): void;
  /** One commit for all of them. */
  setPartsStored(id: string, parts: readonly { partNumber: number; etag: string }[]): void;
  /** For an upload that starts over. */
  clearStoredParts(id: string): void;
  setPartVerified(id: string, partNumber: number): void;
  clearVerifiedParts(id: string): void;
  /** T1, T3: moves verified -> cold and deletes exactly the planned segments in one transaction. Returns the bytes freed inside the file. */
  evictBlock(id: string, nowUs: number): { bytes: number } | undefined;
  markDamaged(id: string, damaged: boolean): void;
  /**
   * Gives up to `pages` free pages back to the disk while they exceed 15 % of the file, or while file and log take more than `mostBytes`; then empties the
   * log. True while more is to be given back.
   */
  vacuum(pages: number, mostBytes?: number): boolean;

  // -- bookkeeping --
  stats(): TierStats;
  /** Cheap enough to be asked each second. */
  localSize(): LocalSize;
  addEvent(e: Omit<EventRow, 'id'>): void;
  events(o: { before?: number; limit: number; level?: EventRow['level'] }): EventRow[];
  /** Small persistent state of the stages (pause, last run, owner ETag, link windows), JSON text by name. */
  getState(name: string): string | undefined;
  setState(name: string, json: string): void;
  startReport(): StartReport;
}
