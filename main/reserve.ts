import { messageOf } from '../shared/errors.ts';
import { MB } from '../shared/units.ts';
import type { Clock } from './ports/clock.ts';
import type { DiskSpace } from './ports/disk-space.ts';
import type { Log } from './ports/log.ts';
import type { ReserveFile } from './ports/reserve-file.ts';

const EVERY_MS = 1_000;
const RETRY_AFTER_S = 30;
const MOST_RESERVE = 512 * MB;
/** Of a small disk the reserve is this share, but not less than the log (64 MB) and a cut of the head need; of a tiny one a quarter. */
const SHARE = 0.05;
const LEAST_RESERVE = 128 * MB;
const MOST_SHARE = 0.25;
/** Of the reserve, what a file holds: other programs cannot take that. The rest is free, so that ingest ends before the store can fail. */
const FILE_SHARE = 0.5;
/** Of the reserve: less than that free, and the file gives its room to evictions. */
const RELEASE_SHARE = 0.25;
/** The file is made slowly, and not while a start has better things to write. */
const GROW_BYTES = 4 * MB;
const GROW_AFTER_MS = 60_000;

export interface ReserveWatch {
  /** Looks at once. */
  look(): Promise<void>;
  /** T8: why ingest must refuse now: the disk is nearly full, or what is stored would go nowhere. */
  gate(): { reason: string; retryAfterS: number } | undefined;
  /** So many bytes of readings were taken in: they count as written until the disk is looked at again. */
  took(bytes: number): void;
  disk(): { freeBytes: number; totalBytes: number };
  /** Free bytes that are left until ingest refuses; what must stay free, for the log, evictions and everybody else, is not among them. */
  roomBytes(): number;
  /** What the reserve file holds. */
  heldBytes(): number;
  stop(): void;
}

/** For a site that is not worth a part of somebody's disk. */
export const NO_FILE: ReserveFile = {
  bytes: async () => 0,
  grow: async () => undefined,
  release: async () => undefined,
};

/** Looks each second at the free disk and at the files of the store, and keeps the reserve file. The first look is done when it resolves. */
export async function startReserveWatch(
  space: DiskSpace,
  file: ReserveFile,
  clock: Clock,
  log: Log,
): Promise<ReserveWatch> {
  const startMs = clock.monotonicMs();
  let disk = await space.read();
  let held = await file.bytes();
  let replaced: string | undefined;
  let stopped = false;
  let taken = 0;
  const reserve = (): number =>
    Math.min(MOST_RESERVE, Math.max(disk.totalBytes * SHARE, Math.min(LEAST_RESERVE, disk.totalBytes * MOST_SHARE)));
  /** What must stay free beside what the file holds. */
  const least = (): number => reserve() - held;
  const keepFile = async (): Promise<void> => {
    const lacks = reserve() * FILE_SHARE - held;
    if (held > 0 && disk.freeBytes < reserve() * RELEASE_SHARE) {
      await file.release();
      log.info({ bytes: held }, 'the disk is nearly full: the reserve was released');
    } else if (lacks > 0 && disk.freeBytes >= least() && clock.monotonicMs() - startMs >= GROW_AFTER_MS) {
      await file.grow(Math.min(lacks, GROW_BYTES));
    } else return;
    [disk, held] = [await space.read(), await file.bytes()];
  };
  const look = async (): Promise<void> => {
    try {
      const before = taken;
      [disk, held] = [await space.read(), await file.bytes()];
      await keepFile();
      taken -= before;
      replaced = await space.replaced();
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'cannot look at the disk, or keep the reserve on it');
    }
  };
  const lookOn = async (): Promise<void> => {
    await look();
    if (!stopped) clock.after(EVERY_MS, () => void lookOn());
  };
  await lookOn();
  return {
    look,
    gate() {
      if (replaced !== undefined) {
        const reason = `${replaced} was removed or replaced while the gateway runs: put it back, or stop the gateway`;
        return { reason, retryAfterS: RETRY_AFTER_S };
      }
      const freeBytes = disk.freeBytes - taken;
      if (freeBytes >= least()) return undefined;
      const mb = (n: number): string => `${Math.round(n / MB)} MB`;
      return {
        reason: `the disk is nearly full (${mb(Math.max(0, freeBytes))} free, ${mb(least())} must stay free)`,
        retryAfterS: RETRY_AFTER_S,
      };
    },
    took(n) {
      taken += n;
    },
    disk: () => disk,
    roomBytes: () => Math.max(0, disk.freeBytes - least()),
    heldBytes: () => held,
    stop() {
      stopped = true;
    },
  };
}
