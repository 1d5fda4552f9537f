import { messageOf } from '../shared/errors.ts';
import { MB } from '../shared/units.ts';
import type { Clock } from './ports/clock.ts';
import type { DiskSpace } from './ports/disk-space.ts';
import type { Log } from './ports/log.ts';

const EVERY_MS = 1_000;
const RETRY_AFTER_S = 30;
const MOST_RESERVE = 512 * MB;
/** Of a small disk the reserve is this share, but not less than the log (64 MB) and a cut of the head need; of a tiny one a quarter. */
const SHARE = 0.05;
const LEAST_RESERVE = 128 * MB;
const MOST_SHARE = 0.25;

export interface ReserveWatch {
  /** T8: why ingest must refuse now: the disk is nearly full, or what is stored would go nowhere. */
  gate(): { reason: string; retryAfterS: number } | undefined;
  /** So many bytes of readings were taken in: they count as written until the disk is looked at again. */
  took(bytes: number): void;
  disk(): { freeBytes: number; totalBytes: number };
  /** Bytes that stay free for the log, evictions and everybody else. */
  bytes(): number;
  stop(): void;
}

/** Looks each second at the free disk and at the files of the store. */
export async function startReserveWatch(space: DiskSpace, clock: Clock, log: Log): Promise<ReserveWatch> {
  let disk = await space.read();
  let replaced = await space.replaced();
  let stopped = false;
  let taken = 0;
  const bytes = (): number =>
    Math.min(MOST_RESERVE, Math.max(disk.totalBytes * SHARE, Math.min(LEAST_RESERVE, disk.totalBytes * MOST_SHARE)));
  const look = async (): Promise<void> => {
    try {
      const before = taken;
      disk = await space.read();
      taken -= before;
      replaced = await space.replaced();
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'cannot read the free disk space');
    }
    if (!stopped) clock.after(EVERY_MS, () => void look());
  };
  clock.after(EVERY_MS, () => void look());
  return {
    gate() {
      if (replaced !== undefined) {
        const reason = `${replaced} was removed or replaced while the gateway runs: put it back, or stop the gateway`;
        return { reason, retryAfterS: RETRY_AFTER_S };
      }
      const freeBytes = disk.freeBytes - taken;
      if (freeBytes >= bytes()) return undefined;
      const mb = (n: number): string => `${Math.round(n / MB)} MB`;
      return {
        reason: `the disk is nearly full (${mb(Math.max(0, freeBytes))} free, ${mb(bytes())} must stay free)`,
        retryAfterS: RETRY_AFTER_S,
      };
    },
    took(n) {
      taken += n;
    },
    disk: () => disk,
    bytes,
    stop() {
      stopped = true;
    },
  };
}
