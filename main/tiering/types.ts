import type { LINK_STATES } from '../../shared/schemas.ts';

export type LinkState = (typeof LINK_STATES)[number];

/** What the status screen may know of tiering; all of it in memory, cheap to read. */
export interface TieringStatus {
  link: { state: LinkState; sinceUs?: number; lastSuccessUs?: number; lastError?: string };
  lastRunUs?: number;
  nextRunUs?: number;
  running: boolean;
  /** "Tier now" was pressed and is not finished: it runs, or waits for the link or the end of a pause. */
  requested: boolean;
  /** Name of the stage that runs now, e.g. `upload`. */
  stage?: string;
  /** 0: until resumed. */
  pausedUntilUs?: number;
  /** Measured while uploading. */
  rateBytesPerS?: number;
  /** What database, log and cache take, and may take, bytes. Nearly full: the oldest data moves before its time. */
  fill?: { usedBytes: number; limitBytes: number; nearlyFull: boolean };
  /** Why nothing is planned or uploaded although the link is up, in plain words (owner conflict, wrong clock). */
  blocked?: string;
  /** What of the last pass failed by a fault of this gateway, in plain words. */
  trouble?: string;
}
