import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { codeOf, messageOf, TidemarkError } from '../../shared/errors.ts';

const MAGIC = 'SQLite format 3\0';

/** Reads (or opens) what the gateway cannot be without. Throws 'damaged-database', which names the file, what was looked for and what was found. */
export function reading<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!/^SQLITE_(CORRUPT|NOTADB|IOERR|CANTOPEN)/.test(codeOf(error))) throw error;
    throw damagedDatabase(path, `${what} cannot be read: ${foundIn(path) ?? messageOf(error)}`, error);
  }
}

export function damagedDatabase(path: string, found: string, cause: unknown): TidemarkError {
  return new TidemarkError('damaged-database', `cannot use the database ${path}: ${found}`, {
    retry: 'never',
    blame: 'gateway',
    action:
      'check the disk, move the data folder away and keep it, then restore a copy or start with an empty one (docs/OPERATIONS.md, "A database that cannot be opened")',
    cause,
  });
}

/**
 * SQLite takes an empty file for a new database, and throws its log away. Throws 'damaged-database' where something shows that it was not empty: its log, or
 * that the gateway `hasRun` before, as a first start that was cut off leaves an empty file, too.
 */
export function refuseEmptied(path: string, hasRun: boolean): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && stat.size > 0) return;
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const what = stat === undefined ? 'it is gone' : 'it is empty';
  if (log > 0) throw damagedDatabase(path, `${what}, but a log of ${log} bytes is beside it`, undefined);
  if (hasRun && stat !== undefined)
    throw damagedDatabase(path, `${what}, but a gateway has run in this folder before`, undefined);
}

/** What is wrong with the file as a whole, if that shows. */
function foundIn(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return stat === undefined ? undefined : 'it is not a regular file';
  const head = headerOf(path);
  if (head.every((byte) => byte === 0)) return 'it begins with zeros, where its header should be';
  if (head.toString('latin1', 0, MAGIC.length) !== MAGIC) return 'it does not begin as a database does';
  const bytes = pageBytes(head.readUInt16BE(16)) * head.readUInt32BE(28);
  return stat.size < bytes ? `it was cut off: ${stat.size} of ${bytes} bytes are there` : undefined;
}

/** The file's format (https://www.sqlite.org/fileformat.html, section 1.3) writes 64 KiB as 1. */
const pageBytes = (field: number): number => (field === 1 ? 65_536 : field);

/** The first 100 bytes, zeros where there are fewer. */
export function headerOf(path: string): Buffer {
  const head = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return head;
}
