import type Database from 'better-sqlite3';
import { statement } from './statements.ts';
import type { EventRow } from './types.ts';

/** Newest events kept. */
const KEPT = 10_000;

/** What happened, for people. Bounded: the oldest go. */
export class Events {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  add(e: Omit<EventRow, 'id'>): void {
    const { lastInsertRowid } = statement(
      this.#db,
      'insert into event (at_us, code, level, text, detail) values (?, ?, ?, ?, ?)',
    ).run(e.atUs, e.code, e.level, e.text, JSON.stringify(e.detail));
    statement(this.#db, 'delete from event where id <= ?').run(Number(lastInsertRowid) - KEPT);
  }

  list(o: { before?: number; limit: number; level?: EventRow['level'] }): EventRow[] {
    return statement<
      [number, string | null, number],
      Omit<EventRow, 'detail' | 'atUs'> & { detail: string; at_us: number }
    >(this.#db, 'select * from event where id < ? and level = coalesce(?, level) order by id desc limit ?')
      .all(o.before ?? Number.MAX_SAFE_INTEGER, o.level ?? null, o.limit)
      .map(({ at_us, detail, ...row }) => ({ ...row, atUs: at_us, detail: JSON.parse(detail) as EventRow['detail'] }));
  }
}
