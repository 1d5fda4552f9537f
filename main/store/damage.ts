import type Database from 'better-sqlite3';
import { dayName } from '../../shared/units.ts';
import type { Events } from './events.ts';
import { DAMAGED } from './segments.ts';
import { statement } from './statements.ts';
import { LOST } from './trees.ts';
import type { DamageFound } from './types.ts';

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

  tell(found: DamageFound, atUs: number): void {
    const told = found.of === 'rollup' ? this.#toldRollups : this.#told;
    const what = `${found.day} ${found.of === 'rollup' ? '' : found.series}`;
    if (told.has(what) || told.size >= MOST_TOLD) return;
    told.add(what);
    const [day, { message }] = [dayName(found.day), found];
    if (found.of === 'readings') {
      const { series } = found;
      const text = `Stored readings of ${series} on ${day} (UTC) are damaged and are not shown: ${message}. Check the disk.`;
      this.#events.add({ atUs, code: 'TM-LOCAL-DAMAGED', level: 'error', detail: { series, day }, text });
      return;
    }
    // Nothing is lost with it.
    const text = `A summary of ${day} (UTC) or its month is damaged: ${message}. The readings themselves are shown instead. Check the disk.`;
    this.#events.add({ atUs, code: 'TM-ROLLUP-DAMAGED', level: 'warning', detail: { day }, text });
  }

  /** True when anything was met in this start, or set aside in an earlier one. */
  any(): boolean {
    if (this.#told.size > 0) return true;
    const row = statement<[], { found: number }>(
      this.#db,
      `select exists (select 1 from segment where state = ${DAMAGED}) or exists (select 1 from journal_damaged)
       or exists (select 1 from sqlite_schema where name glob '*${LOST}*') found`,
    ).get();
    return row?.found === 1;
  }
}
