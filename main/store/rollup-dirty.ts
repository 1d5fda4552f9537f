import type Database from 'better-sqlite3';
import { dayOf, dayStart } from '../../shared/units.ts';
import { EACH_LEVEL, WIDTH_US } from './levels.ts';
import { BUCKETS_A_DAY } from './rollup-rows.ts';
import { statement } from './statements.ts';
import type { Level } from './types.ts';

/** Of one series and day: the buckets of each level that have readings their rollup does not know. A bit each, the first bucket lowest. */
export type DirtyDay = Record<Level, Uint8Array>;

export function cleanDay(): DirtyDay {
  return { minutes: new Uint8Array(BUCKETS_A_DAY.minutes / 8), hours: new Uint8Array(BUCKETS_A_DAY.hours / 8) };
}

export function isDirty(bits: Uint8Array, bucket: number): boolean {
  return (((bits[bucket >> 3] ?? 0) >> (bucket & 7)) & 1) === 1;
}

export function setBit(bits: Uint8Array, bucket: number, to: 0 | 1): void {
  const byte = bits[bucket >> 3] ?? 0;
  bits[bucket >> 3] = to === 1 ? byte | (1 << (bucket & 7)) : byte & ~(1 << (bucket & 7));
}

/** The bucket of its day that holds the timestamp. */
export function bucketOfDay(level: Level, t: number): number {
  return Math.floor((t - dayStart(dayOf(t))) / WIDTH_US[level]);
}

/** Marks the buckets of all timestamps from `first` to `last`, both of one day. */
export function touch(dirty: DirtyDay, first: number, last = first): void {
  for (const level of EACH_LEVEL) {
    const end = bucketOfDay(level, last);
    for (let bucket = bucketOfDay(level, first); bucket <= end; bucket++) setBit(dirty[level], bucket, 1);
  }
}

/** The marks of both. */
export function merged(a: DirtyDay, b: DirtyDay): DirtyDay {
  return {
    minutes: a.minutes.map((byte, i) => byte | (b.minutes[i] ?? 0)),
    hours: a.hours.map((byte, i) => byte | (b.hours[i] ?? 0)),
  };
}

/** The marks, kept until the rollup is made anew. They are written in the transaction that stores the readings. */
export class DirtyRows {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** The marks of a series on the days of [from, to]. */
  of(series: number, from: number, to: number): Map<number, DirtyDay> {
    const rows = statement<[number, number, number], { day: number; minutes: Buffer; hours: Buffer }>(
      this.#db,
      'select day, minutes, hours from rollup_dirty where series = ? and day between ? and ?',
    ).all(series, from, to);
    return new Map(rows.map(({ day, minutes, hours }) => [day, { minutes, hours }]));
  }

  /** Series with marks on a day, the first `limit` after the one given. */
  seriesOf(day: number, after: number, limit: number): number[] {
    return statement<[number, number, number], { series: number }>(
      this.#db,
      'select series from rollup_dirty where day = ? and series > ? order by series limit ?',
    )
      .all(day, after, limit)
      .map(({ series }) => series);
  }

  add(series: number, day: number, more: DirtyDay): void {
    this.set(series, day, merged(this.of(series, day, day).get(day) ?? cleanDay(), more));
  }

  /** Replaces the marks; a day without any has no row. */
  set(series: number, day: number, { minutes, hours }: DirtyDay): void {
    statement(this.#db, 'delete from rollup_dirty where series = ? and day = ?').run(series, day);
    if ([...minutes, ...hours].every((byte) => byte === 0)) return;
    statement(this.#db, 'insert into rollup_dirty (series, day, minutes, hours) values (?, ?, ?, ?)').run(
      series,
      day,
      minutes,
      hours,
    );
  }
}
