import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { DAY_US } from '../../shared/units.ts';
import { damagedFrame } from '../codec/errors.ts';
import { digest128 } from '../codec/frame.ts';
import { DIGEST_BYTES } from '../codec/limits.ts';
import { coarsen } from '../codec/roll-up.ts';
import { decodeRollup, encodeRollup, type Rollup } from '../codec/rollup.ts';
import { decodeRollupDirectory, encodeRollupRow } from '../codec/rollup-row.ts';
import type { FrameRef } from '../codec/types.ts';
import { WIDTH_US } from './levels.ts';
import { statement } from './statements.ts';
import type { Level } from './types.ts';

/** The levels' numbers in the tables. */
const LEVELS: Readonly<Record<Level, number>> = { minutes: 0, hours: 1 };
export const BUCKETS_A_DAY: Readonly<Record<Level, number>> = {
  minutes: DAY_US / WIDTH_US.minutes,
  hours: DAY_US / WIDTH_US.hours,
};
/** Buckets of the level `minutes` in one of the level `hours`. */
export const MINUTES_AN_HOUR = WIDTH_US.hours / WIDTH_US.minutes;

/** Days of a "month": as many as the bits of an integer, so that which of them are meant is one number. */
export const MONTH_DAYS = 32;
/** Months of no more hours than a month has quarters of days are read as they are. */
const FEW_HOURS = (MONTH_DAYS * DAY_US) / WIDTH_US.quarters;
/** Series of one row. */
const BAND = 32;
const ALL_DAYS = 2 ** MONTH_DAYS - 1;

/** What is known of one series and day: its rollup, or that only its readings tell. */
export type Known = Rollup | 'raw';

export interface MonthRow {
  month: number;
  /** Bit d: of day d of the month only the readings tell. */
  rawDays: number;
  /** Undefined when the series has buckets on no day of it. */
  rollup: Rollup | undefined;
  /** Of a month whose hours are gone, its quarters of days: there is no `rollup` then, and of days that have quarters the hours are not known. */
  quarters?: Rollup;
}

export function monthOf(day: number): number {
  return Math.floor(day / MONTH_DAYS);
}

export function bandOf(series: number): number {
  return Math.floor(series / BAND);
}

/** Frames by series; undefined stands for 'raw'. */
export type Frames = Map<number, Uint8Array | undefined>;

/**
 * Where rollups lie. 5-minute buckets: a row for each day and band of 32 series. Hours: such rows at first; once a month is over they are merged into one row
 * for each series and month, so that ten years of a series are some 120 rows. What a day's row says of a series goes before what its month says.
 */
export class RollupRows {
  readonly #db: Database.Database;
  readonly #onDamage: (day: number, error: TidemarkError) => void;

  /** Rollups that are damaged are told each time they are met, and count as 'raw': the readings themselves are still there. */
  constructor(db: Database.Database, onDamage: (day: number, error: TidemarkError) => void) {
    this.#db = db;
    this.#onDamage = onDamage;
  }

