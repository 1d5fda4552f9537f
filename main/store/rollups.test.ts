import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';
import { rollUp } from '../codec/roll-up.ts';
import { Store } from './store.ts';
import type { Level } from './types.ts';

const NOW = 1_000 * DAY_US;
const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 3_000, partBytes: 1e9, nowUs: NOW };
const FIELDS = ['a', 'b', 'c'] as const;
type Field = (typeof FIELDS)[number];

let dir: string;
let store: Store;
let oracle: Map<Field, Map<number, number>>;
beforeEach(begin);
afterEach(end);

function begin(): void {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-rollups-'));
  store = open();
  oracle = new Map(FIELDS.map((field) => [field, new Map()]));
}
function end(): void {
  store.close();
  rmSync(dir, { recursive: true, force: true });
}
function open(): Store {
  return new Store({ path: join(dir, 'tidemark.db'), maxSeries: 100, nowUs: NOW });
}
function reopen(change?: (db: Database.Database) => void): void {
  store.close();
  if (change !== undefined) {
    const db = new Database(join(dir, 'tidemark.db'));
    change(db);
    db.close();
  }
  store = open();
}

function append(field: Field, rows: readonly (readonly [t: number, v: number])[]): void {
  const id = store.series.resolve({ measurement: 'm', field, tags: [] }) ?? 0;
  const [t, v] = [Float64Array.from(rows, (r) => r[0]), Float64Array.from(rows, (r) => r[1])];
  store.append({ count: t.length, series: new Uint32Array(t.length).fill(id), t, v }, NOW);
  for (const [at, value] of rows) oracle.get(field)?.set(at, value);
}

/** One reading every `step` of [from, to). */
function fill(field: Field, from: number, to: number, step: number): void {
  append(
    field,
    Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => [
      from + i * step,
      Math.round(Math.sin(i) * 100) / 10,
    ]),
  );
}

function close(day: number): void {
  while (store.compactDay(day, NOW));
  while (store.rollUpDay(day, NOW));
}

/** Up to `blocks` blocks of the day go to the archive (of which only the gateway's own side is needed here). */
function tier(day: number, blocks = Number.POSITIVE_INFINITY): void {
  close(day);
  if (store.days().find((d) => d.day === day)?.blocks === 0) store.freezeDay(day);
  move(day, blocks);
}

/** The oldest cuts of a day go early, while the others stay as they are (SZ3). */
function tierPart(day: number, cuts: number, blocks: number): void {
  let [upTo, groups] = [-1, 0];
  for (const s of store.openSegments(day)) {
    if (s.seqLo > upTo && groups++ === cuts) break;
    upTo = Math.max(upTo, s.seqHi);
  }
  const mark = { epoch: 1, seq: upTo };
  while (store.compactDay(day, NOW, mark));
  while (store.rollUpDay(day, NOW));
  store.freezeDay(day, mark);
  move(day, blocks);
}

function move(day: number, blocks: number): void {
  for (let n = 0; n < blocks; n++) {
    const block = store.planBlock(day, PLAN);
    if (block === undefined) return;
    for (const [from, to] of [
      ['planned', 'uploading'],
      ['uploading', 'uploaded'],
      ['uploaded', 'verified'],
    ] as const)
      store.moveBlock(block.id, from, to, {}, NOW);
    expect(store.evictBlock(block.id, NOW)).toBeDefined();
  }
}

const ask = (field: Field, from: number, to: number, levels: Level[] = ['hours', 'minutes'], exactUpTo = 0) =>
  store.rollups(`m.${field}`, { from, to, levels, exactUpTo });

