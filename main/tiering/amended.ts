const FIRST_REST_MS = 3_600_000;
const MOST_REST_MS = 24 * FIRST_REST_MS;

/**
 * Days that were amended since the start. What is still dirty of them could not be had from the archive: it is tried again after an hour, and then ever more
 * rarely, down to once a day, as each time costs what of it can be had.
 */
export class AmendedDays {
  readonly #rests = new Map<number, { restMs: number; untilMs: number }>();

  /** `nowMs` is monotonic. */
  add(day: number, nowMs: number): void {
    const before = this.#rests.get(day)?.restMs;
    const restMs = before === undefined ? FIRST_REST_MS : Math.min(MOST_REST_MS, 2 * before);
    this.#rests.set(day, { restMs, untilMs: nowMs + restMs });
  }

  /** Days whose turn has not come yet. */
  resting(nowMs: number): Set<number> {
    return new Set([...this.#rests].flatMap(([day, { untilMs }]) => (nowMs < untilMs ? [day] : [])));
  }
}
