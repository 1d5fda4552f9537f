import type Database from 'better-sqlite3';
import { utcTime } from '../../shared/units.ts';
import { LOST } from './trees.ts';
import { isCorrupt, unlessCorrupt } from './unreadable.ts';

interface JournalRow {
  seq: number;
  received_us: number;
  readings: number;
  body: Buffer;
}

/** Entries [from, to] of the journal whose pages the disk lost, and when the last one before and the first one after them were received, if there are any. */
export interface JournalGap {
  from: number;
  to: number;
  afterUs: number | undefined;
  beforeUs: number | undefined;
}

/** Tables that began so were the journal once, until pages of them were lost. Nothing reads them. */
const LOST_JOURNAL = `journal${LOST}`;

/** Rows that were set aside, and gaps, each with what to tell of it. */
export function describeDamage(found: {
  damaged: readonly number[];
  lost: readonly JournalGap[];
}): { seq: number; text: string }[] {
  const damaged = found.damaged.map((seq) => ({
    seq,
    text: `Entry ${seq} of the journal is damaged and was set aside in the database; all others were replayed. Check the disk.`,
  }));
  return [...damaged, ...found.lost.map((gap) => ({ seq: gap.from, text: `${describeGap(gap)} Check the disk.` }))];
}

function describeGap({ from, to, afterUs, beforeUs }: JournalGap): string {
  const when = [
    ...(afterUs === undefined ? [] : [`after ${utcTime(afterUs)}`]),
    ...(beforeUs === undefined ? [] : [`before ${utcTime(beforeUs)}`]),
  ].join(' and ');
  const what = from === to ? `Entry ${from}` : `Entries ${from} to ${to}`;
  return `${what} of the journal cannot be read, because the disk lost pages of the database: readings that came${when === '' ? '' : ` ${when}`} are lost with them. All others were replayed.`;
}

/** All rows that can be read, oldest first; what lies between them is added to `lost`. */
export function* readableRows(db: Database.Database, lost: JournalGap[]): Generator<JournalRow> {
  const rest = db.prepare<[number], JournalRow>('select * from journal where seq >= ? order by seq');
  const one = db.prepare<[number], JournalRow>('select * from journal where seq = ?');
  const last = lastSeq(db);
  let from = 0;
  let afterUs: number | undefined;
  for (;;) {
    try {
      for (const row of rest.iterate(from)) {
        [from, afterUs] = [row.seq + 1, row.received_us];
        yield row;
      }
      return;
    } catch (error) {
      if (!isCorrupt(error)) throw error;
    }
    from = Math.max(from, firstSeq(db));
    let next: JournalRow | undefined;
    for (let seq = from; seq <= last && next === undefined; seq++) next = unlessCorrupt(() => one.get(seq));
    const to = next === undefined ? last : next.seq - 1;
    lost.push({ from, to, afterUs, beforeUs: next?.received_us });
    if (next === undefined) return;
    from = next.seq;
  }
}

/** What segments hold is in the journal no more. */
function firstSeq(db: Database.Database): number {
  const cut = unlessCorrupt(() => db.prepare<[], { seq: number | null }>('select max(seq_hi) seq from segment').get());
  return (cut?.seq ?? 0) + 1;
}

/** The highest seq that was ever used. */
function lastSeq(db: Database.Database): number {
  return db.prepare<[], { seq: number }>(`select seq from sqlite_sequence where name = 'journal'`).get()?.seq ?? 0;
}

/**
 * A tree with pages that cannot be read can neither lose rows nor, at its end, take any: a new table takes the journal's place, with all that can be read. The
 * old one stays under another name, as its pages cannot be freed. `first`: no row is before it.
 */
export function renew(db: Database.Database, first: number, lost: readonly JournalGap[]): void {
  db.transaction(() => {
    const before = db.prepare('select 1 from sqlite_schema where name glob ?').all(`${LOST_JOURNAL}*`).length;
    const aside = `${LOST_JOURNAL}${before + 1}`;
    const sql =
      db.prepare<[], { sql: string }>(`select sql from sqlite_schema where name = 'journal'`).get()?.sql ?? '';
    const last = lastSeq(db);
    db.exec(`alter table journal rename to ${aside}`);
    db.exec(sql);
    const copy = db.prepare(`insert into journal select * from ${aside} where seq = ?`);
    const isLost = (seq: number): boolean => lost.some(({ from, to }) => seq >= from && seq <= to);
    for (let seq = first; seq <= last; seq++) if (!isLost(seq)) copy.run(seq);
    // A seq is never used twice.
    db.prepare(`delete from sqlite_sequence where name = 'journal'`).run();
    db.prepare(`insert into sqlite_sequence (name, seq) values ('journal', ?)`).run(last);
  })();
}
