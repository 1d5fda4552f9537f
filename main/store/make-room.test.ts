import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';
import { ColdStore } from '../testing/cold-store.ts';

const NOW = 1_000 * DAY_US;
let site: ColdStore;
beforeEach(() => {
  site = new ColdStore();
});
afterEach(() => site.end());

const END = 64 * DAY_US;
const known = (levels: ('quarters' | 'hours' | 'minutes')[], to = END): number =>
  site.expectRollups('a', 0, to, levels) / DAY_US;

/** Two months of field a, without some days, and a day of field b, in the archive; months that are over are merged. */
function twoMonths(): void {
  for (const day of [...Array(64).keys()].filter((d) => d !== 3 && d !== 40))
    site.fill('a', day * DAY_US, (day + 1) * DAY_US, day % 32 === 8 ? 15 * SECOND_US : 10 * MINUTE_US);
  site.fill('b', 40 * DAY_US, 41 * DAY_US, HOUR_US);
  site.cut();
  for (let day = 0; day < 64; day++) site.tier(day);
  while (site.store.mergeRollups(NOW));
}

describe('SZ10 what goes to make room, and in which order', () => {
  it('SZ10 indexes and 5-minute rollups day by day, then hours by the month; what is coarser stays, and every answer is right, also after a restart', () => {
    twoMonths();
    expect([known(['hours']), known(['quarters'])]).toEqual([64, 64]);
    const gone: string[] = [];
    for (let last = ''; ; ) {
      const dropped = site.store.dropKept(0, NOW);
      if (dropped === undefined) break;
      const [what, day] = [dropped.what, dropped.day];
      if (`${what} ${day}` !== last) gone.push(`${what} ${day}`);
      last = `${what} ${day}`;
    }
    const details = [...Array(64).keys()].filter((d) => d !== 3).map((day) => `details ${day}`);
    expect(gone).toEqual([...details, 'hours 0', 'hours 32']);
    // Days without readings are known by any level.
    expect([known(['minutes', 'hours']), known(['quarters'])]).toEqual([2, 64]);
    site.expectRaw('a', 0, END);
    site.restart();
    expect([known(['minutes', 'hours']), known(['quarters'])]).toEqual([2, 64]);
    expect(site.expectRollups('b', 0, END, ['hours'])).toBe(END);
    for (const field of ['a', 'b'] as const) site.expectRaw(field, 0, END);
  });

  it('SZ10 details of the last days stay as long as there are hours of older months', () => {
    twoMonths();
    const today = 70 * DAY_US;
    const gone = [];
    for (let i = 0; i < 200; i++) {
      const dropped = site.store.dropKept(0, today);
      if (dropped === undefined) break;
      if (dropped.what === 'hours' || dropped.day >= 38) gone.push(dropped);
    }
    const firstRecent = gone.findIndex(({ what }) => what === 'details');
    expect(firstRecent).toBeGreaterThan(0);
    expect(gone.slice(firstRecent).every(({ what, day }) => what === 'details' && day >= 38)).toBe(true);
  });

  it('SZ10 nothing of it goes while it takes no more than it may, nor the index of a block that waits, or is damaged in the archive', () => {
    site.fill('a', 0, DAY_US, MINUTE_US);
    site.fill('a', DAY_US, 2 * DAY_US, MINUTE_US);
    site.cut();
    site.close(0);
    site.store.freezeDay(0);
    site.store.planBlock(0, { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 1e6, nowUs: NOW });
    site.tier(1);
    expect(site.store.dropKept(site.store.localSize().usedBytes, NOW)).toBeUndefined();
    const [block] = site.store.blocks({ states: ['cold'] });
    site.store.markDamaged(block?.id ?? '', true);
    expect(site.drop()).toEqual([]);
    site.store.markDamaged(block?.id ?? '', false);
    expect(site.drop()).toEqual(['details']);
  });
});

