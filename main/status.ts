import type { Status } from '../shared/schemas.ts';
import { DAY_US } from '../shared/units.ts';
import { counted } from '../shared/words.ts';
import { diskRoom, keepsUp, runwayDays } from './room.ts';
import type { TierStats } from './store/figures.ts';
import type { TieringStatus } from './tiering/types.ts';

/** Everything the status is made of, read at one moment. */
export interface StatusInput {
  nowUs: number;
  site: Status['site'];
  stats: TierStats;
  tiering: TieringStatus;
  /** Due by age or size and not planned yet. */
  due: { days: number; readings: number };
  cache: { bytes: number; limitBytes: number };
  /** `reserveBytes`: held by the reserve file, neither used nor free. */
  disk: { freeBytes: number; totalBytes: number; reserveBytes: number };
  /** Bytes that can be written until ingest refuses. */
  roomBytes: number;
  /** `max_local_size_gb`, bytes. */
  maxLocalBytes: number;
  /** `minutes` were counted for `measuredUs`, an hour at most. */
  ingest: {
    readingsPerS: number;
    lastReceivedUs?: number;
    minutes: number[];
    measuredUs: number;
    refusing?: string;
  };
  maxAgeDays: number;
}

export function buildStatus(i: StatusInput): Status {
  const { stats } = i;
  const used = stats.file.dbBytes + stats.file.walBytes + i.cache.bytes;
  const sending = i.stats.queue.bytes - i.stats.queue.sentBytes;
  const rate = i.tiering.rateBytesPerS;
  return {
    ...verdict(i),
    site: i.site,
    now_us: i.nowUs,
    tiers: {
      head: { readings: stats.head.readings, bytes: stats.head.bytes, ...extent(stats.head) },
      local: { readings: stats.local.readings, bytes: stats.local.bytes, ...extent(stats.local) },
      cache: { bytes: i.cache.bytes, limit_bytes: i.cache.limitBytes },
      cold: {
        readings: stats.cold.readings,
        bytes: stats.cold.bytes,
        blocks: stats.cold.blocks,
        damaged: stats.cold.damaged,
        ...extent(stats.cold),
      },
    },
    storage: {
      used_bytes: used,
      limit_bytes: Math.min(i.maxLocalBytes, used + i.roomBytes),
      db_bytes: stats.file.dbBytes,
      wal_bytes: stats.file.walBytes,
    },
    queue: {
      pending: stats.queue.planned + stats.queue.uploaded + stats.queue.verified,
      uploading: stats.queue.uploading,
      quarantined: stats.queue.quarantined,
      bytes: stats.queue.bytes,
      sent_bytes: stats.queue.sentBytes,
      rate_bytes_per_s: rate ?? null,
      eta_s: rate === undefined || rate <= 0 || sending <= 0 ? null : Math.ceil(sending / rate),
    },
    link: {
      state: i.tiering.link.state,
      since_us: i.tiering.link.sinceUs ?? null,
      last_success_us: i.tiering.link.lastSuccessUs ?? null,
      last_error: i.tiering.link.lastError ?? null,
    },
    tiering: {
      last_run_us: i.tiering.lastRunUs ?? null,
      next_run_us: i.tiering.nextRunUs ?? null,
      running: i.tiering.running,
      requested: i.tiering.requested,
      stage: i.tiering.stage ?? null,
      paused_until_us: i.tiering.pausedUntilUs ?? null,
      last_verified_us: stats.lastVerifiedUs ?? null,
      keeps_up: keepsUp(i.tiering, i.ingest),
      max_age_days: i.maxAgeDays,
      due_days: i.due.days,
      due_readings: i.due.readings,
    },
    ingest: {
      readings_per_s: i.ingest.readingsPerS,
      last_received_us: i.ingest.lastReceivedUs ?? null,
      minutes: i.ingest.minutes,
      series: stats.series,
      refusing: i.ingest.refusing ?? null,
    },
    disk: {
      free_bytes: i.disk.freeBytes,
      total_bytes: i.disk.totalBytes,
      room_bytes: diskRoom(i),
      reserve_bytes: i.disk.reserveBytes,
    },
    runway_days: runwayDays(i),
  };
}

function extent(t: { oldestUs?: number; newestUs?: number }): { oldest_us: number | null; newest_us: number | null } {
  return { oldest_us: t.oldestUs ?? null, newest_us: t.newestUs ?? null };
}

const LINK_WORDS: Record<'clock' | 'credentials' | 'portal', string> = {
  clock:
    'Needs attention: the clock of this gateway or of the archive is wrong by more than 15 minutes. Nothing new is moved until they agree.',
  credentials: 'Needs attention: the archive refuses our keys. Check access key and secret key, and what they may do.',
  portal: 'Needs attention: something other than the archive answers at its address (a login page?).',
};

interface Verdict {
  state: Status['state'];
  sentence: string;
}

/** The worst state wins. "Safe" is said only of what was verified. */
function verdict(i: StatusInput): Verdict {
  return ownTrouble(i) ?? linkTrouble(i) ?? progress(i);
}

