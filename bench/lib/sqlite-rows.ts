import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { PumpRows } from './pump.ts';

const ROWS_A_TRANSACTION = 1_000;

/** The baseline: what somebody would write who stores readings in SQLite without us, one row each, every commit on the disk. */
export class SqliteRows {
  readonly #db: Database.Database;
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'rows.db');
    this.#db = new Database(this.#path);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.exec(
      'create table reading (series integer not null, t integer not null, v real not null, primary key (series, t)) strict, without rowid',
    );
  }

  /** Inserts the rows, or as many as go in about `mostMs`; how many did. */
  insert({ series, t, v }: PumpRows, mostMs = Number.POSITIVE_INFINITY): number {
    const put = this.#db.prepare('insert or replace into reading values (?, ?, ?)');
    const some = this.#db.transaction((from: number, to: number) => {
      for (let i = from; i < to; i++) put.run(series[i], t[i], v[i]);
    });
    const start = performance.now();
    let done = 0;
    while (done < t.length && performance.now() - start < mostMs) {
      const to = Math.min(done + ROWS_A_TRANSACTION, t.length);
      some(done, to);
      done = to;
    }
    return done;
  }

  /** Size on the disk once the log is written back. */
  close(): number {
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
    this.#db.close();
    return statSync(this.#path).size;
  }
}