it('SZ10 SZ11 in a database of the version before the same goes, and is told as well', () => {
  twoMonths();
  site.reopen((db) => {
    db.exec('drop index block_with_index; drop index rollup_month_shrinks');
    for (const column of ['index_from', 'index_length', 'index_digest', 'series_lo', 'series_hi'])
      db.exec(`alter table block drop column ${column}`);
    // An older version still made no quarters.
    db.exec('alter table rollup_month drop column shrinks; update rollup_month set quarters = null where month = 0');
    db.exec('drop table segment_piece');
    db.pragma('user_version = 6');
  });
  expect([known(['hours']), known(['quarters'])]).toEqual([64, 64]);
  expect(new Set(site.drop())).toEqual(new Set(['details', 'hours']));
  expect([known(['minutes', 'hours']), known(['quarters'])]).toEqual([2, 64]);
  for (const field of ['a', 'b'] as const) site.expectRaw(field, 0, END);
});

describe('SZ11 an index that is had again', () => {
  it.each([
    ['a small block', 20_000],
    ['a large block', 1_000_000],
  ])(
    'SZ11 of %s: nothing is known of it without, all with it, and blocks of other series are not asked',
    (_, target) => {
      site.end();
      site = new ColdStore(target);
      site.fill('a', 0, DAY_US, target > 100_000 ? SECOND_US : 10 * MINUTE_US);
      site.cut();
      site.tier(0);
      site.fill('b', DAY_US, 2 * DAY_US, MINUTE_US);
      site.cut();
      site.tier(1);
      const [before] = site.store.pieces('m.a', 0, END).pieces;
      site.drop();
      // What was decoded before is remembered.
      expect(site.store.pieces('m.a', 0, END).pieces).toEqual([before]);
      site.restart();
      const [piece, ...others] = site.store.pieces('m.a', 0, END).pieces;
      expect([piece?.cold?.frames.length, piece?.count, others]).toEqual([1, 0, []]);
      expect([piece?.tMin, piece?.tMax]).toEqual([before?.tMin, before?.tMax]);
      site.expectRaw('a', 0, END);
      site.expectRaw('b', 0, END);
      site.restart();
      site.expectRaw('a', 0, END);
    },
  );

  it('SZ11 one that was damaged here is made anew of the whole object', () => {
    site.fill('a', 0, DAY_US, MINUTE_US);
    site.cut();
    site.tier(0);
    site.reopen((db) => db.exec('update block_index set body = zeroblob(length(body))'));
    expect(site.drop()).toContain('details');
    site.expectRaw('a', 0, END);
  });
});

describe('SZ12 late readings of days whose hours are gone', () => {
  it('SZ12 they are compared with the archive, its index had again; the day is then told by its readings, and other days as before', () => {
    twoMonths();
    site.drop();
    const repeated = site.again('a', 9 * DAY_US, 9 * DAY_US + 3 * HOUR_US);
    site.append('a', [[9 * DAY_US + 5, 77]]);
    // In memory, cut and closed: its quarter is left to the readings.
    expect(known(['quarters'])).toBe(63.75);
    site.cut();
    expect(site.amend(9, { away: true })).toMatchObject({ kept: 0, dropped: 0 });
    expect(known(['quarters'])).toBe(63.75);
    expect(site.tier(9)).toBe(repeated);
    known(['quarters', 'hours', 'minutes']);
    while (site.store.mergeRollups(NOW));
    site.restart();
    expect(known(['quarters'])).toBe(63);
    site.expectRaw('a', 0, END);
    // Again, and merged again.
    site.append('a', [[20 * DAY_US + 5, 78]]);
    site.cut();
    site.tier(20);
    while (site.store.mergeRollups(NOW));
    expect(known(['quarters'])).toBe(62);
    site.drop();
    expect([known(['quarters']), known(['hours'])]).toEqual([62, 2]);
    site.expectRaw('a', 0, END);
  });
});