/** Every part says exactly what the oracle has in it, lies in the range, and none overlaps another. Gives the time they cover. */
function expectTrue(field: Field, from: number, to: number, levels: Level[]): number {
  const rows = [...(oracle.get(field) ?? [])].sort(([a], [b]) => a - b);
  let [covered, before] = [0, from];
  for (const part of ask(field, from, to, levels)) {
    expect(part.from).toBeGreaterThanOrEqual(before);
    expect(part.to).toBeLessThanOrEqual(to);
    before = part.to;
    covered += part.to - part.from;
    const within = rows.filter(([t]) => t >= part.from && t < part.to);
    expect(part.rollup?.start.length ?? 0, `${part.from} to ${part.to}`).toBe(
      new Set(within.map(([t]) => Math.floor(t / (part.rollup?.width ?? 1)))).size,
    );
    if (part.rollup === undefined) continue;
    expect(part.from % part.rollup.width).toBe(0);
    expect(part.to % part.rollup.width).toBe(0);
    const run = { t: Float64Array.from(within, ([t]) => t), v: Float64Array.from(within, ([, v]) => v) };
    expect({ ...part.rollup }).toEqual(rollUp(run, part.rollup.width));
  }
  return covered;
}

describe('R3 what rollups say is what the readings say', () => {
  it('R3 T6 SZ3 whatever comes in, late, doubled or NaN, is cut, closed, moved, moved in part, merged or restarted: every part equals the oracle', () => {
    const day = fc.integer({ min: 29, max: 34 });
    const field = fc.constantFrom(...FIELDS);
    const value = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: -999, max: 999 }).map((n) => n / 10) },
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0),
    );
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('fill' as const),
          field,
          day,
          hour: fc.integer({ min: 0, max: 23 }),
          hours: fc.integer({ min: 1, max: 30 }),
          every: fc.constantFrom(15 * SECOND_US, MINUTE_US, 7 * MINUTE_US),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('late' as const),
          field,
          day,
          rows: fc.array(fc.tuple(fc.integer({ min: 0, max: 8_639 }), value), { minLength: 1, maxLength: 5 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('close' as const), day }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('half a step' as const), day }) },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('tier' as const), day, blocks: fc.integer({ min: 1, max: 9 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('tier a part' as const),
          day,
          cuts: fc.integer({ min: 1, max: 3 }),
          blocks: fc.integer({ min: 0, max: 9 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
    );
    let covered = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 6, maxLength: 25 }), (steps) => {
        end();
        begin();
        for (const s of steps) {
          if (s.do === 'fill') {
            const from = s.day * DAY_US + s.hour * HOUR_US;
            fill(s.field, from, from + s.hours * HOUR_US, s.every);
          } else if (s.do === 'late')
            append(
              s.field,
              s.rows.map(([i, v]) => [s.day * DAY_US + i * 10 * SECOND_US, v]),
            );
          else if (s.do === 'cut') store.cut(NOW, 'always');
          else if (s.do === 'close') close(s.day);
          else if (s.do === 'half a step') {
            store.compactDay(s.day, NOW);
            store.rollUpDay(s.day, NOW);
          } else if (s.do === 'tier') tier(s.day, s.blocks);
          else if (s.do === 'tier a part') tierPart(s.day, s.cuts, s.blocks);
          else if (s.do === 'merge') while (store.mergeRollups(NOW));
          else reopen();
        }
        for (const name of FIELDS) {
          const edges = [29 * DAY_US, 36 * DAY_US + 1];
          covered += expectTrue(name, edges[0]!, edges[1]!, ['hours', 'minutes']);
          covered += expectTrue(name, edges[0]! + 7 * HOUR_US + 1, edges[1]! - 400 * MINUTE_US, ['minutes', 'hours']);
        }
      }),
      { numRuns: 40 },
    );
    // It was not all left to the readings.
    expect(covered).toBeGreaterThan(200 * DAY_US);
  });

  it('R3 closed days are known whole, those without readings too, and months that are over are few rows', () => {
    for (let day = 0; day < 64; day++) fill('a', day * DAY_US, (day + 1) * DAY_US, MINUTE_US);
    fill('b', 40 * DAY_US, 41 * DAY_US, 10 * SECOND_US);
    store.cut(NOW, 'always');
    for (let day = 0; day < 64; day++) tier(day);
    const whole = (field: Field): number[] => ask(field, 0, 64 * DAY_US).map((part) => part.to - part.from);
    const sum = (n: number[]): number => n.reduce((a, b) => a + b, 0);
    expect([whole('a'), whole('b')].map(sum)).toEqual([64 * DAY_US, 64 * DAY_US]);
    const before = [whole('a'), whole('b')];
    while (store.mergeRollups(NOW));
    expect([whole('a'), whole('b')]).toEqual(before);
    expectTrue('a', 0, 64 * DAY_US, ['hours']);
    expectTrue('b', 0, 64 * DAY_US, ['minutes', 'hours']);
    reopen((db) => {
      const count = (sql: string): unknown => db.prepare<[], { n: number }>(`select count(*) n from ${sql}`).get()?.n;
      expect(count('rollup where level = 1')).toBe(0);
      expect(count('rollup_month where series = 1')).toBe(2);
      expect(count('rollup_month where series = 2')).toBe(1);
      // 5 readings in 5 minutes are no rollup.
      expect(count('rollup where level = 0')).toBe(1);
    });
  });

  it('SZ10 R3 where they take too much, the oldest 5-minute rollups go, and answers stay right', () => {
    for (let day = 0; day < 3; day++) {
      fill('a', day * DAY_US, (day + 1) * DAY_US, 10 * SECOND_US);
      store.cut(NOW, 'always');
      tier(day);
    }
    const minutes = (): number[] => ask('a', 0, 3 * DAY_US, ['minutes']).map((part) => Math.floor(part.from / DAY_US));
    expect(minutes()).toEqual([0, 1, 2]);
    const { usedBytes } = store.localSize();
    expect(store.dropRollups(usedBytes)).toBeUndefined();
    expect(store.dropRollups(usedBytes / 2)).toBe(0);
    expect(minutes()).toEqual([1, 2]);
    expect(expectTrue('a', 0, 3 * DAY_US, ['minutes', 'hours'])).toBe(3 * DAY_US);
    expect([store.dropRollups(0), store.dropRollups(0), store.dropRollups(0)]).toEqual([1, 2, undefined]);
    expect(expectTrue('a', 0, 3 * DAY_US, ['minutes', 'hours'])).toBe(3 * DAY_US);
  });

  it('R4 a series of fewer than 16 readings a bucket is left to its readings', () => {
    fill('a', 0, DAY_US, HOUR_US / 15);
    fill('b', 0, DAY_US, HOUR_US / 16);
    fill('c', 0, DAY_US, (5 * MINUTE_US) / 16);
    store.cut(NOW, 'always');
    close(0);
    expect(ask('a', 0, DAY_US)).toEqual([]);
    expect(ask('b', 0, DAY_US).map((p) => p.rollup?.width)).toEqual([HOUR_US]);
    expect(ask('b', 0, DAY_US, ['minutes'])).toEqual([]);
    expect(ask('c', 0, DAY_US, ['minutes']).map((p) => p.rollup?.width)).toEqual([5 * MINUTE_US]);
  });

  it('R5 late readings make their buckets dirty at once, in memory and after the cut; closing the day again makes them clean', () => {
    fill('a', 0, DAY_US, 10 * SECOND_US);
    store.cut(NOW, 'always');
    close(0);
    const known = (): number[][] => ask('a', 0, DAY_US).map(({ from, to }) => [from / MINUTE_US, to / MINUTE_US]);
    expect(known()).toEqual([[0, 24 * 60]]);
    append('a', [[7 * HOUR_US + 1, 5]]);
    const dirty = [
      [0, 7 * 60],
      [7 * 60 + 5, 8 * 60],
      [8 * 60, 24 * 60],
    ];
    expect(known()).toEqual(dirty);
    reopen();
    expect(known()).toEqual(dirty);
    store.cut(NOW, 'always');
    expect(known()).toEqual(dirty);
    close(0);
    expect(known()).toEqual([[0, 24 * 60]]);
    expectTrue('a', 0, DAY_US, ['hours']);
    // Of a day that is in the archive a bucket that had readings stays dirty, one that had none is known.
    tier(0);
    append('a', [[9 * HOUR_US + 1, 5]]);
    fill('b', 0, DAY_US, 10 * SECOND_US);
    store.cut(NOW, 'always');
    close(0);
    expect(known()[1]).toEqual([9 * 60 + 5, 10 * 60]);
    expect(expectTrue('a', 0, DAY_US, ['hours', 'minutes'])).toBe(DAY_US - 5 * MINUTE_US);
    expect(expectTrue('b', 0, DAY_US, ['hours', 'minutes'])).toBe(DAY_US);
  });

  it('R6 what is on this gateway and little is left to its readings', () => {
    for (const day of [0, 1]) fill('a', day * DAY_US, (day + 1) * DAY_US, MINUTE_US);
    store.cut(NOW, 'always');
    for (const day of [0, 1]) close(day);
    const known = (most: number): number[][] => ask('a', 0, 2 * DAY_US, ['hours'], most).map((p) => [p.from, p.to]);
    expect(known(2_879)).toEqual([[0, 2 * DAY_US]]);
    expect(known(2_880)).toEqual([]);
    tier(0);
    expect(known(2_880)).toEqual([[0, DAY_US]]);
  });

  it('R7 D3 a damaged rollup is told, never used, and its days are left to their readings', () => {
    for (const day of [0, 1]) fill('a', day * DAY_US, (day + 1) * DAY_US, 10 * SECOND_US);
    store.cut(NOW, 'always');
    for (const day of [0, 1]) close(day);
    const flip = (column: string) => (db: Database.Database) =>
      db.exec(
        `update rollup set ${column} = cast(substr(${column}, 1, 20) || x'ff' || substr(${column}, 22) as blob) where day = 0`,
      );
    reopen(flip('body'));
    expect(ask('a', 0, 2 * DAY_US).map((p) => p.from)).toEqual([DAY_US]);
    expect(store.events({ limit: 9 }).map((e) => e.code)).toEqual(['TM-ROLLUP-DAMAGED']);
    reopen(flip('directory'));
    expect(ask('a', 0, 2 * DAY_US).map((p) => p.from)).toEqual([DAY_US]);
    while (store.mergeRollups(NOW));
    expect(ask('a', 0, 2 * DAY_US, ['hours']).map((p) => p.from)).toEqual([DAY_US]);
    reopen((db) =>
      db.exec(`update rollup_month set frame = cast(substr(frame, 1, 20) || x'ff' || substr(frame, 22) as blob)`),
    );
    expect(ask('a', 0, 2 * DAY_US, ['hours'])).toEqual([]);
  });
});

