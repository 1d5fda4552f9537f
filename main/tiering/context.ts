import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Remote } from '../store/remote.ts';
import type { EventRow, StoreApi } from '../store/types.ts';

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

/** Works on one thing, named `what`, whose fault holds up nothing else: it is told, and a later pass tries again. */
export type Attempt = (what: string, work: () => Promise<unknown>) => Promise<void>;

/** What the stages of one pass share. */
export interface Pass {
  writer: Remote<StoreApi>;
  archive: ObjectStore;
  clock: Clock;
  log: Log;
  random: () => number;
  settings: TieringSettings;
  /** Aborts at a pause or stop; every request carries it. */
  signal: AbortSignal;
  /** Blocks whose turn has not come (nextAttemptUs) are taken too. */
  manual: boolean;
  attempt: Attempt;
  sent(bytes: number): void;
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
