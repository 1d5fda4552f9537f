import { closeSync, openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';

/**
 * Overwrites pages of a closed database with zeros, as a disk does that lost them. `kind` as dbstat names it: leaves and internal pages are the tree of a table
 * or index, overflow pages hold what of a large BLOB does not fit its leaf. `chosen` gets the place of a page in the tree, the same way. Returns how many
 * were lost.
 */
export function losePages(
  path: string,
  table: string,
  kind: 'leaf' | 'internal' | 'overflow',
  chosen: (place: string) => boolean = () => true,
): number {
  const db = new Database(path);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const size = Number(db.pragma('page_size', { simple: true }));
  const pages = db
    .prepare<[string, string], { pageno: number; place: string }>(
      'select pageno, path place from dbstat where name = ? and pagetype = ?',
    )
    .all(table, kind);
  db.close();
  const lost = pages.filter(({ place }) => chosen(place));
  const file = openSync(path, 'r+');
  for (const { pageno } of lost) writeSync(file, Buffer.alloc(size), 0, size, (pageno - 1) * size);
  closeSync(file);
  return lost.length;
}
