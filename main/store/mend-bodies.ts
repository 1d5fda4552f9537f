import type Database from 'better-sqlite3';
import { furtherPieces } from './bodies.ts';
import { by, changingTrees, renewTable, type Tree, treesOf } from './trees.ts';
import { unlessCorrupt } from './unreadable.ts';

const TABLES = ['segment_body', 'segment_piece'] as const;

interface Ends {
  table: Tree;
  lowest: boolean;
  highest: boolean;
}

/** What was done so that bodies can be added again, and because of which table. */
export interface BodiesMended {
  how: 'below' | 'anew';
  table: string;
}

/**
 * Bodies are most of what is on this gateway, so that nothing is looked for in them but what would hold up all that comes: that their trees can be followed to
 * the end where rows are added. With the highest page of one lost, ids go down from zero, and nothing is copied. Where that is not to be had either, or did not help
 * (`goesDown`), tables are made anew of what can be read.
 */
export function mendBodies(db: Database.Database, old: Database.Database, goesDown: boolean): BodiesMended[] {
  const ends = treesOf(db, 'table', TABLES).map((table) => endsOf(db, table));
  const [torn] = ends.filter(({ highest }) => !highest);
  if (torn === undefined) return [];
  if (!goesDown && ends.every(({ lowest }) => lowest)) return [{ how: 'below', table: torn.table.name }];
  const lost = ends.filter(({ lowest, highest }) => !lowest || !highest);
  changingTrees(db, () => {
    for (const { table } of lost) renewTable(db, table, [], (into) => copyBodies(db, old, table, into));
  });
  return lost.map(({ table }) => ({ how: 'anew', table: table.name }));
}

function endsOf(db: Database.Database, table: Tree): Ends {
  const has = (end: string): boolean =>
    unlessCorrupt(() => db.prepare(`select ${end}(id) from ${by(table)}`).get()) !== undefined;
  return { table, lowest: has('min'), highest: has('max') };
}

function copyBodies(db: Database.Database, old: Database.Database, table: Tree, into: string): void {
  const read = old.prepare<[number], { id: number; body: Buffer }>(`select id, body from ${by(table)} where id = ?`);
  const insert = db.prepare(`insert into ${into} (id, body) values (?, ?)`);
  for (const { id, bytes } of db.prepare<[], { id: number; bytes: number }>('select id, bytes from segment').all()) {
    for (const each of table.name === 'segment_body' ? [id] : furtherPieces(id, bytes)) {
      const row = unlessCorrupt(() => read.get(each));
      if (row !== undefined) insert.run(row.id, row.body);
    }
  }
}
