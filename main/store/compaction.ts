import type Database from 'better-sqlite3';
import { nextSlice, type Rewritten, rewrite, type Slice, type Stored, type Unread } from './compact.ts';
import { unsynced } from './database.ts';
import { readLocal } from './read.ts';
import { STEP_WORK } from './rows.ts';
import { FROZEN, OPEN, ROTTEN, type Segments } from './segments.ts';
import type { SeqMark } from './types.ts';

/** Most readings of a slice (a longer single series is one of its own): as many as a row holds. */
const SLICE_READINGS = 400_000;
/** What a reading takes at most, about. */
const READING_BYTES = 8;

interface Current {
  day: number;
  upTo: SeqMark | undefined;
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
  readonly #sliceReadings: number;
  #current: Current | undefined;

  /** `mostBytes`: a slice should take no more, or what takes its place would not fit beside it. */
  constructor(
    db: Database.Database,
    segments: Segments,
    sourceOf: (series: number) => number,
    mostBytes = Number.POSITIVE_INFINITY,
  ) {
    this.#db = db;
    this.#segments = segments;
    this.#sourceOf = sourceOf;
    this.#sliceReadings = Math.min(SLICE_READINGS, mostBytes / READING_BYTES);
  }

  /**
   * One step; `more` while the day, or what came `upTo` the mark, is not in its final form. `damaged` is what could not be read.
   */
  step(day: number, upTo?: SeqMark): { more: boolean; damaged: Unread[] } {
    const current = this.#isFor(day, upTo) ? this.#current : this.#begin(day, upTo);
    this.#current = undefined;
    if (current === undefined) return { more: false, damaged: [] };
    for (let done = 0; done < STEP_WORK; ) {
      const step = current.steps.next();
      if (step.done === true) {
        this.#swap(current.slice, step.value);
        const damaged = [...step.value.damaged, ...current.slice.lost];
        return { more: this.#segments.hasUncompacted(day, upTo), damaged };
      }
      done += step.value;
    }
    this.#current = current;
    return { more: true, damaged: [] };
  }

  /** To be called before open rows become frozen: what was begun with them must not take their place. */
  forget(): void {
    this.#current = undefined;
  }

  #isFor(day: number, upTo: SeqMark | undefined): boolean {
    const current = this.#current;
    return current?.day === day && current.upTo?.epoch === upTo?.epoch && current.upTo?.seq === upTo?.seq;
  }

  #begin(day: number, upTo: SeqMark | undefined): Current | undefined {
    const rotten = this.#segments.rottenOfDay(day);
    const rows = rotten === undefined ? this.#segments.openOfDay(day, upTo) : [rotten];
    const slice = nextSlice(rows, this.#sourceOf, this.#sliceReadings);
    if (slice === undefined) return undefined;
    const stored: Stored = {
      body: ({ id, bytes }) => this.#segments.body(id, 0, bytes),
      chunk: ({ id }, chunk, times) => readLocal(this.#segments, id, chunk, times),
    };
    return { day, upTo, slice, steps: rewrite(slice, stored, this.#sourceOf) };
  }

  /** In one transaction the new rows come and their sources lose what is in them. What was frozen stays frozen. */
  #swap({ upTo, parts, lost }: Slice, { segments, damaged, broken }: Rewritten): void {
    const state = parts.some(({ row }) => row.state === ROTTEN) ? FROZEN : OPEN;
    unsynced(this.#db, () => {
      for (const segment of segments) this.#segments.insert(segment, state);
      for (const { row } of lost) this.#segments.markLost(row.id);
      for (const { row, chunks } of parts) {
        const isBroken = broken.has(row.id);
        // A body that cannot be read cannot be copied or deleted either: its row stays where it is.
        if (isBroken && row.series_hi <= upTo) {
          this.#segments.markLost(row.id);
          continue;
        }
        const unread = new Set(damaged.flatMap((each) => (each.row.id === row.id ? [each.series] : [])));
        if (unread.size > 0 && isBroken)
          this.#segments.tellLost(
            row,
            chunks.filter(({ series }) => unread.has(series)),
          );
        else if (unread.size > 0) this.#segments.setAside(row, upTo);
        this.#segments.consume(
          row,
          upTo,
          chunks.reduce((n, chunk) => n + chunk.count, 0),
        );
      }
    });
  }
}
