import Database from 'better-sqlite3';
import { damagedDatabase, reading, refuseEmptied } from './damaged-database.ts';
import { type LostLog, setLogAside } from './damaged-log.ts';
import { migrate } from './schema.ts';

/** Log between checkpoints, bytes: the longer it is, the fewer pages are written twice. */
const MOST_LOG = 67_108_864;
const LEAST_LOG = 32_768;
/** Free pages beyond this share of the file are given back. */
const FREE_SHARE = 0.15;

/**
 * Opens (or makes) the database: WAL, every commit synced to disk unless it is `unsynced`, incremental vacuum on from the first page. The log is written back at 64 MB, or at
 * `logBytes` if that is less. `hasRun`: this is not the first start. Throws 'newer-schema' or 'damaged-database'; a file that is not ours is never written to.
 * `lostLog`: what was in the log is lost.
 */
export function openDatabase(
  path: string,
  logBytes: number,
  hasRun: boolean,
): { db: Database.Database; lostLog: LostLog | undefined } {
  refuseEmptied(path, hasRun);
  const lostLog = setLogAside(path);
  return { db: reading(path, 'it', () => opened(path, logBytes)), lostLog };
}

function opened(path: string, logBytes: number): Database.Database {
  const db = new Database(path);
  try {
    const tables = db.prepare<[], { n: number }>('select count(*) n from sqlite_master').get()?.n ?? 0;
    if (tables === 0) db.pragma('auto_vacuum = INCREMENTAL');
    else if (Number(db.pragma('user_version', { simple: true })) === 0)
      throw damagedDatabase(path, 'it belongs to another program', undefined);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    const log = Math.min(MOST_LOG, Math.max(LEAST_LOG, logBytes));
    db.pragma(`wal_autocheckpoint = ${Math.floor(log / Number(db.pragma('page_size', { simple: true })))}`);
    db.pragma(`journal_size_limit = ${Math.floor(log)}`);
    limitCache(db);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** See StoreApi.vacuum. */
export function vacuumSlice(db: Database.Database, pages: number, mostBytes: number): boolean {
  const count = (name: string): number => Number(db.pragma(name, { simple: true }));
  const isTooLarge = (): boolean => {
    const [free, all] = [count('freelist_count'), count('page_count')];
    return free > 0 && (free > all * FREE_SHARE || all * count('page_size') > mostBytes);
  };
  if (isTooLarge()) {
    db.pragma(`incremental_vacuum(${pages})`);
    if (isTooLarge()) return true;
  }
  // The file shrinks only when the log is written back.
  writeBack(db);
  return false;
}

/** SQLite waits so long for a lock unless told otherwise. */
const PATIENCE_MS = 5_000;
/** A read is over sooner than that, mostly; if not, the log shrinks next time. */
const SHORT_MS = 20;

/** Writes the log back and cuts it off. All commits wait meanwhile, so that a reader is not waited for long. */
function writeBack(db: Database.Database): void {
  db.pragma(`busy_timeout = ${SHORT_MS}`);
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.pragma(`busy_timeout = ${PATIENCE_MS}`);
  }
}

/** 4 MB of pages in memory instead of 16: what is read again soon is in the system's cache anyway. */
export function limitCache(db: Database.Database): void {
  db.pragma('cache_size = -4000');
}

/**
 * Runs a transaction that a power cut may take back: it reaches the disk with the next that is none of these, always in order (WAL). The writer thread need not
 * wait for the disk then, which an archive on the same one keeps busy. So are all steps that would only be taken once more; what is acknowledged is not, nor what
 * an archive knows of.
 */
export function unsynced<T>(db: Database.Database, transaction: () => T): T {
  db.pragma('synchronous = NORMAL');
  try {
    return db.transaction(transaction)();
  } finally {
    db.pragma('synchronous = FULL');
  }
}
