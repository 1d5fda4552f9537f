import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { objectBytes, prove } from '../testing/blocks.ts';
import { openDatabase, unsynced } from './database.ts';
import { Store } from './store.ts';
import type { Batch, PlanOptions } from './types.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-store-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const path = (): string => join(dir, 'tidemark.db');
const open = (maxSeries = 1_000): Store => new Store({ path: path(), maxSeries, nowUs: 0 });
const keys = ['m.a', 'm.b', 'n.a'];
const PLAN: PlanOptions = {
  gatewayId: 'g',
  prefix: '',
  storeId: 'test',
  targetBytes: 3_000,
  nowUs: 5,
};

function batch(store: Store, rows: [series: number, t: number, v: number][]): Batch {
  const ids = rows.map(([s]) => {
    const [measurement = '', field = ''] = (keys[s] ?? '').split('.');
    return store.series.resolve({ measurement, field, tags: [] }) ?? 0;
  });
  return {
    count: rows.length,
    series: Uint32Array.from(ids),
    t: Float64Array.from(rows, (r) => r[1]),
    v: Float64Array.from(rows, (r) => r[2]),
  };
}

/** The archive of a test: bytes of blocks by id, as they were frozen. */
type Bucket = Map<string, Uint8Array>;

function read(store: Store, bucket: Bucket, key: string, from: number, to: number): Map<number, number> {
  const frames = new Map<string, Uint8Array>();
  for (const { cold } of store.runs(key, from, to, frames, new Set()).missing) {
    for (const ref of cold === undefined ? [] : cold.frames) {
      frames.set(
        ref.digest,
        bucket.get(cold?.blockId ?? '')?.slice(ref.offset, ref.offset + ref.length) ?? new Uint8Array(),
      );
    }
  }
  const answer = store.runs(key, from, to, frames, new Set());
  expect(answer.missing).toEqual([]);
  const { t, v } = mergeRuns(answer.runs);
  return new Map(Array.from(t, (time, i) => [time, v[i] ?? 0]));
}

function tierDay(store: Store, bucket: Bucket, day: number): void {
  while (store.compactDay(day, 1));
  while (store.rollUpDay(day, 1));
  if (store.days().find((d) => d.day === day)?.blocks === 0) store.freezeDay(day);
  for (let block = store.planBlock(day, PLAN); block !== undefined; block = store.planBlock(day, PLAN)) {
    bucket.set(block.id, objectBytes(store, block.id, 0, block.bytes));
    prove(store, block.id, 1);
    expect(store.evictBlock(block.id, 4)).toBeDefined();
  }
}

describe('T5 every reading is answered once, the last received wins, whatever tier it lies in', () => {
  const value = fc.oneof(
    fc.double(),
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: 0, max: 999 }).map((n) => n / 10),
  );
  const reading = fc.tuple(
    fc.integer({ min: 0, max: 2 }),
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 40 })),
    value,
  );
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('append' as const),
        rows: fc.array(reading, { minLength: 1, maxLength: 60 }),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'cut' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const), day: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('tier' as const), day: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
  );

  it('T5 T3 random batches, cuts, compactions, evictions and restarts equal a naive oracle', {
    timeout: 120_000,
  }, () => {
    let evicted = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 25 }), (steps) => {
        rmSync(dir, { recursive: true, force: true });
        dir = mkdtempSync(join(tmpdir(), 'tidemark-store-'));
        let store = open();
        const bucket: Bucket = new Map();
        const oracle = keys.map(() => new Map<number, number>());
        try {
          for (const s of steps) {
            if (s.kind === 'append') {
              const rows = s.rows.map(([series, [day, slot], v]): [number, number, number] => [
                series,
                day * DAY_US + slot * 1_000_000,
                v,
              ]);
              store.append(batch(store, rows), 7);
              for (const [series, t, v] of rows) oracle[series]?.set(t, v);
            } else if (s.kind === 'cut') store.cut(1, 'always');
            else if (s.kind === 'compact') while (store.compactDay(s.day, 1));
            else if (s.kind === 'tier') tierDay(store, bucket, s.day);
            else {
              store.close();
              store = open();
            }
          }
          for (const [i, key] of keys.entries()) {
            const expected = [...(oracle[i] ?? [])].sort(([a], [b]) => a - b);
            expect([...read(store, bucket, key, -DAY_US, 5 * DAY_US)]).toEqual(expected);
            const [from, to] = [DAY_US + 3_000_000, 3 * DAY_US - 5];
            expect([...read(store, bucket, key, from, to)]).toEqual(expected.filter(([t]) => t >= from && t < to));
          }
          evicted += bucket.size;
        } finally {
          store.close();
        }
      }),
      { numRuns: 60 },
    );
    expect(evicted).toBeGreaterThan(5);
  });
});

