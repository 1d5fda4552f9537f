import { join } from 'node:path';
import Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';

/**
 * One gateway per data folder. The lock is SQLite's own file lock on a small database that holds nothing, because the operating system drops it
 * with the process, even after kill -9. Throws 'locked' when another process has it. The returned function lets go.
 */
export function lockDataFolder(folder: string): () => void {
  const db = new Database(join(folder, 'lock.db'), { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('begin exclusive');
  } catch (error) {
    db.close();
    throw new TidemarkError('locked', `another gateway already runs on ${folder}`, {
      retry: 'later',
      blame: 'operator',
      action: 'stop it first, or give this one another --data-dir',
      cause: error,
    });
  }
  return () => db.close();
}
