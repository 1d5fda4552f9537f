import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';
import { prove } from '../testing/blocks.ts';
import { ColdStore, FIELDS, type Field } from '../testing/cold-store.ts';
import type { AskedLevel } from './types.ts';

const NOW = 1_000 * DAY_US;
/** Small blocks: a day is several. */
const TARGET_BYTES = 3_000;
const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: TARGET_BYTES, nowUs: NOW };

let site: ColdStore;
beforeEach(() => {
  site = new ColdStore(TARGET_BYTES);
});
afterEach(() => site.end());

/** Up to `blocks` blocks of the day go to the archive (of which only the gateway's own side is needed here). */
function tier(day: number, blocks = Number.POSITIVE_INFINITY): void {
  site.close(day);
  if (site.store.days().find((d) => d.day === day)?.blocks === 0) site.store.freezeDay(day);
  site.move(day, blocks);
}

const ask = (
  field: Field,
  from: number,
  to: number,
  levels: AskedLevel[] = ['hours', 'minutes'],
  { exactUpTo = 0, thinFromDays = 0 } = {},
) => site.store.rollups(`m.${field}`, { from, to, levels, exactUpTo, thinFromDays });

describe('R3 what rollups say is what the readings say', () => {
  it('R3 T6 SZ3 SZ10 whatever comes in, late, doubled or NaN, is cut, closed, moved, moved in part, merged, dropped or restarted: every part equals the oracle', () => {
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
      { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), most: fc.constantFrom(3, 99) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
    );
    let covered = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 6, maxLength: 25 }), (steps) => {
        site.end();
        site = new ColdStore(TARGET_BYTES);
        for (const s of steps) {
          if (s.do === 'fill') {
            const from = s.day * DAY_US + s.hour * HOUR_US;
            site.fill(s.field, from, from + s.hours * HOUR_US, s.every);
          } else if (s.do === 'late')
            site.append(
              s.field,
              s.rows.map(([i, v]) => [s.day * DAY_US + i * 10 * SECOND_US, v]),
            );
          else if (s.do === 'cut') site.cut();
          else if (s.do === 'close') site.close(s.day);
          else if (s.do === 'half a step') {
            site.store.compactDay(s.day, NOW);
            site.store.rollUpDay(s.day, NOW);
          } else if (s.do === 'tier') tier(s.day, s.blocks);
          else if (s.do === 'tier a part') site.tierPart(s.day, s.cuts, s.blocks);
          else if (s.do === 'merge') while (site.store.mergeRollups(NOW));
          else if (s.do === 'drop') site.drop(s.most);
          else site.restart();
        }
        for (const name of FIELDS) {
          const edges = [29 * DAY_US, 36 * DAY_US + 1];
          covered += site.expectRollups(name, edges[0]!, edges[1]!, ['hours', 'minutes']);
          covered += site.expectRollups(name, edges[0]! + 5 * HOUR_US, edges[1]!, ['quarters', 'hours', 'minutes']);
          covered += site.expectRollups(name, edges[0]! + 7 * HOUR_US + 1, edges[1]! - 400 * MINUTE_US, [
            'minutes',
            'hours',
          ]);
        }
      }),
      { numRuns: 40 },
    );
    // It was not all left to the readings.
    expect(covered).toBeGreaterThan(200 * DAY_US);
  });

  it('R3 closed days are known whole, those without readings too, and months that are over are few rows', () => {
    for (let day = 0; day < 64; day++) site.fill('a', day * DAY_US, (day + 1) * DAY_US, MINUTE_US);
    site.fill('b', 40 * DAY_US, 41 * DAY_US, 10 * SECOND_US);
    site.cut();
    for (let day = 0; day < 64; day++) tier(day);
    const whole = (field: Field): number[] => ask(field, 0, 64 * DAY_US).map((part) => part.to - part.from);
    const sum = (n: number[]): number => n.reduce((a, b) => a + b, 0);
    expect([whole('a'), whole('b')].map(sum)).toEqual([64 * DAY_US, 64 * DAY_US]);
    const before = [whole('a'), whole('b')];
    while (site.store.mergeRollups(NOW));
    expect([whole('a'), whole('b')]).toEqual(before);
    const quarters = ask('a', 0, 64 * DAY_US, ['quarters']).map(({ rollup }) => [rollup?.width, rollup?.start.length]);
    expect(quarters).toEqual([
      [6 * HOUR_US, 128],
      [6 * HOUR_US, 128],
    ]);
    site.expectRollups('b', 0, 64 * DAY_US, ['quarters']);
    site.expectRollups('a', 0, 64 * DAY_US, ['hours']);
    site.expectRollups('b', 0, 64 * DAY_US, ['minutes', 'hours']);
    site.reopen((db) => {
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
      site.fill('a', day * DAY_US, (day + 1) * DAY_US, 10 * SECOND_US);
      site.cut();
      tier(day);
    }
    const minutes = (): number[] => ask('a', 0, 3 * DAY_US, ['minutes']).map((part) => Math.floor(part.from / DAY_US));
    expect(minutes()).toEqual([0, 1, 2]);
    const { usedBytes } = site.store.localSize();
    const drop = (mostBytes: number) => site.store.dropKept(mostBytes, NOW);
    expect(drop(usedBytes)).toBeUndefined();
    expect(drop(usedBytes / 2)).toEqual({ what: 'details', day: 0 });
    while (minutes().includes(0)) drop(0);
    expect(minutes()).toEqual([1, 2]);
    expect(site.expectRollups('a', 0, 3 * DAY_US, ['minutes', 'hours'])).toBe(3 * DAY_US);
    while (drop(0) !== undefined);
    expect(minutes()).toEqual([]);
    expect(site.expectRollups('a', 0, 3 * DAY_US, ['minutes', 'hours'])).toBe(3 * DAY_US);
  });

  it('R4 days of fewer than 16 readings a bucket are left to their readings, hours only while few days are in the archive', () => {
    for (const day of [0, 1]) site.fill('a', day * DAY_US, (day + 1) * DAY_US, HOUR_US / 15);
    site.fill('b', 0, DAY_US, HOUR_US / 16);
    site.fill('c', 0, DAY_US, (5 * MINUTE_US) / 16);
    site.cut();
    for (const day of [0, 1]) site.close(day);
    const thin = (thinFromDays: number): number[] =>
      ask('a', 0, 2 * DAY_US, ['hours', 'minutes'], { thinFromDays }).map((p) => p.to - p.from);
    expect(thin(1)).toEqual([]);
    tier(0);
    expect([thin(1), thin(2)]).toEqual([[2 * DAY_US], []]);
    expect(ask('a', 0, DAY_US, ['minutes'])).toEqual([]);
    expect(site.expectRollups('a', 0, 2 * DAY_US, ['hours'])).toBe(2 * DAY_US);
    // A day beside them that has enough is known.
    site.fill('a', 2 * DAY_US, 3 * DAY_US, HOUR_US / 16);
    site.cut();
    site.close(2);
    const known = ask('a', 0, 3 * DAY_US, ['hours'], { thinFromDays: 2 });
    expect(known.map(({ from, to }) => [from, to])).toEqual([[2 * DAY_US, 3 * DAY_US]]);
    expect(ask('b', 0, DAY_US).map((p) => p.rollup?.width)).toEqual([HOUR_US]);
    expect(ask('b', 0, DAY_US, ['minutes'])).toEqual([]);
    expect(ask('c', 0, DAY_US, ['minutes']).map((p) => p.rollup?.width)).toEqual([5 * MINUTE_US]);
  });

  it('R5 late readings make their buckets dirty at once, in memory and after the cut; closing the day again makes them clean', () => {
    site.fill('a', 0, DAY_US, 10 * SECOND_US);
    site.cut();
    site.close(0);
    const known = (): number[][] => ask('a', 0, DAY_US).map(({ from, to }) => [from / MINUTE_US, to / MINUTE_US]);
    expect(known()).toEqual([[0, 24 * 60]]);
    site.append('a', [[7 * HOUR_US + 1, 5]]);
    const dirty = [
      [0, 7 * 60],
      [7 * 60 + 5, 8 * 60],
      [8 * 60, 24 * 60],
    ];
    expect(known()).toEqual(dirty);
    site.restart();
    expect(known()).toEqual(dirty);
    site.cut();
    expect(known()).toEqual(dirty);
    site.close(0);
    expect(known()).toEqual([[0, 24 * 60]]);
    site.expectRollups('a', 0, DAY_US, ['hours']);
    // Of a day that is in the archive a bucket that had readings stays dirty, one that had none is known.
    tier(0);
    site.append('a', [[9 * HOUR_US + 1, 5]]);
    site.fill('b', 0, DAY_US, 10 * SECOND_US);
    site.cut();
    site.close(0);
    expect(known()[1]).toEqual([9 * 60 + 5, 10 * 60]);
    expect(site.expectRollups('a', 0, DAY_US, ['hours', 'minutes'])).toBe(DAY_US - 5 * MINUTE_US);
    expect(site.expectRollups('b', 0, DAY_US, ['hours', 'minutes'])).toBe(DAY_US);
  });

  it('R6 what is on this gateway and little is left to its readings', () => {
    for (const day of [0, 1]) site.fill('a', day * DAY_US, (day + 1) * DAY_US, MINUTE_US);
    site.cut();
    for (const day of [0, 1]) site.close(day);
    const known = (most: number): number[][] =>
      ask('a', 0, 2 * DAY_US, ['hours'], { exactUpTo: most }).map((p) => [p.from, p.to]);
    expect(known(2_879)).toEqual([[0, 2 * DAY_US]]);
    expect(known(2_880)).toEqual([]);
    tier(0);
    expect(known(2_880)).toEqual([[0, DAY_US]]);
  });

  it('R7 D3 a damaged rollup is told, never used, and its days are left to their readings', () => {
    for (const day of [0, 1]) site.fill('a', day * DAY_US, (day + 1) * DAY_US, 10 * SECOND_US);
    site.cut();
    for (const day of [0, 1]) site.close(day);
    const flip = (column: string) => (db: Database.Database) =>
      db.exec(
        `update rollup set ${column} = cast(substr(${column}, 1, 20) || x'ff' || substr(${column}, 22) as blob) where day = 0`,
      );
    site.reopen(flip('body'));
    expect(ask('a', 0, 2 * DAY_US).map((p) => p.from)).toEqual([DAY_US]);
    expect(site.store.events({ limit: 9 }).map((e) => e.code)).toEqual(['TM-ROLLUP-DAMAGED']);
    site.reopen(flip('directory'));
    expect(ask('a', 0, 2 * DAY_US).map((p) => p.from)).toEqual([DAY_US]);
    while (site.store.mergeRollups(NOW));
    expect(ask('a', 0, 2 * DAY_US, ['hours']).map((p) => p.from)).toEqual([DAY_US]);
    site.reopen((db) =>
      db.exec(`update rollup_month set frame = cast(substr(frame, 1, 20) || x'ff' || substr(frame, 22) as blob)`),
    );
    expect(ask('a', 0, 2 * DAY_US, ['hours'])).toEqual([]);
  });

  it('R7 R3 damaged quarters of days are told and the hours take their place; those that an older version did not make are made of them', () => {
    for (let day = 0; day < 32; day++) site.fill('a', day * DAY_US, (day + 1) * DAY_US, HOUR_US / 16);
    site.cut();
    for (let day = 0; day < 32; day++) tier(day);
    while (site.store.mergeRollups(NOW));
    const widths = (): unknown[] => [
      ...new Set(ask('a', 0, 32 * DAY_US, ['quarters', 'hours']).map((p) => p.rollup?.width)),
    ];
    expect(widths()).toEqual([6 * HOUR_US]);
    site.reopen((db) =>
      db.exec(
        `update rollup_month set quarters = cast(substr(quarters, 1, 20) || x'ff' || substr(quarters, 22) as blob)`,
      ),
    );
    expect(widths()).toEqual([HOUR_US]);
    expect(site.store.events({ limit: 9 }).map((e) => e.code)).toEqual(['TM-ROLLUP-DAMAGED']);
    site.reopen((db) => db.exec('update rollup_month set quarters = null'));
    expect(widths()).toEqual([6 * HOUR_US]);
    expect(site.expectRollups('a', 0, 32 * DAY_US, ['quarters'])).toBe(32 * DAY_US);
  });
});

