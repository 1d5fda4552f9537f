import type Database from 'better-sqlite3';
import { statement } from './statements.ts';

/** Small texts by name: what the data folder is, and what the stages remember. */
export class Meta {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** What is kept under the name; `standard` where there is nothing, which is kept from now on unless it is ''. */
  get(name: string, standard = ''): string {
    const row = statement<[string], { value: string }>(this.#db, 'select value from meta where name = ?').get(name);
    if (row === undefined && standard !== '') this.set(name, standard);
    return row?.value ?? standard;
  }

  /** Writes only what changes: a gateway on a full disk must still come up. */
  set(name: string, value: string): void {
    if (this.get(name) === value) return;
    statement(
      this.#db,
      'insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    ).run(name, value);
  }
}
