import type Database from 'better-sqlite3';
import type { TidemarkError } from '../../shared/errors.ts';
import { nextSlice, type Rewritten, rewrite, type Slice } from './compact.ts';
import { STEP_WORK } from './rows.ts';
import { FROZEN, OPEN, ROTTEN, type Segments } from './segments.ts';

interface Current {
  day: number;
  slice: Slice;
  steps: ReturnType<typeof rewrite>;
}

/**
 * Compacts days slice by slice, each in steps. Between steps the slice is in memory only: nothing but compaction takes open rows away while one of their
 * day is uncompacted, so they stay as they were read; after a crash or a fault the slice begins again.
 */
export class Compaction {
  readonly #db: Database.Database;
  readonly #segments: Segments;
  readonly #sourceOf: (series: number) => number;
  #current: Current | undefined;

  constructor(db: Database.Database, segments: Segments, sourceOf: (series: number) => number) {
    this.#db = db;
    this.#segments = segments;
    this.#sourceOf = sourceOf;
  }

  /** One step; `more` while the day is not in its final form. `damaged` holds one fault for each row that could not be read whole. */
  step(day: number): { more: boolean; damaged: TidemarkError[] } {
    const current = this.#current?.day === day ? this.#current : this.#begin(day);
    this.#current = undefined;
    if (current === undefined) return { more: false, damaged: [] };
    for (let done = 0; done < STEP_WORK; ) {
      const step = current.steps.next();
      if (step.done === true) {
        this.#swap(current.slice, step.value);
        const damaged = [...step.value.damaged.values(), ...current.slice.lost.map(({ error }) => error)];
        return { more: this.#segments.hasUncompacted(day), damaged };
      }
      done += step.value;
    }
    this.#current = current;
    return { more: true, damaged: [] };
  }

  #begin(day: number): Current | undefined {
    const rotten = this.#segments.rottenOfDay(day);
    const slice = nextSlice(rotten === undefined ? this.#segments.openOfDay(day) : [rotten], this.#sourceOf);
    if (slice === undefined) return undefined;
    return { day, slice, steps: rewrite(slice, (id) => this.#segments.body(id), this.#sourceOf) };
  }

  /** In one transaction the new rows come and their sources lose what is in them. What was frozen stays frozen. */
  #swap({ upTo, parts, lost }: Slice, { segments, damaged }: Rewritten): void {
    const state = parts.some(({ row }) => row.state === ROTTEN) ? FROZEN : OPEN;
    this.#db.transaction(() => {
      for (const segment of segments) this.#segments.insert(segment, state);
      for (const { row } of lost) this.#segments.markLost(row.id);
      for (const { row, chunks } of parts) {
        if (damaged.has(row.id)) this.#segments.setAside(row, upTo);
        this.#segments.consume(
          row,
          upTo,
          chunks.reduce((n, chunk) => n + chunk.count, 0),
        );
      }
    })();
  }
}
