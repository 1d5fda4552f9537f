import type Database from 'better-sqlite3';

const compiled = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/**
 * A statement for `run`, `get` and `all`, compiled once for a connection: SQLite takes as long to compile a small one as to run it ten times. Not for
 * `iterate`: a statement that is being iterated over cannot be run.
 */
export function statement<Bound extends unknown[] = unknown[], Row = unknown>(
  db: Database.Database,
  sql: string,
): Database.Statement<Bound, Row> {
  const known = compiled.get(db) ?? new Map<string, Database.Statement>();
  compiled.set(db, known);
  const found = known.get(sql) ?? db.prepare(sql);
  known.set(sql, found);
  return found as Database.Statement<Bound, Row>;
}
