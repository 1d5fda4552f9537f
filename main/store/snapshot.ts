import Database from 'better-sqlite3';
import { limitCache } from './database.ts';
import { HeadCopy } from './head-copy.ts';
import { Reads } from './reads.ts';
import { statement } from './statements.ts';
import type { DamageFound, HeadPart, SnapshotView } from './types.ts';

/**
 * Reads beside the writer, over a read-only connection of its own. The readings in memory are the writer's: a caller copies them first (StoreApi.heads)
 * and hands them over, then a snapshot is opened. What was cut in between is in the segments of the snapshot and no longer in its journal, and that copy
 * is left out; so each reading is seen once, whatever moves meanwhile. A snapshot lives as long as one call: a longer one would keep the log from
 * being written back.
 */
export class SnapshotReader {
  readonly #db: Database.Database;
  readonly #reads: Reads;
  readonly #series: Database.Statement<[string], { id: number; unit: string }>;
  readonly #inJournal: Database.Statement<[number], { seq: number }>;
  readonly #begin: Database.Statement;
  readonly #rollback: Database.Statement;
  #damage: DamageFound[] = [];

  /** The database is there, and has the newest schema. */
  constructor(path: string) {
    this.#db = new Database(path, { readonly: true, fileMustExist: true });
    limitCache(this.#db);
    this.#series = this.#db.prepare('select id, unit from series where key = ?');
    this.#begin = this.#db.prepare('begin');
    this.#rollback = this.#db.prepare('rollback');
    this.#inJournal = this.#db.prepare('select seq from journal where seq = ?');
    const epoch = statement<[], { value: string }>(this.#db, `select value from meta where name = 'epoch'`).get()
      ?.value;
    this.#reads = new Reads(this.#db, {
      epoch: Number(epoch),
      series: { idOf: (key) => this.#series.get(key)?.id },
      onDamage: (found) => void this.#damage.push(found),
    });
  }

  /** Everything that `read` asks of the view it gets is as of one moment, and so is the damage that was met. */
  read<T>(heads: readonly HeadPart[], read: (view: SnapshotView) => T): { value: T; damage: DamageFound[] } {
    this.#damage = [];
    this.#begin.run();
    try {
      const unitOf = (key: string): string => this.#series.get(key)?.unit ?? '';
      return { value: read({ ...this.#reads.view(this.#uncut(heads)), unitOf }), damage: this.#damage };
    } finally {
      // There is nothing to commit; and a commit would fail once more for damaged pages that the read got over.
      if (this.#db.inTransaction) this.#rollback.run();
    }
  }

  #uncut(parts: readonly HeadPart[]): HeadCopy[] {
    return parts.filter(({ seqHi }) => this.#inJournal.get(seqHi) !== undefined).map((part) => new HeadCopy(part));
  }

  close(): void {
    this.#db.close();
  }
}