describe('T6 rollups come first', () => {
  it('T6 a day is not planned, nor a block evicted, before its rollups are there', () => {
    fill('a', 0, DAY_US, MINUTE_US);
    store.cut(NOW, 'always');
    while (store.compactDay(0, NOW));
    expect(store.days()).toMatchObject([{ uncompacted: false, unrolled: true }]);
    store.freezeDay(0);
    expect(() => store.planBlock(0, PLAN)).toThrow(expect.objectContaining({ code: 'not-rolled-up' }));
    close(0);
    expect(store.days()).toMatchObject([{ unrolled: false }]);
    const block = store.planBlock(0, PLAN);
    for (const [from, to] of [
      ['planned', 'uploading'],
      ['uploading', 'uploaded'],
      ['uploaded', 'verified'],
    ] as const)
      store.moveBlock(block?.id ?? '', from, to, {}, NOW);
    reopen((db) => db.exec('update segment set rolled = 0'));
    expect(() => store.evictBlock(block?.id ?? '', NOW)).toThrow(expect.objectContaining({ code: 'not-rolled-up' }));
    expect(store.block(block?.id ?? '')?.state).toBe('verified');
    close(0);
    expect(store.evictBlock(block?.id ?? '', NOW)).toBeDefined();
    expect(expectTrue('a', 0, DAY_US, ['hours'])).toBe(DAY_US);
  });

  it('T6 days that lost their readings to the archive before there were rollups are left to their readings', () => {
    fill('a', 0, DAY_US, MINUTE_US);
    fill('b', 0, DAY_US, MINUTE_US);
    store.cut(NOW, 'always');
    tier(0);
    reopen((db) => {
      for (const table of ['rollup', 'rollup_month', 'rollup_done', 'rollup_dirty']) db.exec(`delete from ${table}`);
    });
    fill('a', 0, DAY_US, MINUTE_US / 2);
    store.cut(NOW, 'always');
    close(0);
    expect(store.days()).toMatchObject([{ unrolled: false }]);
    expect([ask('a', 0, DAY_US), ask('b', 0, DAY_US)]).toEqual([[], []]);
  });
});