describe('T1 T3 eviction', () => {
  it('T1 local data leaves only with the move to cold, and the file really shrinks', () => {
    const store = open();
    const rows = Array.from({ length: 60_000 }, (_, i): [number, number, number] => [
      i % 3,
      i * 1_000_000,
      Math.random(),
    ]);
    store.append(batch(store, rows), 1);
    store.cut(1, 'always');
    const bucket: Bucket = new Map();
    while (store.compactDay(0, 1));
    while (store.rollUpDay(0, 1));
    expect(store.freezeDay(0)).toBeGreaterThan(0);
    expect(store.evictBlock('none', 1)).toBeUndefined();
    expect(() => store.moveBlock('none', 'verified', 'cold', {}, 1)).toThrow(/only eviction/);
    expect(() => store.moveBlock('none', 'planned', 'verified', {}, 1)).toThrow(/may not go/);
    store.vacuum(500);
    const before = statSync(path()).size;
    tierDay(store, bucket, 0);
    expect(store.stats().local.segments).toBe(0);
    expect(store.stats().cold.readings).toBe(60_000);
    while (store.vacuum(500));
    expect(statSync(path()).size).toBeLessThan(before / 2);
    expect(read(store, bucket, 'm.a', 0, DAY_US).size).toBe(20_000);
    store.close();
  });

  it('SZ5 vacuum frees no more pages a call than asked for, above 15 % or as far as the file must shrink, and empties the log at the end', () => {
    const store = open();
    const day = (n: number): [number, number, number][] =>
      Array.from({ length: 10_000 }, (_, i) => [1, n * DAY_US + i * 1_000_000, Math.random()]);
    for (let n = 0; n < 30; n++) {
      store.append(batch(store, day(n)), 1);
      store.cut(1, 'always');
    }
    while (store.vacuum(500));
    const bucket: Bucket = new Map();
    tierDay(store, bucket, 0);
    const file = (): number => statSync(path()).size;
    // Writes the log back, which may make the file longer.
    expect(store.vacuum(20)).toBe(false);
    const before = file();
    expect(store.vacuum(20)).toBe(false);
    expect([file(), statSync(`${path()}-wal`).size]).toEqual([before, 0]);
    // One of 30 days, and as much as its compaction took, is free: less than 15 %.
    let calls = 1;
    while (store.vacuum(20, before * 0.95)) calls++;
    expect(calls).toBeGreaterThan(1);
    expect(before - file()).toBeLessThanOrEqual(calls * 20 * 4_096);
    expect(file()).toBeLessThanOrEqual(before * 0.95);
    expect(file()).toBeGreaterThan(before * 0.95 - 21 * 4_096);
    while (store.vacuum(20, 0));
    const { usedBytes, dbBytes } = store.localSize();
    expect([dbBytes, file()]).toEqual([usedBytes, usedBytes]);
    store.close();
  });
});

