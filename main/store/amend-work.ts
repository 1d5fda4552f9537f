import { mergeRuns, type Run } from '../codec/merge.ts';
import { rollUp } from '../codec/roll-up.ts';
import { encodeRollup } from '../codec/rollup.ts';
import { isOlder, type Piece } from './amend-pieces.ts';
import { addHours, cleanHours, markRepeated, replaceHours } from './amend-series.ts';
import type { AmendPause } from './amend-types.ts';
import { EACH_LEVEL, WIDTH_US } from './levels.ts';
import { frameOf } from './rollup-build.ts';
import { cleanDay, type DirtyDay, isDirty } from './rollup-dirty.ts';
import { BUCKETS_A_DAY, type Frames, type Known, MINUTES_AN_HOUR } from './rollup-rows.ts';
import type { RollupView } from './rollup-view.ts';
import type { SegmentRow } from './segments.ts';
import type { Level } from './types.ts';

const ALL_HOURS = Array.from({ length: BUCKETS_A_DAY.hours }, (_, hour) => hour);

/** The amendment of one series of a day: grows by some hours at a time. */
export class SeriesWork {
  readonly series: number;
  readonly late: Run;
  /** Of `late`: what is to go. */
  readonly drop: Uint8Array;
  /** Buckets that the rollups do not know, when it is done. */
  readonly dirty: DirtyDay;
  readonly #day: number;
  readonly #view: RollupView | undefined;
  /** By level, as far as they are changed. */
  readonly #known = new Map<Level, Known | undefined>();

  /** `view`: the rollups as they are; undefined when the day has none. */
  constructor(day: number, series: number, late: Run, dirty: DirtyDay = cleanDay(), view?: RollupView) {
    this.series = series;
    this.late = late;
    this.drop = new Uint8Array(late.t.length);
    this.dirty = { minutes: new Uint8Array(dirty.minutes), hours: new Uint8Array(dirty.hours) };
    this.#day = day;
    this.#view = view;
  }

  get hasRollups(): boolean {
    return this.#view !== undefined;
  }

  /** The rollups leave the whole day to its readings, whatever is marked. */
  get isRaw(): boolean {
    return EACH_LEVEL.every((level) => this.#view?.known(level, this.#day) === 'raw');
  }

  /** Hours that have late readings, or buckets that are dirty for another reason. */
  hours(): Set<number> {
    const hours = new Set<number>();
    addHours(hours, this.late);
    for (let i = 0; i < BUCKETS_A_DAY.minutes; i++) {
      const hour = Math.floor(i / MINUTES_AN_HOUR);
      if (isDirty(this.dirty.minutes, i) || isDirty(this.dirty.hours, hour)) hours.add(hour);
    }
    return hours;
  }

  /** Finds what is repeated in some hours, and sums them up anew; `row` is where `late` lies, and `pieces` are all that have readings in these hours. */
  *amend(
    row: SegmentRow | undefined,
    hours: readonly number[],
    pieces: readonly Piece[],
    read: (piece: Piece) => Run,
  ): Generator<AmendPause> {
    const older: Run[] = [];
    const others: Run[] = [];
    for (const piece of pieces) {
      const run = read(piece);
      (isOlder(piece, row) ? older : others).push(run);
      yield { work: run.t.length };
    }
    const before = mergeRuns(older);
    const truth = mergeRuns([before, ...others]);
    yield { work: truth.t.length };
    const chosen = new Set(hours);
    markRepeated(this.late, before, chosen, this.drop);
    if (this.#view === undefined) return;
    for (const level of EACH_LEVEL) {
      const old = this.#known.has(level) ? this.#known.get(level) : this.#view.known(level, this.#day);
      const now = replaceHours(old, rollUp(truth, WIDTH_US[level]), chosen);
      if (now !== 'raw') this.#known.set(level, now);
      yield { work: truth.t.length };
    }
    cleanHours(this.dirty, hours);
  }

  /** Of a day that is left to its readings no bucket needs a mark. */
  clean(): void {
    cleanHours(this.dirty, ALL_HOURS);
  }

  /**
   * Adds the rollups that changed. What had a rollup keeps it, dense or not. Of a day whose hours are gone its quarters cannot be made right: only its
   * readings tell of it from now on.
   */
  putFrames(frames: Record<Level, Frames>): void {
    if (this.#view?.isShrunk(this.#day) === true) frames.hours.set(this.series, undefined);
    for (const [level, now] of this.#known) {
      if (now === undefined || now === 'raw') continue;
      const isNew = this.#view?.known(level, this.#day) === undefined;
      frames[level].set(this.series, isNew ? frameOf(level, now) : encodeRollup(now));
    }
  }
}
