import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { HeadDays } from '../store/head-days.ts';
import { SnapshotReader } from '../store/snapshot.ts';
import type { ReadView } from '../store/types.ts';
import { History, KEY } from '../testing/history.ts';

let h: History;
beforeEach(async () => {
  h = await History.create(20_000);
});
afterEach(() => h.end());

const day = (n: number): number => n * DAY_US;
const cut = () => h.site.store.cut(h.site.clock.nowUs(), 'always');
const ALL = { key: KEY, from: day(60), to: day(101) };

/** What may happen between any two steps of a question: none of it changes what was recorded. */
const MOVES = {
  'begin a cut': () => void h.site.store.cutStep(h.site.clock.nowUs(), 'always'),
  cut: () => void cut(),
  'compact and evict': () => h.site.tiering.runOnce('manual'),
  nothing: () => undefined,
};
const move = fc.constantFrom(...(Object.keys(MOVES) as (keyof typeof MOVES)[]));

async function whileMoving(moves: (keyof typeof MOVES)[], ask: () => Promise<void>): Promise<number> {
  let made = 0;
  const next = async (): Promise<void> => {
    const name = moves.shift();
    if (name === undefined) return;
    made++;
    await MOVES[name]();
  };
  h.beforeRead = next;
  h.beforeSnapshot = next;
  await ask();
  h.beforeRead = () => undefined;
  h.beforeSnapshot = () => undefined;
  return made;
}