  #sound<T>(day: number, read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      this.#onDamage(day, error);
      return otherwise;
    }
  }

  /** Days that are rolled up, by month, one bit each: of any other day nothing is known. */
  doneDays(from: number, to: number): Map<number, number> {
    const rows = statement<[number, number], { month: number; days: number }>(
      this.#db,
      'select month, days from rollup_done where month between ? and ?',
    ).all(monthOf(from), monthOf(to));
    return new Map(rows.map(({ month, days }) => [month, days]));
  }

  isDone(day: number): boolean {
    return hasDay(this.doneDays(day, day).get(monthOf(day)), day);
  }

  setDone(day: number): void {
    statement(
      this.#db,
      'insert into rollup_done (month, days) values (?, ?) on conflict do update set days = days | excluded.days',
    ).run(monthOf(day), dayBit(day));
  }

  /** What the rows of the days say of a series, oldest first. */
  days(level: Level, series: number, from: number, to: number): Map<number, Known> {
    const rows = statement<[number, number, number, number], { id: number; day: number; directory: Buffer }>(
      this.#db,
      'select id, day, directory from rollup where level = ? and band = ? and day between ? and ? order by day',
    ).all(LEVELS[level], bandOf(series), from, to);
    const known = new Map<number, Known>();
    for (const { id, day, directory } of rows) {
      const of = this.#sound(day, () => this.#find(id, directory, series), 'raw');
      if (of !== undefined) known.set(day, of);
    }
    return known;
  }

  #find(id: number, directory: Buffer, series: number): Known | undefined {
    const entry = decodeRollupDirectory(directory).find((e) => e.series === series);
    if (entry === undefined) return undefined;
    if (entry.frame === undefined) return 'raw';
    const { offset, length, digest } = entry.frame;
    const row = statement<[number, number, number], { part: Buffer | null }>(
      this.#db,
      'select substr(body, ?, ?) part from rollup where id = ?',
    ).get(offset + 1, length, id);
    return decodeRollup(intact(row?.part ?? Buffer.alloc(0), digest));
  }

  /** Oldest first. */
  months(series: number, from: number, to: number): MonthRow[] {
    return statement<[number, number, number], MonthColumns>(
      this.#db,
      `select month, raw_days, digest, frame, iif(frame is null, quarters, null) quarters
       from rollup_month where series = ? and month between ? and ? order by month`,
    )
      .all(series, monthOf(from), monthOf(to))
      .map(({ month, raw_days: rawDays, digest, frame, quarters }) =>
        this.#month(month, rawDays, () => ({
          rollup: frame === null ? undefined : decodeRollup(intact(frame, digest)),
          ...(quarters === null ? {} : { quarters: decodeWithDigest(quarters) }),
        })),
      );
  }

  /** As `months`, in quarters of days. What a day's row says goes before it: see `daysOfHours`. */
  quarters(series: number, from: number, to: number): MonthRow[] {
    return statement<[number, number, number], MonthColumns>(
      this.#db,
      `select month, raw_days, digest, iif(quarters is null, frame, null) frame, quarters
       from rollup_month where series = ? and month between ? and ? order by month`,
    )
      .all(series, monthOf(from), monthOf(to))
      .map(({ month, raw_days: rawDays, digest, frame, quarters }) => {
        const read = (): Rollup | undefined => {
          if (quarters !== null) return decodeWithDigest(quarters);
          return frame === null ? undefined : coarsen(decodeRollup(intact(frame, digest)), WIDTH_US.quarters);
        };
        return this.#month(month, rawDays, () => ({ rollup: read() }));
      });
  }

  /** Where the row is damaged, only readings tell. */
  #month(month: number, rawDays: number, read: () => Pick<MonthRow, 'rollup' | 'quarters'>): MonthRow {
    const unknown = { month, rawDays: ALL_DAYS, rollup: undefined };
    return this.#sound<MonthRow>(month * MONTH_DAYS, () => ({ month, rawDays, ...read() }), unknown);
  }

  /** Days that have a row of hours that the series may be in. */
  daysOfHours(series: number, from: number, to: number): number[] {
    return statement<[number, number, number, number], { day: number }>(
      this.#db,
      'select day from rollup where level = ? and band = ? and day between ? and ?',
    )
      .all(LEVELS.hours, bandOf(series), from, to)
      .map(({ day }) => day);
  }

  /** The frames of a row; none when there is no row. */
  band(level: Level, band: number, day: number): Frames {
    const row = statement<[number, number, number], { directory: Buffer; body: Buffer }>(
      this.#db,
      'select directory, body from rollup where level = ? and band = ? and day = ?',
    ).get(LEVELS[level], band, day);
    if (row === undefined) return new Map();
    const raw: Frames = new Map(Array.from({ length: BAND }, (_, i) => [band * BAND + i, undefined]));
    const entries = this.#sound(day, () => decodeRollupDirectory(row.directory), undefined);
    if (entries === undefined) return raw;
    // Checked, so that damaged bytes never get a new digest.
    const checked = ({ offset, length, digest }: FrameRef): Uint8Array =>
      intact(row.body.subarray(offset, offset + length), digest);
    return new Map(
      entries.map(({ series, frame }) => [series, frame && this.#sound(day, () => checked(frame), undefined)]),
    );
  }

  /** What a frame of `band` says. */
  decode(day: number, frame: Uint8Array | undefined): Known {
    return frame === undefined ? 'raw' : this.#sound<Known>(day, () => decodeRollup(frame), 'raw');
  }

  /** Replaces a row; without frames it goes. */
  setBand(level: Level, band: number, day: number, frames: Frames): void {
    const at = [LEVELS[level], band, day] as const;
    statement(this.#db, 'delete from rollup where level = ? and band = ? and day = ?').run(...at);
    if (frames.size === 0) return;
    const entries = [...frames].sort(([a], [b]) => a - b).map(([series, frame]) => ({ series, frame }));
    const { directory, body } = encodeRollupRow(entries);
    statement(this.#db, 'insert into rollup (level, band, day, directory, body) values (?, ?, ?, ?, ?)').run(
      ...at,
      directory,
      body,
    );
  }

  /** The oldest day with 5-minute rows. */
  oldestMinutes(): number | undefined {
    const select = 'select min(day) day from rollup where level = ?';
    return statement<[number], { day: number | null }>(this.#db, select).get(LEVELS.minutes)?.day ?? undefined;
  }

  /** Drops up to `most` of the 5-minute rows of a day: it is answered by hours, or by its readings, from now on. */
  dropMinutes(day: number, most: number): void {
    statement(
      this.#db,
      'delete from rollup where id in (select id from rollup where level = ? and day = ? limit ?)',
    ).run(LEVELS.minutes, day, most);
  }

  /** Drops the hours of up to `most` series of the oldest month that has any: their quarters stay. Returns the month; undefined when there is nothing to drop. */
  dropHours(most: number): number | undefined {
    const oldest = statement<[number], { month: number; series: number }>(
      this.#db,
      'select month, series from rollup_month where shrinks = 1 order by month, series limit ?',
    )
      .all(most)
      .filter(({ month }, _, [first]) => month === first?.month);
    const shrink = statement(
      this.#db,
      `update rollup_month set frame = null, digest = '', shrinks = 0 where series = ? and month = ? and quarters is not null`,
    );
    for (const { series, month } of oldest) {
      if (shrink.run(series, month).changes === 1) continue;
      const day = month * MONTH_DAYS;
      const [{ rawDays, rollup } = { rawDays: ALL_DAYS, rollup: undefined }] = this.months(series, day, day);
      if (rollup === undefined || rollup.start.length <= FEW_HOURS) this.setMonth(series, { month, rawDays, rollup });
      else this.setQuarters(series, { month, rawDays, quarters: coarsen(rollup, WIDTH_US.quarters) });
    }
    return oldest[0]?.month;
  }

  /** The oldest month before `before` that has rows of hours by the day, and a band of it. */
  unmerged(before: number): { month: number; band: number; days: number[] } | undefined {
    const first = statement<[number, number], { day: number; band: number }>(
      this.#db,
      'select day, band from rollup where level = ? and day < ? order by day limit 1',
    ).get(LEVELS.hours, before * MONTH_DAYS);
    if (first === undefined) return undefined;
    const month = monthOf(first.day);
    const days = statement<[number, number, number, number], { day: number }>(
      this.#db,
      'select day from rollup where level = ? and band = ? and day between ? and ? order by day',
    ).all(LEVELS.hours, first.band, month * MONTH_DAYS, (month + 1) * MONTH_DAYS - 1);
    return { month, band: first.band, days: days.map(({ day }) => day) };
  }

  /** Adds what is known of a series and month; false, and nothing changes, where something is known already. */
  addMonth(series: number, row: MonthRow): boolean {
    return this.#putMonth('ignore', series, row) === 1;
  }

  /** Replaces what is known of a series and month. */
  setMonth(series: number, row: MonthRow): void {
    this.#putMonth('replace', series, row);
  }

  #putMonth(otherwise: 'ignore' | 'replace', series: number, { month, rawDays, rollup }: MonthRow): number {
    const frame = rollup && encodeRollup(rollup);
    const isFew = rollup === undefined || rollup.start.length <= FEW_HOURS;
    const quarters = isFew ? null : withDigest(encodeRollup(coarsen(rollup, WIDTH_US.quarters)));
    return this.#insertMonth(otherwise).run(
      series,
      month,
      rawDays,
      frame === undefined ? '' : digest128(frame),
      frame ?? null,
      quarters,
      isFew ? 0 : 1,
    ).changes;
  }

  /** As `setMonth`, of a month whose hours are gone. */
  setQuarters(
    series: number,
    { month, rawDays, quarters }: { month: number; rawDays: number; quarters: Rollup | undefined },
  ): void {
    const kept = quarters === undefined ? null : withDigest(encodeRollup(quarters));
    this.#insertMonth('replace').run(series, month, rawDays, '', null, kept, 0);
  }

  #insertMonth(otherwise: 'ignore' | 'replace'): Database.Statement<(number | string | Uint8Array | null)[]> {
    return statement(
      this.#db,
      `insert or ${otherwise} into rollup_month (series, month, raw_days, digest, frame, quarters, shrinks) values (?, ?, ?, ?, ?, ?, ?)`,
    );
  }
}

interface MonthColumns {
  month: number;
  raw_days: number;
  digest: string;
  frame: Buffer | null;
  quarters: Buffer | null;
}

function decodeWithDigest(quarters: Buffer): Rollup {
  return decodeRollup(intact(quarters.subarray(DIGEST_BYTES), quarters.toString('hex', 0, DIGEST_BYTES)));
}

function withDigest(frame: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(digest128(frame), 'hex'), frame]);
}

function intact(frame: Uint8Array, digest: string): Uint8Array {
  if (digest128(frame) !== digest) throw damagedFrame('a rollup does not match its digest');
  return frame;
}

export function dayBit(day: number): number {
  return 2 ** (day - monthOf(day) * MONTH_DAYS);
}

export function hasDay(days: number | undefined, day: number): boolean {
  return days !== undefined && Math.floor(days / dayBit(day)) % 2 === 1;
}