describe('T6 rollups come first', () => {
  it('T6 a day is not planned, nor a block evicted, before its rollups are there', () => {
    site.fill('a', 0, DAY_US, MINUTE_US);
    site.cut();
    while (site.store.compactDay(0, NOW));
    expect(site.store.days()).toMatchObject([{ uncompacted: false, unrolled: true }]);
    site.store.freezeDay(0);
    expect(() => site.store.planBlock(0, PLAN)).toThrow(expect.objectContaining({ code: 'not-rolled-up' }));
    site.close(0);
    expect(site.store.days()).toMatchObject([{ unrolled: false }]);
    const block = site.store.planBlock(0, PLAN);
    prove(site.store, block?.id ?? '', NOW);
    site.reopen((db) => db.exec('update segment set rolled = 0'));
    expect(() => site.store.evictBlock(block?.id ?? '', NOW)).toThrow(
      expect.objectContaining({ code: 'not-rolled-up' }),
    );
    expect(site.store.block(block?.id ?? '')?.state).toBe('verified');
    site.close(0);
    expect(site.store.evictBlock(block?.id ?? '', NOW)).toBeDefined();
    expect(site.expectRollups('a', 0, DAY_US, ['hours'])).toBe(DAY_US);
  });

  it('T6 days that lost their readings to the archive before there were rollups are left to their readings', () => {
    site.fill('a', 0, DAY_US, MINUTE_US);
    site.fill('b', 0, DAY_US, MINUTE_US);
    site.cut();
    tier(0);
    site.reopen((db) => {
      for (const table of ['rollup', 'rollup_month', 'rollup_done', 'rollup_dirty']) db.exec(`delete from ${table}`);
    });
    site.fill('a', 0, DAY_US, MINUTE_US / 2);
    site.cut();
    site.close(0);
    expect(site.store.days()).toMatchObject([{ unrolled: false }]);
    expect([ask('a', 0, DAY_US), ask('b', 0, DAY_US)]).toEqual([[], []]);
  });
});
