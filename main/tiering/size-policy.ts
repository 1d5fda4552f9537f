import { HOUR_US } from '../../shared/units.ts';
import type { LocalSize } from '../store/figures.ts';
import type { DayInfo, OpenSegment, SeqMark } from '../store/types.ts';

/** Of the limit: above the first what can go early goes, until the second is reached; above the third quiet hours count no more. */
const HIGH = 0.9;
const LOW = 0.8;
const SEVERE = 0.94;
/** Of the limit: compaction may fill up to here while the rows that it replaces are still there; what is larger goes in parts of the second share. */
const FITS = 0.96;
const PART_SHARE = 0.04;
/** Of the limit: the cache keeps so much even then, so that history stays usable on a gateway that lives at its limit. */
const CACHE_SHARE = 0.05;
/** Of the limit: less is not worth blocks of its own. */
const LEAST_SHARE = 0.02;
/** Of the limit: indexes and rollups, which never leave by themselves. */
const KEPT_SHARE = 0.5;
/** Of the limit: sent and proven before the next, so that what was sent frees the disk. */
const BATCH_SHARE = 0.05;

const VACUUM_PAGES = 500;
const VACUUM_SHARE = 0.02;
const PAGE_BYTES = 4_096;

/** How full this gateway is, bytes. */
export interface Pressure {
  /** Database, log and cache. */
  usedBytes: number;
  /** Of these, log and cache. */
  otherBytes: number;
  /** What they may take: `max_local_size_gb`, or what the disk has room for if that is less. */
  limitBytes: number;
  nearlyFull: boolean;
  /** Above the high mark: what has to go beside what is on its way, to come down to the low mark; else 0. */
  needBytes: number;
  /** So near to the limit that hours which may not be quiet yet go, too. */
  severe: boolean;
}

export function pressureOf(local: Omit<LocalSize, 'dbBytes'>, cacheBytes: number, limitBytes: number): Pressure {
  const otherBytes = local.walBytes + cacheBytes;
  const usedBytes = local.usedBytes + otherBytes;
  const nearlyFull = usedBytes > limitBytes * HIGH;
  const excess = nearlyFull ? usedBytes - local.goingBytes - limitBytes * LOW : 0;
  const needBytes = excess > leastBytes(limitBytes) ? excess : 0;
  return {
    usedBytes,
    otherBytes,
    limitBytes,
    nearlyFull,
    needBytes,
    severe: needBytes > 0 && usedBytes > limitBytes * SEVERE,
  };
}

/** Blocks for less are not made for the sake of the limit. */
function leastBytes(limitBytes: number): number {
  return limitBytes * LEAST_SHARE;
}

/** Readings in memory take so many bytes of journal, about. */
const JOURNAL_BYTES = 16;

/** Under severe pressure what is in memory is cut before its time: its journal is the largest form it ever has. */
export function isWorthACut(days: readonly DayInfo[], { severe, limitBytes }: Pressure): boolean {
  const readings = days.reduce((n, d) => n + d.headReadings, 0);
  return severe && readings * JOURNAL_BYTES > leastBytes(limitBytes);
}

/** The database's file may be so large: beyond it even few free pages are given back to the disk. */
export function mostFileBytes({ otherBytes, limitBytes }: Pressure): number {
  return limitBytes - otherBytes;
}

export function batchBytes(limitBytes: number): number {
  return limitBytes * BATCH_SHARE;
}

/** A slice of vacuum: some milliseconds of the writer thread, and log that fits beside a small limit. */
export function vacuumPages(limitBytes: number): number {
  return Math.min(VACUUM_PAGES, Math.ceil((limitBytes * VACUUM_SHARE) / PAGE_BYTES));
}

/** What is kept for good (indexes, rollups) may take so much. */
export function keptBytes(limitBytes: number): number {
  return limitBytes * KEPT_SHARE;
}

/** Largest block: the target, or less so that one alone does not hold up much of a small limit. */
export function blockBytes(targetBytes: number, limitBytes: number): number {
  return Math.min(targetBytes, batchBytes(limitBytes));
}

/** What the cache may hold beside a database and a log of `ownBytes`: it gives way first. */
export function cacheRoom(ownBytes: number, limitBytes: number): number {
  return Math.max(limitBytes * LOW - ownBytes, limitBytes * CACHE_SHARE);
}

