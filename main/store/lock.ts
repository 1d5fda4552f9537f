import { join } from 'node:path';
import Database from 'better-sqlite3';
import { messageOf, TidemarkError } from '../../shared/errors.ts';

/**
 * One gateway per data folder. The lock is SQLite's own file lock on a small database that holds nothing, because the operating system drops it
 * with the process, even after kill -9. Throws 'locked' when another process has it, 'data-folder' when the lock cannot be made. The returned function lets go.
 */
export function lockDataFolder(folder: string): () => void {
  let db: Database.Database | undefined;
  try {
    db = new Database(join(folder, 'lock.db'), { timeout: 0 });
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('begin exclusive');
  } catch (error) {
    db?.close();
    if (!isBusy(error))
      throw new TidemarkError('data-folder', `cannot lock the data folder ${folder}: ${messageOf(error)}`, {
        retry: 'later',
        blame: 'operator',
        action: 'check its disk (free room, rights, mount)',
        cause: error,
      });
    throw new TidemarkError('locked', `another gateway already runs on ${folder}`, {
      retry: 'later',
      blame: 'operator',
      action: 'stop it first, or give this one another --data-dir',
      cause: error,
    });
  }
  const lock = db;
  return () => lock.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
