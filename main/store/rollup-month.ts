import type Database from 'better-sqlite3';
import { dayOf } from '../../shared/units.ts';
import { coarsen } from '../codec/roll-up.ts';
import { unsynced } from './database.ts';
import { WIDTH_US } from './levels.ts';
import { dayBit, hasDay, type Known, MONTH_DAYS, type MonthRow, monthOf, type RollupRows } from './rollup-rows.ts';
import { overlay } from './rollup-view.ts';

/** A month is merged so many days after its end: then what belongs to it is there, and its days are planned by the usual age (a block takes a day's rows as they are). */
const WAIT_DAYS = 35;

/** Frames merged in one transaction, about: some 20 ms. */
const STEP_FRAMES = 400;

/**
 * Merges the hours of some bands of a month that is over, so that a long history is few rows. True when there was something to merge. Whatever comes in for the
 * month later has a day's row again, until the next merge.
 */
export function mergeMonths(db: Database.Database, rows: RollupRows, nowUs: number): boolean {
  return unsynced(db, () => {
    let done = 0;
    while (done < STEP_FRAMES) {
      const frames = mergeBand(rows, nowUs);
      if (frames === undefined) break;
      done += frames;
    }
    return done > 0;
  });
}

/** The frames merged of one band, at least 1; undefined when there was nothing to merge. */
function mergeBand(rows: RollupRows, nowUs: number): number | undefined {
  const next = rows.unmerged(monthOf(dayOf(nowUs) - WAIT_DAYS));
  if (next === undefined) return undefined;
  const { month, band, days } = next;
  let frames = days.length;
  const bySeries = new Map<number, Map<number, Known>>();
  for (const day of days) {
    for (const [series, frame] of rows.band('hours', band, day)) {
      const known = bySeries.get(series) ?? new Map<number, Known>();
      bySeries.set(series, known.set(day, rows.decode(day, frame)));
      frames++;
    }
  }
  for (const [series, known] of bySeries) {
    // Nearly always there was nothing: to look first would cost as much again.
    if (rows.addMonth(series, monthRow(month, undefined, known))) continue;
    const [old] = rows.months(series, month * MONTH_DAYS, month * MONTH_DAYS);
    if (old?.quarters === undefined) rows.setMonth(series, monthRow(month, old, known));
    else {
      // Of a month whose hours are gone, those of a few days that came in again are no month: what they say goes into its quarters.
      const quarters = overlay(old.quarters, inQuarters(known));
      rows.setQuarters(series, { month, rawDays: rawDaysOf(month, old, known), quarters });
    }
  }
  for (const day of days) rows.setBand('hours', band, day, new Map());
  return frames;
}

/** What the days say goes before what the month said. */
function monthRow(month: number, old: MonthRow | undefined, known: ReadonlyMap<number, Known>): MonthRow {
  return { month, rawDays: rawDaysOf(month, old, known), rollup: overlay(old?.rollup, known) };
}

function inQuarters(known: ReadonlyMap<number, Known>): Map<number, Known> {
  return new Map([...known].map(([day, hours]) => [day, hours === 'raw' ? hours : coarsen(hours, WIDTH_US.quarters)]));
}

function rawDaysOf(month: number, old: MonthRow | undefined, known: ReadonlyMap<number, Known>): number {
  let bits = 0;
  for (let day = month * MONTH_DAYS; day < (month + 1) * MONTH_DAYS; day++) {
    const isRaw = known.has(day) ? known.get(day) === 'raw' : hasDay(old?.rawDays, day);
    if (isRaw) bits += dayBit(day);
  }
  return bits;
}