/** A day of so many bytes can be compacted as a whole: what takes its place fits beside it until the swap. */
export function fits(bytes: number, { usedBytes, limitBytes }: Pressure): boolean {
  return usedBytes + bytes <= limitBytes * FITS;
}

/** A day to compact or to plan, whole or up to a mark. */
export interface Goal {
  day: number;
  upTo?: SeqMark;
}

export interface EarlyOptions {
  nowUs: number;
  /** Hours without a reading until something counts as closed. */
  quietUs: number;
  pressure: Pressure;
  /** Open segments by day, for the days that go in parts. */
  open: ReadonlyMap<number, readonly OpenSegment[]>;
  /** Only what is compacted already: it can be frozen. */
  compacted: boolean;
}

/** A day that may go early. */
export interface Candidate {
  day: number;
  bytes: number;
  /** The day is closed, with all its hours. */
  closed: boolean;
  /** It goes as a whole or not at all; else in parts. */
  whole: boolean;
}

/**
 * What goes before its time because the gateway is nearly full: closed days, then closed hours of the others, each oldest first, until enough is found.
 * `takenBytes` is planned already.
 */
export function chooseEarly(candidates: readonly Candidate[], takenBytes: number, o: EarlyOptions): Goal[] {
  const { needBytes, limitBytes } = o.pressure;
  const goals: Goal[] = [];
  let found = takenBytes;
  for (const c of [...candidates.filter((c) => c.closed), ...candidates.filter((c) => !c.closed)]) {
    if (found >= needBytes) break;
    const wanted = Math.min(needBytes - found, limitBytes * PART_SHARE);
    const part = c.whole ? { bytes: c.bytes } : closedPart(o.open.get(c.day) ?? [], wanted, c.closed, o);
    if (part === undefined) continue;
    goals.push({ day: c.day, ...('upTo' in part ? { upTo: part.upTo } : {}) });
    found += part.bytes;
  }
  return found - takenBytes < leastBytes(limitBytes) ? [] : goals;
}

/**
 * The oldest cuts of a day until `wanted` bytes are found: all that came up to a mark, so that whatever stays or comes is newer than the block. Of a day
 * that is not `closed` it ends before the first cut that reaches into an hour which is not over, or not quiet; under severe pressure all that is cut counts
 * as closed.
 */
function closedPart(
  segments: readonly OpenSegment[],
  wanted: number,
  closed: boolean,
  { nowUs, quietUs, pressure, compacted }: EarlyOptions,
): { upTo: SeqMark; bytes: number } | undefined {
  const overUs = Math.floor((nowUs - quietUs) / HOUR_US) * HOUR_US;
  const isOver = (s: OpenSegment): boolean =>
    s.tMax < overUs && (s.receivedUs > nowUs || s.receivedUs <= nowUs - quietUs);
  const isClosed = (s: OpenSegment): boolean => closed || pressure.severe || isOver(s);
  let [upTo, bytes]: [SeqMark | undefined, number] = [undefined, 0];
  for (const cut of cuts(segments)) {
    if (bytes >= wanted || !cut.segments.every((s) => isClosed(s) && (s.final || !compacted))) break;
    upTo = cut.upTo;
    bytes += cut.segments.reduce((n, s) => n + s.bytes, 0);
  }
  return upTo === undefined ? undefined : { upTo, bytes };
}

/** Segments whose ages overlap stay together; oldest first. */
function cuts(segments: readonly OpenSegment[]): { upTo: SeqMark; segments: OpenSegment[] }[] {
  const groups: { upTo: SeqMark; segments: OpenSegment[] }[] = [];
  for (const s of [...segments].sort((a, b) => a.epoch - b.epoch || a.seqLo - b.seqLo)) {
    const last = groups.at(-1);
    if (last === undefined || s.epoch > last.upTo.epoch || s.seqLo > last.upTo.seq)
      groups.push({ upTo: { epoch: s.epoch, seq: s.seqHi }, segments: [s] });
    else {
      last.segments.push(s);
      last.upTo.seq = Math.max(last.upTo.seq, s.seqHi);
    }
  }
  return groups;
}
