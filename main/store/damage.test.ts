import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { StoreFolder } from '../testing/store-folder.ts';
import { Store } from './store.ts';

let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: 10, nowUs: 0 });
});
afterEach(() => folder.end());

const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 1e9, nowUs: 1 };

function append(t: Float64Array, value: (i: number) => number, field = 'a'): void {
  const id = folder.store.series.resolve({ measurement: 'm', field, tags: [] }) ?? 0;
  folder.store.append(
    { count: t.length, series: new Uint32Array(t.length).fill(id), t, v: Float64Array.from(t, (_, i) => value(i)) },
    1,
  );
}

/** Changes the file behind the store's back, as a bad disk does. */
function rot(change: (db: Database.Database) => void): void {
  const db = new Database(folder.path);
  change(db);
  db.close();
}

it('T5 D3 a row that rotted after it was frozen is written anew by itself: late readings win over its siblings as before', {
  timeout: 180_000,
}, () => {
  // Three frozen rows of one series, one after the other in time.
  const EVERY_US = 10_000;
  append(
    Float64Array.from({ length: 900_000 }, (_, i) => i * EVERY_US),
    () => Math.random(),
  );
  folder.store.cut(1, 'always');
  folder.close(0);
  expect(folder.store.freezeDay(0)).toBe(3);
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
  folder.store.cut(1, 'always');
  const values = (): number[] => {
    const { t, v } = mergeRuns(
      folder.store.runs('m.a', late[0] ?? 0, (late.at(-1) ?? 0) + 1, new Map(), new Set()).runs,
    );
    return Array.from(t, (_, i) => ((v[i] ?? 0) > 1 ? 777 : 0));
  };
  const expected = [777, 777, 0, 0, 777, 777];
  expect(values()).toEqual(expected);
  expect(folder.store.planBlock(0, PLAN)).toBeUndefined();
  expect(folder.store.days()).toMatchObject([{ uncompacted: true, frozenSegments: 3, openSegments: 1 }]);
  folder.close(0);
  expect(values()).toEqual(expected);
  // What could be read of the row is frozen as it was, and is planned; the late readings stay out of it.
  expect(folder.store.days()).toMatchObject([{ uncompacted: false, frozenSegments: 3, openSegments: 1 }]);
  expect(folder.store.planBlock(0, PLAN)?.readings).toBe(900_000 - 131_072);
  expect(values()).toEqual(expected);
});

it('D3 what rotted after it was planned is not cut into parts that would prove it', () => {
  append(
    Float64Array.from({ length: 1_000 }, (_, i) => i),
    (i) => Math.sin(i),
  );
  folder.store.cut(1, 'always');
  folder.close(0);
  folder.store.freezeDay(0);
  const block = folder.store.planBlock(0, PLAN);
  if (block === undefined) throw new Error('nothing was planned');
  const before = folder.store.parts(block.id);
  rot((db) => db.prepare('update segment_body set body = zeroblob(length(body))').run());
  const split = (): void => {
    while (folder.store.splitStep(block.id, 1_000));
  };
  for (const _ of [1, 2]) expect(split).toThrow(expect.objectContaining({ code: 'damaged-block' }));
  expect(folder.store.parts(block.id)).toEqual(before);
});

