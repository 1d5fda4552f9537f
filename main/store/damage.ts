import type Database from 'better-sqlite3';
import type { TidemarkError } from '../../shared/errors.ts';
import { dayName } from '../../shared/units.ts';
import type { Events } from './events.ts';
import { DAMAGED } from './segments.ts';

/** Stands for the series of a damaged directory or index: nobody knows which ones it holds. */
export const SOME_SERIES = 'some series';

/** Beyond so many the disk is in ruins, and Events has no room for more. */
const MOST_TOLD = 10_000;

/** Local bytes that cannot be read. Each series and day is told once a start: reads meet the same damage again and again. */
export class Damage {
  readonly #db: Database.Database;
  readonly #events: Events;
  readonly #told = new Set<string>();
  readonly #toldRollups = new Set<string>();

  constructor(db: Database.Database, events: Events) {
    this.#db = db;
    this.#events = events;
  }

  tell(whose: string, day: number, error: TidemarkError, atUs: number): void {
    const what = `${day} ${whose}`;
    if (this.#told.has(what) || this.#told.size >= MOST_TOLD) return;
    this.#told.add(what);
    this.#events.add({
      atUs,
      code: 'TM-LOCAL-DAMAGED',
      level: 'error',
      detail: { series: whose, day: dayName(day) },
      text: `Stored readings of ${whose} on ${dayName(day)} (UTC) are damaged and are not shown: ${error.message}. Check the disk.`,
    });
  }

  /** A rollup that cannot be read: nothing is lost with it. */
  tellRollup(day: number, error: TidemarkError, atUs: number): void {
    const what = `${day} rollup`;
    if (this.#toldRollups.has(what) || this.#toldRollups.size >= MOST_TOLD) return;
    this.#toldRollups.add(what);
    this.#events.add({
      atUs,
      code: 'TM-ROLLUP-DAMAGED',
      level: 'warning',
      detail: { day: dayName(day) },
      text: `A summary of ${dayName(day)} (UTC) or its month is damaged: ${error.message}. The readings themselves are shown instead. Check the disk.`,
    });
  }

  /** True when anything was met in this start, or set aside in an earlier one. */
  any(): boolean {
    if (this.#told.size > 0) return true;
    const row = this.#db
      .prepare<[], { found: number }>(
        `select exists (select 1 from segment where state = ${DAMAGED}) or exists (select 1 from journal_damaged) found`,
      )
      .get();
    return row?.found === 1;
  }
}
