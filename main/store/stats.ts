import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { LocalSize, TierStats } from './figures.ts';
import type { Head } from './head.ts';
import { statement } from './statements.ts';
import type { DayInfo } from './types.ts';

interface Extent {
  readings: number | null;
  bytes: number | null;
  n: number;
  t_min: number | null;
  t_max: number | null;
}

function extentOf(row: Extent | undefined): { readings: number; bytes: number; oldestUs?: number; newestUs?: number } {
  const times =
    row?.t_min === null || row?.t_max === null || row === undefined ? {} : { oldestUs: row.t_min, newestUs: row.t_max };
  return { readings: row?.readings ?? 0, bytes: row?.bytes ?? 0, ...times };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** See StoreApi.localSize. */
export function readSize(db: Database.Database): LocalSize {
  const count = (name: string): number => Number(db.pragma(name, { simple: true }));
  const going = statement<[], { bytes: number | null }>(
    db,
    `select sum(bytes) bytes from block where state in ('planned', 'uploading', 'uploaded', 'verified')`,
  ).get()?.bytes;
  return {
    usedBytes: (count('page_count') - count('freelist_count')) * count('page_size'),
    dbBytes: sizeOf(db.name),
    walBytes: sizeOf(`${db.name}-wal`),
    goingBytes: going ?? 0,
  };
}

/** Directories of segments and what SQLite needs for them, of their bytes. */
const SEGMENT_OVERHEAD = 1.1;

/** What is neither a segment nor a journal row, bytes: indexes and rollups above all. An estimate, since rows of either are too many to be counted. */
export function readKept(db: Database.Database): number {
  const sum = (sql: string): number => statement<[], { bytes: number | null }>(db, sql).get()?.bytes ?? 0;
  const segments = sum('select sum(bytes) bytes from segment');
  return readSize(db).usedBytes - segments * SEGMENT_OVERHEAD - sum('select sum(length(body)) bytes from journal');
}

/** Sums over row heads only; BLOBs are never touched. */
export function readStats(
  db: Database.Database,
  heads: readonly Head[],
  o: { series: number; ingested: number; damaged: boolean },
): TierStats {
  const local = statement<[], Extent>(
    db,
    'select sum(readings) readings, sum(bytes) bytes, count(*) n, min(t_min) t_min, max(t_max) t_max from segment',
  ).get();
  const cold = statement<[], Extent>(
    db,
    `select sum(readings) readings, sum(bytes) bytes, count(*) n, min(t_min) t_min, max(t_max) t_max from block where state = 'cold'`,
  ).get();
  const damaged = statement<[], { n: number }>(db, 'select count(*) n from block where damaged = 1').get()?.n ?? 0;
  const queue: TierStats['queue'] = {
    planned: 0,
    uploading: 0,
    uploaded: 0,
    verified: 0,
    quarantined: 0,
    bytes: 0,
    sentBytes: 0,
  };
  for (const row of statement<[], { state: keyof TierStats['queue']; n: number; bytes: number }>(
    db,
    `select state, count(*) n, sum(bytes) bytes from block where state <> 'cold' group by state`,
  ).all()) {
    queue[row.state] = row.n;
    queue.bytes += row.bytes;
  }
  const sent = statement<[], { bytes: number | null }>(
    db,
    `select sum(length) bytes from part join block on id = block_id where state = 'uploading' and part.etag is not null`,
  ).get()?.bytes;
  const done = statement<[], { bytes: number | null }>(
    db,
    `select sum(bytes) bytes from block where state in ('uploaded', 'verified')`,
  ).get()?.bytes;
  queue.sentBytes = (sent ?? 0) + (done ?? 0);
  const verified = statement<[], { us: number | null }>(db, 'select max(verified_us) us from block').get()?.us;
  return {
    head: headStats(heads),
    local: { ...extentOf(local), segments: local?.n ?? 0, damaged: o.damaged },
    cold: { ...extentOf(cold), blocks: cold?.n ?? 0, damaged },
    queue,
    file: readSize(db),
    series: o.series,
    ingested: o.ingested,
    ...(verified === null || verified === undefined ? {} : { lastVerifiedUs: verified }),
  };
}

function headStats(heads: readonly Head[]): TierStats['head'] {
  const [readings, bytes] = [sum(heads.map((head) => head.readings)), sum(heads.map((head) => head.journalBytes))];
  if (readings === 0) return { readings, bytes };
  const oldestUs = Math.min(...heads.map((head) => head.oldestUs));
  return { readings, bytes, oldestUs, newestUs: Math.max(...heads.map((head) => head.newestUs)) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** See StoreApi.days. */
export function readDays(db: Database.Database, heads: readonly Head[]): DayInfo[] {
  const days = new Map<number, DayInfo>();
  const of = (day: number): DayInfo => {
    const info = days.get(day) ?? {
      day,
      headReadings: 0,
      openSegments: 0,
      openReadings: 0,
      openBytes: 0,
      frozenSegments: 0,
      frozenBytes: 0,
      uncompacted: false,
      unrolled: false,
      lastReceivedUs: 0,
      blocks: 0,
      cold: false,
      dirty: false,
    };
    days.set(day, info);
    return info;
  };
  for (const [day, { readings, lastReceivedUs }] of heads.flatMap((head) => [...head.days])) {
    const info = of(day);
    info.headReadings += readings;
    info.lastReceivedUs = Math.max(info.lastReceivedUs, lastReceivedUs);
  }
  const rows = statement<
    [],
    {
      day: number;
      n: number;
      readings: number;
      bytes: number;
      frozen: number;
      frozenBytes: number;
      raw: number;
      received: number;
    }
  >(
    db,
    `select day, sum(state = 0) n, sum(iif(state = 0, readings, 0)) readings, sum(iif(state = 0, bytes, 0)) bytes, sum(state in (1, 3)) frozen,
         sum(iif(state in (1, 3), bytes, 0)) frozenBytes,
         sum((state = 0 and final = 0) or state = 3) raw, max(received_us) received from segment where block_id is null group by day`,
  ).all();
  for (const row of rows) {
    const info = of(row.day);
    info.openSegments = row.n;
    info.openReadings = row.readings;
    info.openBytes = row.bytes;
    info.frozenSegments = row.frozen;
    info.frozenBytes = row.frozenBytes;
    info.uncompacted = row.raw > 0;
    info.lastReceivedUs = Math.max(info.lastReceivedUs, row.received);
  }
  const unrolled = statement<[], { day: number }>(
    db,
    'select distinct day from segment where rolled = 0 and (state = 1 or (state = 0 and final = 1))',
  );
  for (const { day } of unrolled.all()) of(day).unrolled = true;
  for (const day of dirtyDays(db)) of(day).dirty = true;
  const blocks = statement<[number], { n: number; cold: number | null }>(
    db,
    `select count(*) n, max(state = 'cold') cold from block where day = ?`,
  );
  for (const info of days.values()) {
    const { n, cold } = blocks.get(info.day) ?? { n: 0, cold: 0 };
    info.blocks = n;
    info.cold = cold === 1;
  }
  return [...days.values()].sort((a, b) => a.day - b.day);
}

/** Days with dirty buckets, one look into the index each: there may be a row for every series. */
function dirtyDays(db: Database.Database): number[] {
  const next = statement<[number], { day: number | null }>(db, 'select min(day) day from rollup_dirty where day > ?');
  const days: number[] = [];
  for (let day = next.get(Number.MIN_SAFE_INTEGER)?.day; day !== null && day !== undefined; day = next.get(day)?.day)
    days.push(day);
  return days;
}
