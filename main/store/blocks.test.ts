import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Blocks } from './blocks.ts';
import { migrate } from './schema.ts';

/** The manifest of blocks given as [id, day, last time, state, damaged]. */
function manifest(rows: readonly (readonly [string, number, number, string, number])[]): Blocks {
  const db = new Database(':memory:');
  migrate(db);
  const insert = db.prepare(`
    insert into block (id, key, store_id, day, t_min, t_max, readings, series, segments, bytes, index_offset, part_bytes, parts, sha256,
      format_version, state, planned_us, damaged) values (?, ?, 's', ?, 0, ?, 1, 1, 1, 1, 1, 1, 1, '', 3, ?, 0, ?)`);
  for (const [id, day, tMax, state, damaged] of rows) insert.run(id, `key ${id}`, day, tMax, state, damaged);
  return new Blocks(db);
}

const ROWS = [
  ['c', 2, 50, 'cold', 0],
  ['a', 2, 10, 'cold', 1],
  ['b', 2, 90, 'quarantined', 0],
  ['e', 3, 20, 'planned', 0],
  ['d', 1, 70, 'cold', 1],
] as const;

it('A5 blocks come newest day first, of a day what is newest first, and in pages each once', () => {
  const blocks = manifest(ROWS);
  const ids: string[] = [];
  for (let after: string | undefined; ; after = ids.at(-1)) {
    const page = blocks.list({ limit: 2, ...(after === undefined ? {} : { after }) });
    ids.push(...page.map(({ id }) => id));
    if (page.length < 2) break;
  }
  expect(ids).toEqual(['e', 'b', 'c', 'a', 'd']);
});

it('A5 those that need attention are damaged or set aside', () => {
  expect(
    manifest(ROWS)
      .list({ attention: true })
      .map(({ id }) => id),
  ).toEqual(['b', 'a', 'd']);
});