/** What is wrong on this gateway or with what it moved. */
function ownTrouble(i: StatusInput): Verdict | undefined {
  const { queue, cold } = i.stats;
  const attention = (what: string): Verdict => ({ state: 'attention', sentence: `Needs attention: ${what}` });
  if (i.ingest.refusing !== undefined && !i.site.demo)
    return { state: 'error', sentence: `New readings are refused: ${i.ingest.refusing}.` };
  const stuck = i.tiering.blocked ?? i.tiering.trouble;
  if (stuck !== undefined) return attention(stuck);
  if (queue.quarantined > 0)
    return attention(
      `${counted(queue.quarantined, 'block is quarantined. Its', 'blocks are quarantined. Their')} data is still on this gateway.`,
    );
  if (cold.damaged > 0)
    return attention(
      `${counted(cold.damaged, 'block in the archive is', 'blocks in the archive are')} damaged or missing, and ${cold.damaged === 1 ? 'its' : 'their'} readings are not shown. Transfers says which, and what to do.`,
    );
  if (i.stats.local.damaged)
    return attention(
      'some readings stored on this gateway are damaged and not shown. Check its disk; Events says which ones.',
    );
  return undefined;
}

/** Why nothing moves that should. */
function linkTrouble(i: StatusInput): Verdict | undefined {
  const { state, sinceUs, lastError } = i.tiering.link;
  if (state === 'offline') {
    const since = sinceUs === undefined ? '' : ` since ${clockTime(sinceUs, i.nowUs, i.site.zone)}`;
    return {
      state: 'offline',
      sentence: `Offline${since}. ${waits(i)}${filling(i)} Data stays on this gateway and goes by itself when the link returns.`,
    };
  }
  if (state === 'bucket')
    return {
      state: 'attention',
      sentence: `Needs attention: the bucket or folder of the archive cannot be used: ${lastError ?? 'it is missing'}.`,
    };
  if (state === 'clock' || state === 'credentials' || state === 'portal')
    return { state: 'attention', sentence: LINK_WORDS[state] };
  return undefined;
}

function progress(i: StatusInput): Verdict {
  const { cold } = i.stats;
  const { link, pausedUntilUs, requested } = i.tiering;
  if (link.state === 'unset')
    return { state: 'ok', sentence: 'All data is on this gateway. No archive is set up, so nothing is moved.' };
  if (pausedUntilUs !== undefined) {
    const until = pausedUntilUs === 0 ? '' : ` until ${clockTime(pausedUntilUs, i.nowUs, i.site.zone)}`;
    return { state: 'working', sentence: `Paused${until}. ${waits(i)}${filling(i)}` };
  }
  if (waiting(i) > 0 || requested)
    return { state: 'working', sentence: `Moving data to the archive. ${waits(i)}${nearlyFull(i)}` };
  // What was found in an earlier start proves nothing of now: the archive may be gone.
  if (link.lastSuccessUs === undefined)
    return { state: 'working', sentence: `Asking the archive whether it is there. ${waits(i)}` };
  const due = `${counted(i.due.days, 'day is due and moves', 'days are due and move')} at the next run`;
  if (cold.blocks === 0) {
    const what = i.due.days === 0 ? `nothing is older than ${i.maxAgeDays} days yet` : due;
    return { state: 'ok', sentence: `All data is on this gateway; ${what}.` };
  }
  return {
    state: 'ok',
    sentence: `All data safe. ${counted(cold.blocks, 'block', 'blocks')} in the archive, each verified before its local copy went; ${i.due.days === 0 ? 'nothing waiting' : due}.`,
  };
}

const waiting = ({ stats: { queue } }: StatusInput): number =>
  queue.planned + queue.uploading + queue.uploaded + queue.verified;

/** Why data moves before its time; it is no fault. */
function nearlyFull(i: StatusInput): string {
  const full = fullness(i);
  return full === undefined ? '' : ` ${full}, so the oldest data moves early.`;
}

/** The same while nothing can move: what will, and how it goes on until then. */
function filling(i: StatusInput): string {
  const full = fullness(i);
  if (full === undefined) return '';
  const { fill } = i.tiering;
  const past = fill !== undefined && fill.usedBytes > fill.limitBytes;
  const goesOn = past ? ` New readings are stored as long as the disk has room (${megabytes(diskRoom(i))}).` : '';
  return ` ${full}: the oldest data moves early as soon as it can.${goesOn}`;
}

function fullness({ tiering: { fill } }: StatusInput): string | undefined {
  if (fill?.nearlyFull !== true) return undefined;
  const what = fill.usedBytes > fill.limitBytes ? 'holds more than its limit' : 'is nearly full';
  return `This gateway ${what} (${megabytes(fill.usedBytes)} of ${megabytes(fill.limitBytes)})`;
}

/** Blocks on their way, and days that are not planned yet. */
function waits(i: StatusInput): string {
  const size = `(${megabytes(i.stats.queue.bytes)})`;
  const [blocks, days] = [waiting(i), i.due.days];
  if (blocks === 0 && days === 0) return 'Nothing waits.';
  if (days === 0) return `${counted(blocks, 'block waits', 'blocks wait')} ${size}.`;
  if (blocks === 0) return `${counted(days, 'day waits', 'days wait')} for the archive.`;
  return `${counted(blocks, 'block', 'blocks')} ${size} and ${counted(days, 'more day', 'more days')} wait.`;
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1_000)} kB`
    : bytes < 1_000_000_000
      ? `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`
      : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

/** `14:02`, with the date when it is more than a day ago. */
function clockTime(us: number, nowUs: number, zone: string): string {
  const date = Math.abs(nowUs - us) > DAY_US ? ({ day: '2-digit', month: 'short' } as const) : {};
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone, ...date }).format(
    us / 1_000,
  );
}
