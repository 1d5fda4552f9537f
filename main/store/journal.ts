import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { decodeBatch, encodeBatch } from './journal-body.ts';
import { type JournalGap, readableRows, renew } from './journal-pages.ts';
import { statement } from './statements.ts';
import type { Batch } from './types.ts';

/** What is known of a batch beside its readings; `bytes` is what it takes in the journal. */
export interface JournalRow {
  seq: number;
  receivedUs: number;
  bytes: number;
}

/** The write-ahead log of the heads: one row per batch. */
export class Journal {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  /** Inside the append's transaction. The row's seq, which is never used again, and the bytes of its body. */
  add(batch: Batch, receivedUs: number): { seq: number; bytes: number } {
    const body = encodeBatch(batch);
    const added = statement(this.#db, 'insert into journal (received_us, readings, body) values (?, ?, ?)').run(
      receivedUs,
      batch.count,
      body,
    );
    return { seq: Number(added.lastInsertRowid), bytes: body.length };
  }

  /** Inside the cut's transaction: all rows up to `seq` are in segments. */
  drop(seq: number): void {
    statement(this.#db, 'delete from journal where seq <= ?').run(seq);
  }

  /**
   * Gives back all batches, oldest first. Rows stand for themselves: unreadable ones are set aside, for the support desk, and their seqs returned; so are
   * gaps, where the pages themselves cannot be read.
   */
  replay(keep: (batch: Batch, row: JournalRow) => void): { damaged: number[]; lost: JournalGap[] } {
    const damaged: number[] = [];
    const lost: JournalGap[] = [];
    let first = Number.POSITIVE_INFINITY;
    for (const row of readableRows(this.#db, lost)) {
      first = Math.min(first, row.seq);
      let batch: Batch;
      try {
        batch = decodeBatch(row.body, row.readings);
      } catch (error) {
        if (!(error instanceof TidemarkError)) throw error;
        damaged.push(row.seq);
        continue;
      }
      keep(batch, { seq: row.seq, receivedUs: row.received_us, bytes: row.body.length });
    }
    const [gap] = lost;
    if (gap !== undefined) renew(this.#db, Math.min(first, gap.from), lost);
    for (const seq of damaged) this.#setAside(seq);
    return { damaged, lost };
  }

  #setAside(seq: number): void {
    this.#db.transaction(() => {
      statement(this.#db, 'insert into journal_damaged select * from journal where seq = ?').run(seq);
      statement(this.#db, 'delete from journal where seq = ?').run(seq);
    })();
  }
}
