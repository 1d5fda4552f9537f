import type { Piece } from '../store/types.ts';
import type { ColdSession, FetchedFrames } from './fetch.ts';
import type { Wanted } from './fetches.ts';
import { firstWanted } from './opened.ts';
import { MAX_COLD_BYTES, MAX_COLD_PIECES, type Window } from './planner.ts';

interface Started {
  frames: Promise<FetchedFrames>;
  wanted: readonly Wanted[];
}

/**
 * What has to be fetched first (`firstWanted`) for cold windows, in their order, from the first time that it is asked for on. While one window is awaited
 * or read, the link brings those after it: one, or several that together hold no more than one may.
 */
export class FetchAhead {
  readonly #rest: Window[];
  readonly #planned: readonly Piece[];
  readonly #session: ColdSession;
  readonly #started: Started[] = [];

  constructor(windows: readonly Window[], planned: readonly Piece[], session: ColdSession) {
    this.#rest = [...windows];
    this.#planned = planned;
    this.#session = session;
  }

  /** Resolves when the frames of the next window are there, or not to be had; rejects as the session does. */
  next(): Promise<FetchedFrames> {
    this.#fill();
    const first = this.#started.shift();
    this.#fill();
    if (first === undefined) throw new Error('all windows were asked for');
    return first.frames;
  }

  #fill(): void {
    for (let window = this.#rest[0]; window !== undefined; window = this.#rest[0]) {
      const wanted = firstWanted(this.#planned, window);
      if (this.#started.length > 0 && !fits([...this.#started.flatMap((each) => each.wanted), ...wanted])) return;
      this.#rest.shift();
      const frames = this.#session.fetch(wanted);
      // Whoever waits for it hears of a failure; of a query that has ended nobody does.
      frames.catch(() => undefined);
      this.#started.push({ frames, wanted });
    }
  }
}

/** Each piece has two frames. */
function fits(wanted: readonly Wanted[]): boolean {
  const bytes = wanted.reduce((sum, { frame }) => sum + frame.length, 0);
  return wanted.length <= 2 * MAX_COLD_PIECES && bytes <= MAX_COLD_BYTES;
}
