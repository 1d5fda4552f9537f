import type Database from 'better-sqlite3';
import { unlessCorrupt } from './unreadable.ts';

/** Tables with this in their names were in use until pages of them were lost. Nothing reads them. */
export const LOST = '_lost_';

/** A table or an index, as the schema has it. Indexes of a key have no sql. */
export interface Tree {
  name: string;
  table: string;
  sql: string | null;
}

const where = ({ sql }: Tree): string => / where .*$/i.exec(sql ?? '')?.[0] ?? '';

/** How to read a table by this tree, and by nothing else. */
export const by = (tree: Tree): string =>
  tree.name === tree.table ? `${tree.table} not indexed` : `${tree.table} indexed by ${tree.name}${where(tree)}`;

export function treesOf(db: Database.Database, type: 'table' | 'index', tables: readonly string[]): Tree[] {
  return db
    .prepare<[string], Tree>('select name, tbl_name "table", sql from sqlite_schema where type = ? order by rowid')
    .all(type)
    .filter(({ table }) => tables.includes(table));
}

/** As `by` and `isWhole` take it. */
export const tableOf = ({ table }: Tree): Tree => ({ name: table, table, sql: null });

/** Whether SQLite can follow the tree from end to end. What overflows its leaves is not looked at. */
export function isWhole(db: Database.Database, tree: Tree): boolean {
  return unlessCorrupt(() => db.prepare(`select total(1) from ${by(tree)}`).get()) !== undefined;
}

/**
 * Runs `change`, which may give trees to other names, in one transaction. A tree with lost pages can neither be rebuilt nor dropped in its place, as SQLite would
 * have to follow it.
 */
export function changingTrees(db: Database.Database, change: () => void): void {
  db.pragma('foreign_keys = OFF');
  db.unsafeMode(true);
  try {
    db.transaction(() => {
      change();
      // Every connection reads the schema anew.
      db.pragma(`schema_version = ${Number(db.pragma('schema_version', { simple: true })) + 1}`);
    })();
  } finally {
    db.pragma('writable_schema = reset');
    db.unsafeMode(false);
    db.pragma('foreign_keys = ON');
  }
}

/** Inside changingTrees. What follows sees the schema as it is then. */
function editSchema(db: Database.Database, edit: () => void): void {
  db.pragma('writable_schema = on');
  edit();
  db.pragma('writable_schema = reset');
}

function swap(db: Database.Database, a: string, b: string): void {
  const root = db.prepare<[string], { rootpage: number }>('select rootpage from sqlite_schema where name = ?');
  const [ofA, ofB] = [root.get(a)?.rootpage, root.get(b)?.rootpage];
  if (ofA === undefined || ofB === undefined) throw new Error(`no trees ${a} and ${b}`);
  db.prepare('update sqlite_schema set rootpage = iif(name = ?, ?, ?) where name in (?, ?)').run(a, ofB, ofA, a, b);
}

/** Makes an index anew from its table. Pages of the old one stay in the file, unused. */
export function renewIndex(db: Database.Database, index: Tree): void {
  const name = `index${LOST}new`;
  const columns = db.prepare<[string], { name: string }>('select name from pragma_index_info(?)').all(index.name);
  db.exec(
    index.sql?.replace(index.name, name) ??
      `create unique index ${name} on ${index.table} (${columns.map((column) => column.name).join()})`,
  );
  editSchema(db, () => {
    swap(db, index.name, name);
    db.prepare('delete from sqlite_schema where name = ?').run(name);
  });
}

/**
 * A new tree takes the table's place: `fill` puts into the table that it is told what can be read of the old one. All indexes are made anew. The old tree stays as
 * <table>_lost_1 (2, ...), for the support desk.
 */
export function renewTable(
  db: Database.Database,
  table: Tree,
  indexes: readonly Tree[],
  fill: (into: string) => void,
): void {
  const before = db.prepare('select 1 from sqlite_schema where name glob ?').all(`${table.name}${LOST}*`).length;
  const name = `${table.name}${LOST}${before + 1}`;
  // It must hold up nothing that it refers to.
  db.exec((table.sql ?? '').replace(table.name, name).replaceAll(/ references \w+/g, ''));
  fill(name);
  editSchema(db, () => swap(db, table.name, name));
  for (const index of indexes) renewIndex(db, index);
}
