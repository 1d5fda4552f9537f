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
  /** False while reading would only time out: from such a fault until a probe is answered. */
  readonly reachable: boolean;
  /** Consecutive failures: the next probe waits longer. */
  readonly failures: number;
  /** The work failed, not only a probe: a probe that is answered does not end it (keys that may read but not write, a full bucket). */
  readonly ofWork: boolean;
}

export const UNSET: Link = {
  state: 'unset',
  sinceUs: 0,
  lastSuccessUs: undefined,
  lastError: undefined,
  reachable: true,
  failures: 0,
  ofWork: false,
};

/** A probe was answered. After a fault of the work the failures stay counted, so that a work that always fails is tried ever more rarely. */
export function afterSuccess(link: Link, nowUs: number, serverTimeUs: number | undefined): Link {
  const answered = { ...link, lastSuccessUs: nowUs, reachable: true };
  if (serverTimeUs !== undefined && Math.abs(serverTimeUs - nowUs) > MAX_SKEW_US) {
    const lastError = 'the clocks of this gateway and of the archive differ by more than 15 minutes';
    return { ...inState(answered, 'clock', nowUs), lastError, failures: link.failures + 1 };
  }
  if (!link.ofWork) return { ...inState(answered, 'ok', nowUs), lastError: undefined, failures: 0 };
  return link.state === 'offline' ? { ...inState(answered, 'ok', nowUs), lastError: undefined } : answered;
}

/** A pass came through all its stages. */
export function afterWork(link: Link, nowUs: number): Link {
  if (link.state === 'clock') return link;
  return { ...inState(link, 'ok', nowUs), lastError: undefined, failures: 0, ofWork: false };
}

export function afterFault(link: Link, nowUs: number, error: ObjectStoreError, ofWork: boolean): Link {
  return {
    ...inState(link, STATE_OF[error.fault] ?? link.state, nowUs),
    lastError: error.message,
    // What answers in its own words can be read from, even when it takes nothing.
    reachable: ofWork && link.reachable && error.fault !== 'offline' && error.fault !== 'portal',
    failures: link.failures + 1,
    ofWork: link.ofWork || ofWork,
  };
}

function inState(link: Link, state: LinkState, nowUs: number): Link {
  return { ...link, state, sinceUs: link.state === state ? link.sinceUs : nowUs };
}

/** Milliseconds until the next probe of a link that is away; at least what the server asked for. */
export function probeDelayMs(link: Link, random: () => number, retryAfterS: number | undefined): number {
  return Math.max((retryAfterS ?? 0) * 1_000, 200 + fullJitter(link.failures, random, PROBE_BASE_MS, PROBE_CAP_MS));
}
