import type { Stretch } from '../../shared/stretch.ts';
import { DAY_US, dayOf, dayStart } from '../../shared/units.ts';
import { joinBuckets, type Rollup, rollupWithin } from '../codec/rollup.ts';
import { WIDTH_US } from './levels.ts';
import { bucketOfDay, type DirtyDay, isDirty } from './rollup-dirty.ts';
import { hasDay, type Known, MONTH_DAYS, monthOf, type RollupRows } from './rollup-rows.ts';
import type { AskedLevel, Level, RollupPart } from './types.ts';

/** Hours or quarters of a month: days that are known, and the buckets of those. */
interface Month {
  isKnown(day: number): boolean;
  /** The day's hours went to make room. */
  isShrunk?(day: number): boolean;
  rollup: Rollup | undefined;
}

interface KnownStretch {
  known: Stretch;
  rollup: Rollup | undefined;
}

/** What the rollups know of one series between two days, read as it is asked for and kept for the next question. */
export class RollupView {
  readonly #rows: RollupRows;
  readonly #series: number;
  readonly #dirty: ReadonlyMap<number, DirtyDay>;
  readonly #done: Map<number, number>;
  readonly #hours = new Map<number, Month>();
  readonly #minutes = new Map<number, Known | undefined>();

  /** `dirty` has the buckets, by day, of which the rollups do not know all readings. */
  constructor(
    rows: RollupRows,
    series: number,
    { from, to, dirty }: { from: number; to: number; dirty: ReadonlyMap<number, DirtyDay> },
  ) {
    this.#rows = rows;
    this.#series = series;
    this.#dirty = dirty;
    this.#done = rows.doneDays(from, to);
  }

  #isDone(day: number): boolean {
    return hasDay(this.#done.get(monthOf(day)), day);
  }

  /** The hours of the days' months. */
  #hoursOf(from: number, to: number): ReadonlyMap<number, Month> {
    const missing = this.#monthsOf(from, to).filter((month) => !this.#hours.has(month));
    const [first, last] = [missing[0], missing.at(-1)];
    if (first !== undefined && last !== undefined) this.#loadHours(first * MONTH_DAYS, last * MONTH_DAYS, missing);
    return this.#hours;
  }

  /** Months of these days that have days which are rolled up. */
  #monthsOf(from: number, to: number): number[] {
    return [...this.#done.keys()]
      .filter((month) => month >= monthOf(from) && month <= monthOf(to))
      .sort((a, b) => a - b);
  }

  #loadHours(from: number, to: number, wanted: readonly number[]): void {
    const months = new Map(this.#rows.months(this.#series, from, to).map((row) => [row.month, row]));
    const byMonth = new Map<number, Map<number, Known>>();
    for (const [day, known] of this.#rows.days('hours', this.#series, ...daysOfMonths(from, to))) {
      const days = byMonth.get(monthOf(day)) ?? new Map<number, Known>();
      byMonth.set(monthOf(day), days.set(day, known));
    }
    for (const month of wanted) {
      const row = months.get(month);
      const own = byMonth.get(month) ?? new Map<number, Known>();
      const isShrunk = (day: number): boolean => !own.has(day) && dayOfRollup(row?.quarters, day) !== undefined;
      const isRaw = (day: number): boolean =>
        own.has(day) ? own.get(day) === 'raw' : hasDay(row?.rawDays, day) || isShrunk(day);
      this.#hours.set(month, {
        isShrunk,
        isKnown: (day) => this.#isDone(day) && !isRaw(day),
        rollup: own.size === 0 ? row?.rollup : overlay(row?.rollup, own),
      });
    }
  }

  /** Quarters of the days' months, without those that days' rows say more about. */
  #quartersOf(from: number, to: number): ReadonlyMap<number, Month> {
    const months = new Map(this.#rows.quarters(this.#series, from, to).map((row) => [row.month, row]));
    const open = new Set(this.#rows.daysOfHours(this.#series, ...daysOfMonths(from, to)).map(monthOf));
    const known = this.#monthsOf(from, to).filter((month) => !open.has(month));
    return new Map(
      known.map((month) => {
        const row = months.get(month);
        const isKnown = (day: number): boolean => this.#isDone(day) && !hasDay(row?.rawDays, day);
        return [month, { isKnown, rollup: row?.rollup }];
      }),
    );
  }

  /** Undefined: the series had no readings on that day; 'raw' also when nothing is known. */
  known(level: Level, day: number): Known | undefined {
    const month = this.#hoursOf(day, day).get(monthOf(day));
    const hours = month?.isKnown(day) === true ? dayOfRollup(month.rollup, day) : 'raw';
    if (level === 'hours' || hours === undefined) return hours;
    if (!this.#isDone(day)) return 'raw';
    if (!this.#minutes.has(day)) this.#minutes.set(day, this.#rows.days('minutes', this.#series, day, day).get(day));
    return this.#minutes.get(day) ?? 'raw';
  }

  /** Of the day only quarters tell: its hours went to make room. */
  isShrunk(day: number): boolean {
    return this.#hoursOf(day, day).get(monthOf(day))?.isShrunk?.(day) === true;
  }

  /** The parts of a stretch that the level knows, whole buckets only, in order of time. */
  parts(level: AskedLevel, { from, to }: Stretch): RollupPart[] {
    const parts: RollupPart[] = [];
    for (const { known, rollup } of this.#known(level, from, to)) {
      for (const clean of this.#clean(level, Math.max(from, known.from), Math.min(to, known.to))) {
        const within = rollup === undefined ? undefined : rollupWithin(rollup, clean.from, clean.to);
        parts.push({ ...clean, rollup: within === undefined || within.start.length === 0 ? undefined : within });
      }
    }
    return parts;
  }

  #known(level: AskedLevel, from: number, to: number): Generator<KnownStretch> {
    const days = [dayOf(from), dayOf(to - 1)] as const;
    if (level === 'minutes') return this.#knownMinutes(from, to);
    return this.#knownDays(level === 'hours' ? this.#hoursOf(...days) : this.#quartersOf(...days), ...days);
  }

  *#knownDays(months: ReadonlyMap<number, Month>, from: number, to: number): Generator<KnownStretch> {
    for (const month of this.#monthsOf(from, to)) {
      const known = months.get(month);
      if (known === undefined) continue;
      let start: number | undefined;
      for (let day = month * MONTH_DAYS; day <= (month + 1) * MONTH_DAYS; day++) {
        const isKnown = day < (month + 1) * MONTH_DAYS && known.isKnown(day);
        if (isKnown) start ??= day;
        else if (start !== undefined) {
          yield { known: { from: dayStart(start), to: dayStart(day) }, rollup: known.rollup };
          start = undefined;
        }
      }
    }
  }

  *#knownMinutes(from: number, to: number): Generator<KnownStretch> {
    const last = dayOf(to - 1);
    for (const [month] of this.#done) {
      for (
        let day = Math.max(dayOf(from), month * MONTH_DAYS);
        day <= Math.min(last, (month + 1) * MONTH_DAYS - 1);
        day++
      ) {
        const known = this.known('minutes', day);
        if (known !== 'raw') yield { known: { from: dayStart(day), to: dayStart(day + 1) }, rollup: known };
      }
    }
  }

  /** Whole buckets of [from, to), without the dirty ones, as stretches. */
  *#clean(level: AskedLevel, from: number, to: number): Generator<Stretch> {
    const width = WIDTH_US[level];
    const end = Math.floor(to / width) * width;
    let start = Math.ceil(from / width) * width;
    for (let day = dayOf(start); day <= dayOf(end - 1) && start < end; day++) {
      const dirty = this.#dirty.get(day);
      if (dirty === undefined) continue;
      for (let at = dayStart(day); at < dayStart(day + 1); at += width) {
        if (at < start || at >= end || !isDirtyAt(dirty, level, at)) continue;
        if (at > start) yield { from: start, to: at };
        start = at + width;
      }
    }
    if (start < end) yield { from: start, to: end };
  }
}

