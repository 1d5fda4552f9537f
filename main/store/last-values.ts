import type Database from 'better-sqlite3';
import { grown } from './columns.ts';
import { unsynced } from './database.ts';
import { statement } from './statements.ts';
import type { Batch } from './types.ts';

const FIRST_CAPACITY = 1_024;
/** Series whose newest reading is saved in one transaction: some 10 ms. */
const SAVED_AT_ONCE = 4_000;

/** The newest reading of each series, in columns by id. */
export class LastValues {
  #t = new Float64Array(FIRST_CAPACITY).fill(Number.NEGATIVE_INFINITY);
  #v = new Float64Array(FIRST_CAPACITY);
  /** 1: newer than what the database has. */
  #touched = new Uint8Array(FIRST_CAPACITY);

  /** Makes room for an id, without a reading yet. */
  reach(id: number): void {
    const known = this.#t.length;
    if (id < known) return;
    this.#t = grown(this.#t, id + 1).fill(Number.NEGATIVE_INFINITY, known);
    this.#v = grown(this.#v, id + 1);
    this.#touched = grown(this.#touched, id + 1);
  }

  set(id: number, t: number, v: number): void {
    this.#t[id] = t;
    this.#v[id] = v;
  }

  get(id: number): { t: number; v: number } | undefined {
    const t = this.#t[id] ?? Number.NEGATIVE_INFINITY;
    return t === Number.NEGATIVE_INFINITY ? undefined : { t, v: this.#v[id] ?? Number.NaN };
  }

  /** The readings were stored: keeps the newest. */
  touch(batch: Batch): void {
    const times = this.#t;
    for (let i = 0; i < batch.count; i++) {
      const id = batch.series[i] ?? 0;
      const t = batch.t[i] ?? 0;
      // Not "<": an id beyond the columns has no time to compare with.
      if (!(t >= (times[id] ?? Number.POSITIVE_INFINITY))) continue;
      times[id] = t;
      this.#v[id] = batch.v[i] ?? Number.NaN;
      this.#touched[id] = 1;
    }
  }

  /**
   * Saves, in one transaction, some of the series from id `from` on that were touched; the id to go on from, or undefined when that were all. What is
   * touched again meanwhile is newer than the head that is being cut, so the journal still has it.
   */
  saveSome(db: Database.Database, from: number): number | undefined {
    const ids: number[] = [];
    let id = from;
    for (; id < this.#touched.length && ids.length < SAVED_AT_ONCE; id++) if (this.#touched[id] === 1) ids.push(id);
    if (ids.length > 0) {
      const save = statement(db, 'update series set last_t = ?, last_v = ? where id = ?');
      const v = Buffer.alloc(8);
      unsynced(db, () => {
        for (const each of ids) {
          v.writeDoubleLE(this.#v[each] ?? Number.NaN);
          save.run(this.#t[each], v, each);
        }
      });
      for (const each of ids) this.#touched[each] = 0;
    }
    return id < this.#touched.length ? id : undefined;
  }
}
