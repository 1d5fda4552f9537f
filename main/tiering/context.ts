import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { ColdFrame, ColdFrames } from '../store/amend-types.ts';
import type { Remote } from '../store/remote.ts';
import type { EventRow, StoreApi } from '../store/types.ts';
import type { AmendedDays } from './amended.ts';
import type { Pressure } from './size-policy.ts';
import type { Suspects } from './suspects.ts';

export interface TieringSettings {
  maxAgeDays: number;
  intervalMs: number;
  concurrency: number;
  targetBlockBytes: number;
  verify: 'readback' | 'checksum';
  gatewayId: string;
  /** '' or ending in '/'. */
  prefix: string;
}

/** Room for local data on this gateway. */
export interface LocalRoom {
  /** What database, log and cache may take together, bytes, when they take `usedBytes` now. */
  limitBytes(usedBytes: number): number;
  cacheBytes(): number;
  /** From now on the cache holds no more than so many bytes, or than its own limit. */
  limitCache(bytes: number): Promise<void>;
}

/** Brings frames from the archive, each checked against its digest; undefined when the archive could not be asked for all of them. */
export type FetchFrames = (wanted: readonly ColdFrame[], signal: AbortSignal) => Promise<ColdFrames | undefined>;

/** Works on one thing, named `what`, of a day if it is of one, whose fault holds up nothing else: it is told, and a later pass tries again. */
export type Attempt = (what: string, work: () => Promise<unknown>, day?: number) => Promise<void>;

/** What the stages need that no archive is needed for. */
export interface Local {
  writer: Remote<StoreApi>;
  clock: Clock;
  maxAgeDays: number;
  attempt: Attempt;
  /** Days of which an attempt failed since the start. */
  stuck: ReadonlySet<number>;
  amended: AmendedDays;
  /** Read anew each time: it changes while a pass works. */
  pressure(): Promise<Pressure>;
}

/** What the stages of one pass share. */
export interface Pass extends Local {
  archive: ObjectStore;
  fetchFrames: FetchFrames;
  log: Log;
  random: () => number;
  settings: TieringSettings;
  suspects: Suspects;
  /** Aborts at a pause or stop; every request carries it. */
  signal: AbortSignal;
  /** Blocks whose turn has not come (nextAttemptUs) are taken too. */
  manual: boolean;
  /** So many bytes went through in a request of so many milliseconds. */
  sent(bytes: number, ms: number): void;
  /** Bytes a second that the last such request carried; undefined before the first, and since the link failed. */
  pace(): number | undefined;
}

export async function tell(
  p: Pick<Pass, 'writer' | 'clock'>,
  level: EventRow['level'],
  code: string,
  text: string,
  detail: EventRow['detail'] = {},
): Promise<void> {
  await p.writer.addEvent({ atUs: p.clock.nowUs(), level, code, text, detail });
}