it('D3 a row whose directory cannot be read is one damaged piece: it stops no other series, day or stage', () => {
  for (const day of [0, 1]) {
    append(Float64Array.of(day * DAY_US), () => day);
    append(Float64Array.of(day * DAY_US + 1), () => 10 + day, 'b');
  }
  folder.store.cut(1, 'always');
  // Another row of the same day, of readings that came later.
  append(Float64Array.of(5), () => 5);
  folder.store.cut(1, 'always');
  const spoil = (which: string): void =>
    rot((db) => db.prepare(`update segment set directory = zeroblob(length(directory)) where ${which}`).run());
  spoil('id = 1');
  const read = (field: string): { values: number[]; damaged: boolean[] } => {
    const { runs, pieces } = folder.store.runs(`m.${field}`, 0, 2 * DAY_US, new Map(), new Set());
    return { values: [...mergeRuns(runs).v], damaged: pieces.map((piece) => piece.damaged === true) };
  };
  expect(read('a')).toEqual({ values: [5, 1], damaged: [true, false, false] });
  expect(read('b')).toEqual({ values: [11], damaged: [true, false] });
  // Compaction sets it aside and brings the rest into its final form.
  folder.close(0);
  expect(folder.store.days()[0]).toMatchObject({ uncompacted: false, openSegments: 1 });
  expect(folder.store.freezeDay(0)).toBe(1);
  expect(read('a')).toEqual({ values: [5, 1], damaged: [true, false, false] });
  // A directory that rots after it was frozen is not planned, and set aside next.
  spoil('state = 1');
  expect(folder.store.planBlock(0, PLAN)).toBeUndefined();
  folder.close(0);
  expect(folder.store.days()[0]).toMatchObject({ uncompacted: false, frozenSegments: 0 });
  expect(folder.store.planBlock(0, PLAN)).toBeUndefined();
  expect(read('a').values).toEqual([1]);
});

it('D3 damage is told once a start however often it is read, and counts in the figures of Status until it is gone', () => {
  append(Float64Array.of(1, DAY_US), (i) => i);
  folder.store.cut(1, 'always');
  expect(folder.store.stats().local.damaged).toBe(false);
  rot((db) => db.exec('update segment_body set body = zeroblob(length(body))'));
  const told = (): (string | number | boolean | undefined)[] =>
    folder.store.events({ limit: 99 }).flatMap((e) => (e.code === 'TM-LOCAL-DAMAGED' ? [e.detail.day] : []));
  for (let i = 0; i < 3; i++) folder.store.runs('m.a', 0, 2 * DAY_US, new Map(), new Set());
  expect(told()).toEqual(['1970-01-02', '1970-01-01']);
  expect(folder.store.stats().local.damaged).toBe(true);
  folder.close(0);
  folder.restart();
  // Set aside by compaction: known before anybody reads it.
  expect(folder.store.stats().local.damaged).toBe(true);
});

it('D2 a journal row that was set aside counts in the figures of Status, also after the next start', () => {
  append(Float64Array.of(1), () => 1);
  folder.reopen((db) => db.exec(`update journal set body = x'00'`));
  expect(folder.store.stats().local.damaged).toBe(true);
  folder.restart();
  expect(folder.store.stats().local.damaged).toBe(true);
});

it.each(['cut off', 'altered'] as const)(
  'D2 where the log was %s in its middle, the journal is replayed up to there, and readings come in again',
  (how) => {
    const BATCHES = 30;
    // The log begins behind what makes the tables.
    folder.restart();
    for (let i = 0; i < BATCHES; i++) append(Float64Array.of(2 * i, 2 * i + 1), (k) => 2 * i + k);
    for (const share of [0.2, 0.5, 0.8]) {
      const copy = join(folder.dir, `${share}.db`);
      for (const end of ['', '-wal']) cpSync(folder.path + end, copy + end);
      const bytes = readFileSync(`${copy}-wal`);
      const at = Math.floor(bytes.length * share);
      bytes[at] = ~(bytes[at] ?? 0);
      writeFileSync(`${copy}-wal`, how === 'altered' ? bytes : bytes.subarray(0, at));
      const after = new Store({ path: copy, maxSeries: 10, nowUs: 0 });
      const read = (): number[] => [...mergeRuns(after.runs('m.a', 0, 1_000, new Map(), new Set()).runs).v];
      // Whole batches, from the first one on.
      const { replayed } = after.startReport();
      expect(replayed % 2).toBe(0);
      expect(replayed).toBeGreaterThan(0);
      expect(replayed).toBeLessThan(2 * BATCHES);
      const known = Array.from({ length: replayed }, (_, i) => i);
      expect(read()).toEqual(known);
      const id = after.series.resolve({ measurement: 'm', field: 'a', tags: [] }) ?? 0;
      after.append({ count: 1, series: Uint32Array.of(id), t: Float64Array.of(500), v: Float64Array.of(7) }, 1);
      expect(read()).toEqual([...known, 7]);
      after.close();
    }
  },
);
