import type Database from 'better-sqlite3';
import { dayStart } from '../../shared/units.ts';
import type { Run } from '../codec/merge.ts';
import { encodeRollup } from '../codec/rollup.ts';
import { readChunk } from '../codec/segment.ts';
import type { Chunk } from '../codec/types.ts';
import { unsynced } from './database.ts';
import { EACH_LEVEL } from './levels.ts';
import { readLocal } from './read.ts';
import { frameOf, inventory, type Levels, sumUp } from './rollup-build.ts';
import { cleanDay, type DirtyDay, type DirtyRows, touch } from './rollup-dirty.ts';
import { patch } from './rollup-patch.ts';
import { bandOf, type Frames, type RollupRows } from './rollup-rows.ts';
import { RollupView } from './rollup-view.ts';
import { STEP_WORK } from './rows.ts';
import type { SegmentRow, Segments } from './segments.ts';
import { statement } from './statements.ts';
import type { Level } from './types.ts';

/** What takes the place of the rollups, and of the dirty marks, of some series. */
export interface Built {
  frames: Record<Level, Frames>;
  dirty: Map<number, DirtyDay>;
}

interface Current {
  day: number;
  rows: readonly SegmentRow[];
  isPartlyCold: boolean;
  /** The segments that are summed up. */
  stamp: string;
  steps: Generator<number, Built>;
}

/** A series costs as much as so many readings, however few it has. */
const SERIES_WORK = 500;
/** Rows that are summed up together have more readings than these, if the day has: a commit for each would be most of the work of small ones. */
const GROUP_READINGS = 1_000;
/** Bodies up to this length are read at once: frame by frame costs more. */
const SMALL_BODY = 65_536;

/**
 * Sums up days (T6), some series at a time, each in steps. Between steps what was made is in memory only; one transaction puts it in place, unless segments
 * that it sums up changed meanwhile: then it begins again, as it does after a crash. What is not in its final form is not summed up but marked: hours of a day
 * go while others still come in.
 */
export class RollupStage {
  readonly #db: Database.Database;
  readonly #segments: Segments;
  readonly #rows: RollupRows;
  readonly #dirty: DirtyRows;
  #current: Current | undefined;

  constructor(db: Database.Database, segments: Segments, rows: RollupRows, dirty: DirtyRows) {
    this.#db = db;
    this.#segments = segments;
    this.#rows = rows;
    this.#dirty = dirty;
  }

