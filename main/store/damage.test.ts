import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mergeRuns } from '../codec/merge.ts';
import { Store } from './store.ts';

let dir: string;
let store: Store;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-damage-'));
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const path = (): string => join(dir, 'tidemark.db');
const open = (): Store => new Store({ path: path(), maxSeries: 10, nowUs: 0 });
const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 1e9, partBytes: 1e9, nowUs: 1 };

function append(t: Float64Array, value: (i: number) => number, field = 'a'): void {
  const id = store.series.resolve({ measurement: 'm', field, tags: [] }) ?? 0;
  store.append(
    { count: t.length, series: new Uint32Array(t.length).fill(id), t, v: Float64Array.from(t, (_, i) => value(i)) },
    1,
  );
}

/** Changes the file behind the store's back, as a bad disk does. */
function rot(change: (db: Database.Database) => void): void {
  const db = new Database(path());
  change(db);
  db.close();
}

it('T5 D3 a row that rotted after it was frozen is written anew by itself: late readings win over its siblings as before', {
  timeout: 60_000,
}, () => {
  // Three frozen rows of one series, one after the other in time.
  const EVERY_US = 10_000;
  append(
    Float64Array.from({ length: 900_000 }, (_, i) => i * EVERY_US),
    () => Math.random(),
  );
  store.cut(1, 'always');
  while (store.compactDay(0, 1));
  expect(store.freezeDay(0)).toBe(3);
  let edge = 0;
  rot((db) => {
    const first = db.prepare<[], { id: number; t_max: number }>('select id, t_max from segment order by t_min').get();
    edge = first?.t_max ?? 0;
    db.prepare(
      `update segment_body set body = cast(substr(body, 1, 999) || x'00ff00ff' || substr(body, 1004) as blob) where id = ?`,
    ).run(first?.id);
  });
  // Late ones in the first row and in the second.
  const late = [-2, -1, 2, 3].map((n) => edge + n * EVERY_US);
  append(Float64Array.from(late), () => 777);
  store.cut(1, 'always');
  const values = (): number[] => {
    const { t, v } = mergeRuns(store.runs('m.a', late[0] ?? 0, (late.at(-1) ?? 0) + 1, new Map(), new Set()).runs);
    return Array.from(t, (_, i) => ((v[i] ?? 0) > 1 ? 777 : 0));
  };
  const expected = [777, 777, 0, 0, 777, 777];
  expect(values()).toEqual(expected);
  expect(store.planBlock(0, PLAN)).toBeUndefined();
  expect(store.days()).toMatchObject([{ uncompacted: true, frozenSegments: 3, openSegments: 1 }]);
  while (store.compactDay(0, 1));
  expect(values()).toEqual(expected);
  // What could be read of the row is frozen as it was, and is planned; the late readings stay out of it.
  expect(store.days()).toMatchObject([{ uncompacted: false, frozenSegments: 3, openSegments: 1 }]);
  expect(store.planBlock(0, PLAN)?.readings).toBe(900_000 - 131_072);
  expect(values()).toEqual(expected);
});