describe('D1 the database file', () => {
  it('D1 refuses a newer schema and a file that is not a database, and changes neither', () => {
    open().close();
    const db = new Database(path());
    db.pragma('user_version = 99');
    db.close();
    expect(() => open()).toThrow(/schema 99/);
  });

  it('D2 a damaged journal row is kept aside and told, and all others are replayed', () => {
    let store = open();
    for (let i = 0; i < 3; i++) store.append(batch(store, [[0, i * 1_000, i]]), 1);
    store.close();
    const db = new Database(path());
    db.prepare(`update journal set body = x'00' where seq = 2`).run();
    db.close();
    store = open();
    expect(store.startReport().replayed).toBe(2);
    expect(store.events({ limit: 5 })[0]?.code).toBe('TM-JOURNAL-DAMAGED');
    store.append(batch(store, [[0, 9_000, 9]]), 1);
    expect([...read(store, new Map(), 'm.a', 0, DAY_US).keys()]).toEqual([0, 2_000, 9_000]);
    store.close();
  });

  it('D3 a damaged segment is told, never served, and stops no other', () => {
    let store = open();
    store.append(
      batch(store, [
        [0, 1_000, 1],
        [0, DAY_US, 2],
      ]),
      1,
    );
    store.cut(1, 'always');
    store.close();
    const db = new Database(path());
    db.exec('update segment_body set body = zeroblob(length(body)) where id = 1');
    db.close();
    store = open();
    expect([...read(store, new Map(), 'm.a', 0, 3 * DAY_US).values()]).toEqual([2]);
    expect(store.events({ limit: 1 })[0]?.code).toBe('TM-LOCAL-DAMAGED');
    while (store.compactDay(0, 1));
    while (store.rollUpDay(0, 1));
    expect(store.freezeDay(0)).toBe(0);
    while (store.compactDay(1, 1));
    while (store.rollUpDay(1, 1));
    expect(store.freezeDay(1)).toBe(1);
    expect(store.runs('m.a', 0, 3 * DAY_US, new Map(), new Set()).pieces.map((p) => p.damaged)).toEqual([
      true,
      undefined,
    ]);
    store.close();
  });

  it('D3 a damaged index of a cold block is told and stops no other tier', () => {
    let store = open();
    store.append(batch(store, [[0, 1_000, 1]]), 1);
    store.cut(1, 'always');
    while (store.compactDay(0, 1));
    while (store.rollUpDay(0, 1));
    store.freezeDay(0);
    const block = store.planBlock(0, PLAN);
    const id = block?.id ?? '';
    prove(store, id, 1);
    store.evictBlock(id, 1);
    store.append(batch(store, [[0, DAY_US, 2]]), 1);
    store.close();
    const db = new Database(path());
    db.exec('update block_index set body = zeroblob(length(body))');
    db.close();
    store = open();
    const runs = store.runs('m.a', 0, 3 * DAY_US, new Map(), new Set());
    expect(runs.pieces.map((p) => [p.tier, p.damaged])).toEqual([
      ['cold', true],
      ['head', undefined],
    ]);
    expect(runs.runs.map((r) => [...r.v])).toEqual([[2]]);
    expect(store.events({ limit: 1 })[0]?.code).toBe('TM-LOCAL-DAMAGED');
    store.close();
  });

  it('D3 bytes that went bad after they were frozen are not planned into a block; what can be read of the day is', () => {
    let store = open();
    store.append(
      batch(store, [
        [0, 1_000, 1],
        [1, 2_000, 2],
      ]),
      1,
    );
    store.cut(1, 'always');
    while (store.compactDay(0, 1));
    while (store.rollUpDay(0, 1));
    store.freezeDay(0);
    store.close();
    const db = new Database(path());
    db.exec(`update segment_body set body = cast(substr(body, 1, length(body) - 1) || x'00' as blob)`);
    db.close();
    store = open();
    expect(store.planBlock(0, PLAN)).toBeUndefined();
    expect(store.days()[0]?.uncompacted).toBe(true);
    expect(store.freezeDay(0)).toBe(0);
    while (store.compactDay(0, 1));
    while (store.rollUpDay(0, 1));
    expect(store.planBlock(0, PLAN)?.readings).toBe(1);
    store.close();
  });

  it('D4 new series beyond max_series get no id, and a failed commit takes new ids back', () => {
    const store = open(2);
    batch(store, [
      [0, 1, 1],
      [1, 1, 1],
    ]);
    expect(store.series.resolve({ measurement: 'x', field: 'y', tags: [] })).toBeUndefined();
    const { generation } = store.series;
    store.close();
    expect(() =>
      store.append({ count: 0, series: new Uint32Array(), t: new Float64Array(), v: new Float64Array() }, 1),
    ).toThrow(/could not be stored/);
    expect(store.series.generation).toBe(generation + 1);
    expect(store.series.count).toBe(0);
  });
});

it('T5 what a power cut may take back is not waited for, and all else is synced as before, also after a fault', () => {
  const { db } = openDatabase(join(dir, 'other.db'), 1_000_000, false);
  const level = (): unknown => db.pragma('synchronous', { simple: true });
  expect([level(), unsynced(db, level), level()]).toEqual([2, 1, 2]);
  expect(() =>
    unsynced(db, () => {
      throw new Error('the disk is full');
    }),
  ).toThrow('the disk is full');
  expect(level()).toBe(2);
  db.close();
});