  /** One step; true while more is to be done for the day. */
  step(day: number): boolean {
    const current = this.#current?.day === day ? this.#current : this.#begin(day);
    this.#current = undefined;
    if (current === undefined) return false;
    for (let done = 0; done < STEP_WORK; ) {
      const step = current.steps.next();
      if (step.done === true) {
        if (stampOf(this.#summed(day, current.rows, current.isPartlyCold)) === current.stamp)
          this.#commit(current, step.value);
        return true;
      }
      done += step.value;
    }
    this.#current = current;
    return true;
  }

  /** The next series of the day that have something new; undefined when there are none, and the day is done with. */
  #begin(day: number): Current | undefined {
    const isPartlyCold =
      statement(this.#db, `select 1 from block where day = ? and state = 'cold' limit 1`).get(day) !== undefined;
    if (isPartlyCold && !this.#rows.isDone(day)) {
      // Some of it left this gateway before there were rollups: all of it is read from the readings.
      this.#segments.setRolled(this.#segments.unrolledOfDay(day), 2);
      return undefined;
    }
    const rows = firstGroup(this.#segments.unrolledOfDay(day));
    if (rows.length > 0) {
      const stamp = stampOf(this.#summed(day, rows, isPartlyCold));
      return { day, rows, isPartlyCold, stamp, steps: this.#build(day, rows, isPartlyCold) };
    }
    if (!this.#rows.isDone(day)) this.#finish(day);
    return undefined;
  }

  /** From now on whatever else comes in for the day is marked dirty. What came in while it was summed up is so now. */
  #finish(day: number): void {
    unsynced(this.#db, () => {
      this.#markUnrolled(day, this.#segments.localOfDay(day));
      this.#rows.setDone(day);
    });
  }

  /** Marks what rows hold that the rollups do not know, of all series or of those of `only`. */
  #markUnrolled(day: number, rows: readonly SegmentRow[], only?: ReadonlyMap<number, unknown>): void {
    const { chunks, unreadable } = inventory(
      rows.filter(({ rolled }) => rolled === 0),
      [],
    );
    const counts = (series: number): boolean => only?.has(series) !== false;
    for (const [series, placed] of chunks) {
      if (!counts(series)) continue;
      const marks = cleanDay();
      for (const { chunk } of placed) touch(marks, chunk.tMin, chunk.tMax);
      this.#dirty.add(series, day, marks);
    }
    for (const series of unreadable) if (counts(series)) this.#dirty.add(series, day, wholeDay(day));
  }

  /** What is summed up for a group. What is in the archive is in the rollups already, and what waits for it is, too; what was cut is still to be compacted. */
  #summed(day: number, group: readonly SegmentRow[], isPartlyCold: boolean): SegmentRow[] {
    return this.#segments
      .localOfDay(day, ...rangeOf(group))
      .filter(({ rolled, final }) => (rolled === 0 ? final === 1 : !isPartlyCold));
  }

  *#build(day: number, group: readonly SegmentRow[], isPartlyCold: boolean): Generator<number, Built> {
    const rows = this.#summed(day, group, isPartlyCold);
    const { chunks, unreadable } = inventory(rows, this.#segments.damagedOfDay(day, ...rangeOf(group)));
    const built: Built = { frames: { minutes: new Map(), hours: new Map() }, dirty: new Map() };
    const read = this.#reader();
    for (const series of new Set([...inventory(group, []).chunks.keys(), ...unreadable].sort((a, b) => a - b))) {
      const levels = unreadable.has(series) ? undefined : yield* sumUp(chunks.get(series) ?? [], read);
      if (isPartlyCold && levels !== undefined) this.#patch(day, series, levels, built);
      else {
        for (const level of EACH_LEVEL) built.frames[level].set(series, levels && frameOf(level, levels[level]));
        built.dirty.set(series, cleanDay());
      }
      yield SERIES_WORK;
    }
    return built;
  }

  /** Reads chunks; the bodies of small rows, which have many short ones, are kept until it is let go. */
  #reader(): (row: SegmentRow, chunk: Chunk) => Run {
    const bodies = new Map<number, Uint8Array>();
    return (row, chunk) => {
      if (row.bytes > SMALL_BODY) return readLocal(this.#segments, row.id, chunk);
      const body = bodies.get(row.id) ?? this.#segments.body(row.id, 0, row.bytes);
      bodies.set(row.id, body);
      return readChunk(body, chunk);
    };
  }

  #patch(day: number, series: number, late: Levels, built: Built): void {
    const dirty = this.#dirty.of(series, day, day).get(day) ?? cleanDay();
    const view = new RollupView(this.#rows, series, { from: day, to: day, dirty: new Map() });
    for (const level of EACH_LEVEL) {
      const old = view.known(level, day);
      const patched = patch(level, old, late[level], dirty[level]);
      // What had a rollup keeps it, dense or not.
      const frame = patched === 'raw' ? undefined : old === undefined ? frameOf(level, patched) : encodeRollup(patched);
      built.frames[level].set(series, frame);
    }
    built.dirty.set(series, dirty);
  }

  #commit({ day, rows }: Current, built: Built): void {
    unsynced(this.#db, () => {
      this.#segments.setRolled(rows, 1);
      this.put(day, built);
    });
  }

  /** To be called inside a transaction: puts rollups and marks in place. What the rollups do not know of these series is marked again. */
  put(day: number, { frames, dirty }: Built): void {
    for (const level of EACH_LEVEL) {
      for (const [band, changed] of byBand(frames[level])) {
        const all = new Map([...this.#rows.band(level, band, day), ...changed]);
        // Days of which the 5-minute rows say nothing are read from the readings anyhow.
        if (level === 'minutes') for (const [series, frame] of all) if (frame === undefined) all.delete(series);
        this.#rows.setBand(level, band, day, all);
      }
    }
    if (dirty.size === 0) return;
    for (const [series, marks] of dirty) this.#dirty.set(series, day, marks);
    const [lo, hi] = [Math.min(...dirty.keys()), Math.max(...dirty.keys())];
    this.#markUnrolled(day, this.#segments.localOfDay(day, lo, hi), dirty);
  }
}

function stampOf(rows: readonly SegmentRow[]): string {
  return rows.map(({ id, series_lo: lo }) => `${id}:${lo}`).join();
}

/** Rows (ascending by their first series) up to where there are enough of them, and the next ones have nothing to do with them. */
function firstGroup(rows: readonly SegmentRow[]): SegmentRow[] {
  const group: SegmentRow[] = [];
  let readings = 0;
  for (const row of rows) {
    if (readings > GROUP_READINGS && row.series_lo > rangeOf(group)[1]) break;
    group.push(row);
    readings += row.readings;
  }
  return group;
}

function wholeDay(day: number): DirtyDay {
  const marks = cleanDay();
  touch(marks, dayStart(day), dayStart(day + 1) - 1);
  return marks;
}

function rangeOf(rows: readonly SegmentRow[]): [lo: number, hi: number] {
  return [Math.min(...rows.map((row) => row.series_lo)), Math.max(...rows.map((row) => row.series_hi))];
}

function byBand(frames: Frames): Map<number, Frames> {
  const bands = new Map<number, Frames>();
  for (const [series, frame] of frames) {
    const band = bands.get(bandOf(series)) ?? new Map();
    bands.set(bandOf(series), band.set(series, frame));
  }
  return bands;
}
