import { messageOf } from '../shared/errors.ts';
import { MB } from '../shared/units.ts';
import type { Clock } from './ports/clock.ts';
import type { DiskSpace } from './ports/disk-space.ts';
import type { Log } from './ports/log.ts';

const EVERY_MS = 1_000;
const RETRY_AFTER_S = 30;
const MOST_RESERVE = 512 * MB;
/** Of a small disk the reserve is this share. */
const SHARE = 0.05;

export interface ReserveWatch {
  /** T8: why ingest must refuse now, before the store could fail. */
  gate(): { reason: string; retryAfterS: number } | undefined;
  disk(): { freeBytes: number; totalBytes: number };
  /** Bytes that stay free for the log, evictions and everybody else. */
  bytes(): number;
  stop(): void;
}

/** Looks at the free disk each second. */
export async function startReserveWatch(space: DiskSpace, clock: Clock, log: Log): Promise<ReserveWatch> {
  let disk = await space.read();
  let stopped = false;
  const bytes = (): number => Math.min(MOST_RESERVE, disk.totalBytes * SHARE);
  const look = async (): Promise<void> => {
    try {
      disk = await space.read();
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'cannot read the free disk space');
    }
    if (!stopped) clock.after(EVERY_MS, () => void look());
  };
  clock.after(EVERY_MS, () => void look());
  return {
    gate() {
      if (disk.freeBytes >= bytes()) return undefined;
      const mb = (n: number): string => `${Math.round(n / MB)} MB`;
      return {
        reason: `the disk is nearly full (${mb(disk.freeBytes)} free, ${mb(bytes())} must stay free)`,
        retryAfterS: RETRY_AFTER_S,
      };
    },
    disk: () => disk,
    bytes,
    stop() {
      stopped = true;
    },
  };
}
