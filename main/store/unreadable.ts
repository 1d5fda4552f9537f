import { codeOf, messageOf, TidemarkError } from '../../shared/errors.ts';
import { damagedFrame } from '../codec/errors.ts';

/** The database's own pages are not what was written: it cannot follow them. */
export function isCorrupt(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_CORRUPT') || (error instanceof TidemarkError && isCorrupt(error.cause));
}

/**
 * Reads stored bytes. Where pages of the file are damaged so that SQLite itself gives up, that is damage of these bytes like a wrong digest, and of nothing
 * else: throws 'damaged-frame'. A disk that cannot be read at the moment (SQLITE_IOERR) is no damage yet.
 */
export function readStored<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isCorrupt(error)) throw damagedFrame(`its pages in the database cannot be read (${messageOf(error)})`, error);
    throw error;
  }
}

/** What is read, or undefined where the database cannot be followed. */
export function unlessCorrupt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isCorrupt(error)) return undefined;
    throw error;
  }
}
