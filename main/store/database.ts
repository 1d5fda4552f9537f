import Database from 'better-sqlite3';
import { messageOf, TidemarkError } from '../../shared/errors.ts';
import { migrate } from './schema.ts';

/**
 * Opens (or makes) the database: WAL, every commit synced to disk, incremental vacuum on from the first page. Throws 'newer-schema' or
 * 'damaged-database'; a file that is not ours is never written to.
 */
export function openDatabase(path: string): Database.Database {
  const db = new Database(path);
  try {
    const tables = db.prepare<[], { n: number }>('select count(*) n from sqlite_master').get()?.n ?? 0;
    if (tables === 0) db.pragma('auto_vacuum = INCREMENTAL');
    else if (Number(db.pragma('user_version', { simple: true })) === 0)
      throw new Error('it belongs to another program');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // 64 MB of log between checkpoints: fewer pages are written twice.
    db.pragma('wal_autocheckpoint = 16384');
    db.pragma('journal_size_limit = 67108864');
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    if (error instanceof TidemarkError) throw error;
    throw new TidemarkError('damaged-database', `cannot use the database ${path}: ${messageOf(error)}`, {
      retry: 'never',
      blame: 'gateway',
      action: 'move the file away (keep it) and restore a copy, or start with an empty data folder',
      cause: error,
    });
  }
}