describe('W2 reading beside the writer', () => {
  it('W2 Q14 T5 cut, compacted and evicted between any two steps: each reading once, the one that came last, in any order of late and doubled data', async () => {
    let made = 0;
    let questions = 0;
    const times = fc.integer({ min: 0, max: 24 * 12 }).map((hour) => day(60) + hour * 3_600_000_000);
    const readings = fc.array(fc.tuple(times, fc.integer({ min: -1e6, max: 1e6 })), { minLength: 1, maxLength: 100 });
    const step = fc.oneof(
      fc.record({ do: fc.constant('append' as const), rows: readings }),
      fc.record({
        do: fc.constant('ask' as const),
        from: fc.integer({ min: day(59), max: day(72) }),
        width: fc.integer({ min: 1, max: day(12) }),
        points: fc.integer({ min: 1, max: 300 }),
        moves: fc.array(move, { maxLength: 8 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(readings, fc.array(step, { minLength: 4, maxLength: 12 }), async (rows, steps) => {
        await h.end();
        h = await History.create(20_000);
        h.site.append(rows);
        for (const s of steps) {
          if (s.do === 'append') {
            h.site.append(s.rows);
            continue;
          }
          const range = { key: KEY, from: s.from, to: s.from + s.width };
          made += await whileMoving([...s.moves], async () => {
            h.expectBuckets(await h.service.wholeBuckets({ ...range, points: s.points }), s.points);
            h.expectRaw(await h.service.raw({ ...range, limit: 1_000 }), range.from, range.to);
          });
          questions++;
        }
      }),
      { numRuns: 15 },
    );
    // The random walk did real work.
    expect(questions).toBeGreaterThan(15);
    expect(made).toBeGreaterThan(15);
  });

  it('W2 a head that was cut after it was copied is read from the segments, and only from there', async () => {
    h.site.append(Array.from({ length: 100 }, (_, i): [number, number] => [day(99) + i, i]));
    // After the copy for the window: a copy that was not left out would bring back the value before.
    h.beforeRead = () => {
      h.site.append([[day(99) + 50, -1]]);
      cut();
    };
    const { t, v, coverage } = await h.service.raw({ ...ALL, limit: 1_000 });
    h.expectRaw({ t, v }, ALL.from, ALL.to);
    expect(v[50]).toBe(-1);
    expect(coverage.find((c) => c.source !== 'none')?.source).toBe('local');
  });

  it('W2 a head that took more after it was copied gives what was copied', async () => {
    h.site.append([[day(99), 1]]);
    let more = 0;
    h.beforeSnapshot = () => h.site.append([[day(99) + ++more, more]]);
    const { t } = await h.service.raw({ ...ALL, limit: 1_000 });
    // The plan's snapshot came after the first, and the window's copy before the second.
    expect([...t]).toEqual([day(99), day(99) + 1]);
    h.beforeSnapshot = () => undefined;
    expect((await h.service.raw({ ...ALL, limit: 1_000 })).t).toHaveLength(3);
  });

  it('Q1 W2 a part of a chunk comes with its own memory, not with that of all the chunk', async () => {
    h.site.fillDay(95);
    cut();
    const all = await h.service.raw({ ...ALL, limit: 100_000 });
    const part = { ...ALL, from: (all.t[0] ?? 0) + 1 };
    for (let time = 0; time < 3; time++) {
      const { t, v } = await h.service.raw({ ...part, limit: 7 });
      expect([t.length, v.buffer.byteLength]).toEqual([7, 56]);
      // Shared memory stays where it is.
      expect(t.buffer instanceof SharedArrayBuffer || t.buffer.byteLength === 56).toBe(true);
    }
    const rest = await h.service.raw({ ...part, limit: 100_000 });
    expect(rest.v).toHaveLength(all.v.length - 1);
    expect(rest.v.buffer.byteLength).toBe(rest.v.byteLength);
  });

  it('W2 D3 a directory that goes bad after it was read is met all the same', async () => {
    h.site.fillDay(95);
    h.expectRaw(await h.service.raw({ ...ALL, limit: 2_000 }), ALL.from, ALL.to);
    const db = new Database(join(h.site.dir, 'tidemark.db'));
    db.exec('update segment set directory = zeroblob(length(directory))');
    db.close();
    const { t, coverage } = await h.service.raw({ ...ALL, limit: 2_000 });
    expect(t).toHaveLength(0);
    expect(coverage.map((c) => c.source)).toContain('damaged');
  });

  it('W2 damage that the reader meets is told in Events, once', async () => {
    h.site.fillDay(95);
    const db = new Database(join(h.site.dir, 'tidemark.db'));
    db.exec('update segment_body set body = zeroblob(length(body))');
    db.close();
    for (let i = 0; i < 2; i++) {
      const { t, coverage } = await h.service.raw({ ...ALL, limit: 10 });
      expect(t).toHaveLength(0);
      expect(coverage.map((c) => c.source)).toContain('damaged');
    }
    expect(h.events().filter((code) => code === 'TM-LOCAL-DAMAGED')).toHaveLength(1);
  });
});

describe('W1 the writer waits for no reader', () => {
  it('W1 commits, cuts and evicts while a snapshot is being read, and the snapshot stands still', async () => {
    for (let d = 60; d < 63; d++) h.site.fillDay(d);
    const reader = new SnapshotReader(join(h.site.dir, 'tidemark.db'));
    const read = (view: ReadView): number =>
      mergeRuns(view.runs(KEY, day(60), day(63), new Map(), new Set()).runs).t.length;
    const { value } = reader.read([], (view) => {
      const before = read(view);
      h.site.append([[day(62) + 7, 7]]);
      cut();
      return [before, read(view)];
    });
    expect(value).toEqual([3_000, 3_000]);
    expect(reader.read([], read).value).toBe(3_001);
    reader.close();
  });

  // SQLite itself would wait for five seconds.
  it('W1 writes the log back without waiting for a read that is under way', { timeout: 4_000 }, () => {
    h.site.fillDay(60);
    const log = (): number => statSync(join(h.site.dir, 'tidemark.db-wal')).size;
    const reader = new SnapshotReader(join(h.site.dir, 'tidemark.db'));
    reader.read([], (view) => {
      view.pieces(KEY, ALL.from, ALL.to);
      h.site.fillDay(61);
      h.site.store.vacuum(0);
      expect(log()).toBeGreaterThan(0);
    });
    h.site.store.vacuum(0);
    expect(log()).toBe(0);
    reader.close();
  });

  it('W1 holds no snapshot between two calls, so that the log is written back', async () => {
    h.site.fillDay(60);
    await h.service.wholeBuckets({ ...ALL, points: 10 });
    h.site.fillDay(61);
    h.site.store.vacuum(0);
    expect(statSync(join(h.site.dir, 'tidemark.db-wal')).size).toBe(0);
  });
});

describe('W4 days of which nothing is in memory', () => {
  it('W4 are asked of the reader alone, and the others of the writer, too', async () => {
    const { store } = h.site;
    const heads = store.heads.bind(store);
    let asked = 0;
    store.heads = (...args) => {
      asked++;
      return heads(...args);
    };
    const found = async (from: number, to: number): Promise<number> =>
      (await h.service.raw({ key: KEY, from, to, limit: 10 })).t.length;
    h.site.append([[day(60), 1]]);
    cut();
    h.site.append([[day(62), 2]]);
    expect([await found(day(60), day(62)), asked]).toEqual([1, 0]);
    expect(await found(day(60), day(62) + 1)).toBe(2);
    expect(asked).toBeGreaterThan(0);
    asked = 0;
    h.site.store.cutStep(h.site.clock.nowUs(), 'always');
    h.site.append([[day(70), 3]]);
    cut();
    h.site.append([[day(80), 4]]);
    expect([await found(day(60), day(80)), asked]).toEqual([3, 0]);
    expect(await found(day(60), day(90))).toBe(4);
  });

  it('W4 are told apart from those that have some, whatever was added and left', () => {
    const days = fc.array(fc.integer({ min: -2_000, max: 6_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(days, days, fc.integer({ min: -2_000, max: 6_000 }), fc.nat(5_000), (added, kept, first, width) => {
        const shown = new HeadDays();
        const seen = new HeadDays(shown.memory);
        const expectDays = (all: readonly number[]): void => {
          const any = all.some((d) => d >= first && d <= first + width);
          // Days that are 4,096 apart are taken for each other.
          const same = all.some((d) => (d - first + 8 * 4_096) % 4_096 <= width);
          expect(any && !same).toBe(false);
          expect(seen.mayHave(day(first), day(first + width) + 1)).toBe(same);
        };
        shown.add(added);
        expectDays(added);
        shown.keepOnly(kept);
        expectDays(kept);
        shown.add(added);
        expectDays([...kept, ...added]);
      }),
    );
  });
});

describe('Q13 cancelling', () => {
  it('Q13 what waits for the reader when its query is cancelled is never read', async () => {
    h.site.fillDay(60);
    let reads = 0;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    h.beforeSnapshot = async () => {
      reads++;
      await gate;
    };
    const busy = [h.service.raw({ ...ALL, limit: 10 }), h.service.wholeBuckets({ ...ALL, points: 10_000 })];
    const controller = new AbortController();
    const waiting = [1, 2, 3].map(() =>
      h.service.raw({ ...ALL, limit: 10 }, controller.signal).catch((e: unknown) => e),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads).toBe(2);
    controller.abort();
    open();
    for (const ended of await Promise.all(waiting)) expect(ended).toMatchObject({ code: 'cancelled' });
    await Promise.all(busy);
    // Plan and window of each that was not cancelled, and the rollups of the one in buckets.
    expect(reads).toBe(5);
  });
});
