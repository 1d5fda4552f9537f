import type { ObjectStoreError, StoreFault } from '../ports/object-store.ts';
import { fullJitter } from './backoff.ts';
import type { LinkState } from './types.ts';

const STATE_OF: Partial<Record<StoreFault, LinkState>> = {
  offline: 'offline',
  throttled: 'slow',
  server: 'offline',
  credentials: 'credentials',
  clock: 'clock',
  'no-bucket': 'bucket',
  full: 'bucket',
  portal: 'portal',
};

/** A returning link is noticed within about this time. */
const PROBE_CAP_MS = 30_000;
const PROBE_BASE_MS = 1_000;
/** More than this between our clock and the archive's: nothing is planned by such a clock, and signatures fail anyway. */
const MAX_SKEW_US = 15 * 60_000_000;

/** What is known of the way to the archive, from the outcome of real calls. */
export interface Link {
  readonly state: LinkState;
  readonly sinceUs: number;
  readonly lastSuccessUs: number | undefined;
  readonly lastError: string | undefined;
  /** Consecutive failures: the next probe waits longer. */
  readonly failures: number;
}

export const UNSET: Link = { state: 'unset', sinceUs: 0, lastSuccessUs: undefined, lastError: undefined, failures: 0 };

export function afterSuccess(link: Link, nowUs: number, serverTimeUs: number | undefined): Link {
  const skewed = serverTimeUs !== undefined && Math.abs(serverTimeUs - nowUs) > MAX_SKEW_US;
  const state = skewed ? 'clock' : 'ok';
  const lastError = skewed ? 'the clocks of this gateway and of the archive differ by more than 15 minutes' : undefined;
  return {
    state,
    sinceUs: link.state === state ? link.sinceUs : nowUs,
    lastSuccessUs: nowUs,
    lastError,
    failures: skewed ? link.failures + 1 : 0,
  };
}

export function afterFault(link: Link, nowUs: number, error: ObjectStoreError): Link {
  const state = STATE_OF[error.fault] ?? link.state;
  return {
    ...link,
    state,
    sinceUs: link.state === state ? link.sinceUs : nowUs,
    lastError: error.message,
    failures: link.failures + 1,
  };
}

export function isUp(link: Link): boolean {
  return link.state === 'ok' || link.state === 'slow';
}

/** Milliseconds until the next probe of a link that is away; at least what the server asked for. */
export function probeDelayMs(link: Link, random: () => number, retryAfterS: number | undefined): number {
  return Math.max((retryAfterS ?? 0) * 1_000, 200 + fullJitter(link.failures, random, PROBE_BASE_MS, PROBE_CAP_MS));
}
