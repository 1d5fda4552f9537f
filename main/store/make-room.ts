import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { dayOf } from '../../shared/units.ts';
import { decodeIndex } from '../codec/block.ts';
import { digest128 } from '../codec/frame.ts';
import type { FrameRef } from '../codec/types.ts';
import { unsynced } from './database.ts';
import type { Dropped } from './figures.ts';
import { MONTH_DAYS, type RollupRows } from './rollup-rows.ts';
import { statement } from './statements.ts';
import { readStored } from './unreadable.ts';

/** Days before today that keep their details as long as older sums of hours can go instead. */
const RECENT_DAYS = MONTH_DAYS;
/** 5-minute rows of 32 series dropped at once, and months of one series: some 20 ms each. */
const MOST_ROWS = 64;
const MOST_MONTHS = 256;

/**
 * Drops some of the oldest of what is kept of data that left the gateway: first details (indexes of blocks, which the archive has, and 5-minute rollups) of what is not recent, day by
 * day, then sums of hours (quarters of days stay), month by month, then details of recent days. Undefined when there is nothing left to drop.
 */
export function dropOldest(db: Database.Database, rows: RollupRows, nowUs: number): Dropped | undefined {
  const today = dayOf(nowUs);
  return unsynced(
    db,
    () => dropDetails(db, rows, today - RECENT_DAYS) ?? dropHours(rows) ?? dropDetails(db, rows, today + 1),
  );
}

function dropHours(rows: RollupRows): Dropped | undefined {
  const month = rows.dropHours(MOST_MONTHS);
  return month === undefined ? undefined : { what: 'hours', day: month * MONTH_DAYS };
}

/** Of days before `before`: the index of one block, or some 5-minute rows. */
function dropDetails(db: Database.Database, rows: RollupRows, before: number): Dropped | undefined {
  // By itself SQLite would walk over all blocks whose index is gone. A row without a digest was lost and made anew: where in the object its index is nobody knows.
  const block = statement<[], { id: string; day: number }>(
    db,
    `select id, day from block indexed by block_with_index
     where state = 'cold' and damaged = 0 and index_digest is null and sha256 <> '' order by day limit 1`,
  ).get();
  const minutes = rows.oldestMinutes();
  const day = Math.min(block?.day ?? Number.POSITIVE_INFINITY, minutes ?? Number.POSITIVE_INFINITY);
  if (day >= before) return undefined;
  if (block?.day === day) forgetIndex(db, block.id);
  else rows.dropMinutes(day, MOST_ROWS);
  return { what: 'details', day };
}

interface IndexRow {
  body: Buffer;
  bytes: number;
  index_offset: number;
  sha256: string;
  format_version: number;
}

/** The index of a cold block goes; its row says from which bytes of the object it is had again. */
function forgetIndex(db: Database.Database, id: string): void {
  const row = readIndexRow(db, id);
  const whole = statement<[string], { bytes: number; sha256: string }>(
    db,
    'select bytes, sha256 from block where id = ?',
  ).get(id);
  if (whole === undefined) throw new Error(`there is no block ${id}`);
  const { offset, length, digest } = row === undefined ? wholeObject(whole) : placeOf(row);
  statement(db, 'update block set index_from = ?, index_length = ?, index_digest = ? where id = ?').run(
    offset,
    length,
    digest,
    id,
  );
  statement(db, 'delete from block_index where block_id = ?').run(id);
}

/** Undefined when the index cannot be read: its digest would be that of damaged bytes. */
function readIndexRow(db: Database.Database, id: string): IndexRow | undefined {
  try {
    const row = readStored(() =>
      statement<[string], IndexRow>(
        db,
        'select body, bytes, index_offset, sha256, format_version from block join block_index on block_id = id where id = ?',
      ).get(id),
    );
    if (row !== undefined) decodeIndex(row.body, row.format_version);
    return row;
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return undefined;
  }
}

/** A small object holds less than the full index, which is made of all of it; any other has it before its trailer. */
function placeOf(row: IndexRow): FrameRef {
  if (row.index_offset + row.body.length >= row.bytes) return wholeObject(row);
  return { offset: row.index_offset, length: row.body.length, digest: digest128(row.body) };
}

/** The first half of its SHA-256 is what a frame of these bytes has for a digest. */
function wholeObject({ bytes, sha256 }: Pick<IndexRow, 'bytes' | 'sha256'>): FrameRef {
  return { offset: 0, length: bytes, digest: sha256.slice(0, 32) };
}