/** A quarter is dirty when one of its hours is. */
function isDirtyAt(dirty: DirtyDay, level: AskedLevel, at: number): boolean {
  if (level !== 'quarters') return isDirty(dirty[level], bucketOfDay(level, at));
  const first = bucketOfDay('hours', at);
  for (let hour = first; hour < first + WIDTH_US.quarters / WIDTH_US.hours; hour++)
    if (isDirty(dirty.hours, hour)) return true;
  return false;
}

/** All days of the months that the days lie in. */
function daysOfMonths(from: number, to: number): [number, number] {
  return [monthOf(from) * MONTH_DAYS, (monthOf(to) + 1) * MONTH_DAYS - 1];
}

/** A month's buckets, those of the given days replaced. */
export function overlay(month: Rollup | undefined, days: ReadonlyMap<number, Known>): Rollup | undefined {
  const parts = [...days.values()].filter((known) => known !== 'raw');
  if (month !== undefined) {
    let from = Number.NEGATIVE_INFINITY;
    for (const day of [...days.keys()].sort((a, b) => a - b)) {
      parts.push(rollupWithin(month, from, dayStart(day)));
      from = dayStart(day + 1);
    }
    parts.push(rollupWithin(month, from, Number.POSITIVE_INFINITY));
  }
  const filled = parts.filter((part) => part.start.length > 0);
  if (filled.length === 0) return undefined;
  return joinBuckets(filled.sort((a, b) => (a.start[0] ?? 0) - (b.start[0] ?? 0)));
}

function dayOfRollup(rollup: Rollup | undefined, day: number): Rollup | undefined {
  if (rollup === undefined) return undefined;
  const within = rollupWithin(rollup, dayStart(day), dayStart(day) + DAY_US);
  return within.start.length === 0 ? undefined : within;
}
