import { DAY_US, MINUTE_US } from '../shared/units.ts';
import type { TierStats } from './store/figures.ts';
import type { TieringStatus } from './tiering/types.ts';

/** What is known of the room on the disk, and of what fills it. */
export interface RoomInput {
  stats: Pick<TierStats, 'local' | 'file'>;
  cache: { bytes: number };
  /** Bytes that can be written until ingest refuses. */
  roomBytes: number;
  /** Readings of each of the last minutes, and how long they were counted: a gateway that has just started knows less than an hour. */
  ingest: { minutes: readonly number[]; measuredUs: number; refusing?: string };
}

/** A forecast needs at least so much of the past. */
const LEAST_US = 5 * MINUTE_US;
/** Local bytes a reading takes before anything is known of this site's data. */
const ASSUMED_BYTES = 3;
/** Beyond the limit by more than this share, and what moves does not keep up with what comes in (SZ4). */
const SLACK = 0.05;

/** Bytes until new readings are refused: free pages of the database are filled first, and the cache gives way. */
export function diskRoom({ stats: { file }, cache, roomBytes }: RoomInput): number {
  return roomBytes + Math.max(0, file.dbBytes - file.usedBytes) + cache.bytes;
}

/**
 * Days until the disk is full, if nothing can be moved away: at the mean rate of the last hour, its idle minutes included, and this site's bytes per reading.
 * The limit is no end: ingest goes on beyond it.
 */
export function runwayDays(i: RoomInput): number | null {
  const { minutes, measuredUs } = i.ingest;
  const readings = minutes.reduce((a, b) => a + b, 0);
  if (measuredUs < LEAST_US || readings === 0) return null;
  const perDay = readings * (DAY_US / measuredUs);
  const { local } = i.stats;
  const perReading = local.readings > 10_000 ? local.bytes / local.readings : ASSUMED_BYTES;
  return diskRoom(i) / (perDay * perReading);
}

/** What has to go can go, and does: the disk does not fill. False as long as that is not proven. */
export function keepsUp({ link, pausedUntilUs, blocked, fill }: TieringStatus, ingest: RoomInput['ingest']): boolean {
  const reachable = (link.state === 'ok' || link.state === 'slow') && link.lastSuccessUs !== undefined;
  const inTime = fill === undefined || fill.usedBytes <= fill.limitBytes * (1 + SLACK);
  return reachable && inTime && pausedUntilUs === undefined && blocked === undefined && ingest.refusing === undefined;
}
