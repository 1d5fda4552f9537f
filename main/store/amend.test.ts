import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';
import { encodeRollupRow } from '../codec/rollup-row.ts';
import { ColdStore, FIELDS } from '../testing/cold-store.ts';
import { hourWindows, markRepeated } from './amend-series.ts';

let site: ColdStore;
beforeEach(() => {
  site = new ColdStore();
});
afterEach(() => site.end());

const cold = (): { readings: number; blocks: number } => {
  const { readings, blocks } = site.store.stats().cold;
  return { readings, blocks };
};
const local = (): number => site.store.stats().local.readings;
/** What hours and 5 minutes of a day the rollups know, with nothing fetched. */
const known = (day = 0): number => site.expectRollups('a', day * DAY_US, (day + 1) * DAY_US, ['hours', 'minutes']);

/** A day of field a, a reading every 10 s, is in the archive. */
function coldDay(): void {
  site.fill('a', 0, DAY_US, 10 * SECOND_US);
  site.cut();
  site.tier(0);
  expect([local(), known()]).toEqual([0, DAY_US]);
}

describe('AM1 answers are what came last', () => {
  it('AM1 AM5 late and doubled, cut, compacted, amended as a whole or cut off, moved and restarted: every range and level equals the oracle', {
    timeout: 180_000,
  }, () => {
    const day = fc.integer({ min: 29, max: 31 });
    const field = fc.constantFrom(...FIELDS);
    const value = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: -3, max: 3 }).map((n) => n / 10) },
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0),
    );
    const span = { day, hour: fc.integer({ min: 0, max: 23 }), hours: fc.integer({ min: 1, max: 14 }) };
    const steps = fc.array(
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc.record({
            do: fc.constant('fill' as const),
            field,
            ...span,
            every: fc.constantFrom(15 * SECOND_US, MINUTE_US, 7 * MINUTE_US),
          }),
        },
        {
          weight: 4,
          arbitrary: fc.record({
            do: fc.constant('late' as const),
            field,
            day,
            rows: fc.array(fc.tuple(fc.integer({ min: 0, max: 95 }), value), { minLength: 1, maxLength: 6 }),
          }),
        },
        { weight: 3, arbitrary: fc.record({ do: fc.constant('again' as const), field, ...span }) },
        { weight: 3, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), day }) },
        { weight: 5, arbitrary: fc.record({ do: fc.constant('tier' as const), day, blocks: fc.constantFrom(1, 99) }) },
        {
          weight: 2,
          arbitrary: fc.record({ do: fc.constant('tier a part' as const), day, cuts: fc.integer({ min: 1, max: 2 }) }),
        },
        {
          weight: 2,
          arbitrary: fc.record({
            do: fc.constant('amend a part' as const),
            day,
            steps: fc.integer({ min: 1, max: 4 }),
            away: fc.boolean(),
          }),
        },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), most: fc.constantFrom(3, 99) }) },
        { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
      ),
      { minLength: 8, maxLength: 20 },
    );
    const edge = fc.integer({ min: 29 * DAY_US, max: 32 * DAY_US });
    const expectTrue = (from: number, to: number): void => {
      for (const name of FIELDS) {
        site.expectRaw(name, from, to);
        site.expectRollups(name, from, to, ['hours', 'minutes']);
        site.expectRollups(name, from, to, ['minutes', 'hours']);
        site.expectRollups(name, from, to, ['quarters', 'hours', 'minutes']);
      }
    };
    fc.assert(
      fc.property(steps, fc.tuple(edge, edge), (all, [one, other]) => {
        site.end();
        site = new ColdStore();
        for (const s of all) {
          if (s.do === 'fill') {
            const from = s.day * DAY_US + s.hour * HOUR_US;
            site.fill(s.field, from, from + s.hours * HOUR_US, s.every);
          } else if (s.do === 'again') {
            const from = s.day * DAY_US + s.hour * HOUR_US;
            site.again(s.field, from, from + s.hours * HOUR_US);
          } else if (s.do === 'late')
            site.append(
              s.field,
              s.rows.map(([i, v]) => [s.day * DAY_US + i * 15 * MINUTE_US, v]),
            );
          else if (s.do === 'cut') site.cut();
          else if (s.do === 'close') site.close(s.day);
          else if (s.do === 'tier') site.tier(s.day, s.blocks);
          else if (s.do === 'tier a part') site.tierPart(s.day, s.cuts);
          else if (s.do === 'amend a part') {
            site.close(s.day);
            site.amend(s.day, s);
          } else if (s.do === 'merge') while (site.store.mergeRollups(1_000 * DAY_US));
          else if (s.do === 'drop') site.drop(s.most);
          else site.restart();
        }
        expectTrue(29 * DAY_US, 33 * DAY_US);
        expectTrue(Math.min(one, other), Math.max(one, other) + 1);
        // And once everything is in the archive, nothing is dirty any more.
        site.cut();
        for (const d of [29, 30, 31, 32]) for (let n = 0; n < 2; n++) site.tier(d);
        expect(site.store.days().filter((d) => d.dirty || d.openSegments + d.frozenSegments > 0)).toEqual([]);
        expect(local()).toBe(0);
        // All of it once more: nothing of that goes there.
        const before = cold();
        const repeated = FIELDS.reduce((n, name) => n + site.again(name, 29 * DAY_US, 33 * DAY_US), 0);
        site.cut();
        const dropped = [29, 30, 31, 32].reduce((n, d) => n + site.tier(d), 0);
        expect([dropped, cold(), local()]).toEqual([repeated, before, 0]);
        expectTrue(29 * DAY_US, 33 * DAY_US);
      }),
      { numRuns: 6 },
    );
  });
});

describe('AM2 what repeats the archive is dropped', () => {
  it('AM2 a day that is sent again goes nowhere: no block, no reading here, no dirty bucket', () => {
    coldDay();
    const before = cold();
    const count = site.again('a', 0, DAY_US);
    site.cut();
    site.close(0);
    expect(known()).toBe(0);
    expect(site.amend(0)).toMatchObject({ kept: 0, dropped: count });
    site.move(0);
    expect([cold(), local(), known()]).toEqual([before, 0, DAY_US]);
    site.expectRaw('a', 0, DAY_US);
  });

  it('AM2 of a mixture only what the archive does not have to the bit goes there', () => {
    coldDay();
    const { readings, blocks } = cold();
    site.append('a', [[3 * HOUR_US, Number.NaN]]);
    site.append('a', [[4 * HOUR_US, -0]]);
    site.append('a', [[4 * HOUR_US + 1, 5]]);
    site.append('b', [[4 * HOUR_US, 5]]);
    site.again('a', 5 * HOUR_US, 6 * HOUR_US);
    site.cut();
    site.close(0);
    expect(site.amend(0)).toMatchObject({ kept: 4, dropped: 360 });
    expect(site.amend(0)).toEqual({ kept: 0, dropped: 0, fetched: 0 });
    site.move(0);
    expect(cold()).toEqual({ readings: readings + 4, blocks: blocks + 1 });
    for (const field of ['a', 'b'] as const) site.expectRaw(field, 0, DAY_US);
  });

  it('AM2 a value that comes back after another one is no repetition', () => {
    coldDay();
    const [first] = site.rows('a', 7 * HOUR_US, 8 * HOUR_US);
    for (const v of [77, first?.[1] ?? 0]) {
      site.append('a', [[7 * HOUR_US, v]]);
      site.cut();
      site.close(0);
      expect(site.amend(0)).toMatchObject({ kept: 1, dropped: 0 });
    }
    site.move(0);
    site.expectRaw('a', 0, DAY_US);
    expect(known()).toBe(DAY_US);
  });

  it('AM2 where a day is compared some hours at a time, only what is whole in these hours decides, the newest last', () => {
    const piece = (tMin: number, tMax: number, count: number) => ({ tMin, tMax, count });
    const [long, short] = [piece(0, 2 * HOUR_US - 1, 50), piece(HOUR_US, 2 * HOUR_US - 1, 30)];
    expect(hourWindows(0, new Set([1, 0, 5]), [short, long], 80)).toEqual([
      { hours: [0, 1, 5], pieces: [short, long] },
    ]);
    expect(hourWindows(0, new Set([0, 1]), [short, long], 79)).toEqual([{ hours: [0], pieces: [long] }]);
    const run = (...rows: [t: number, v: number][]) => ({
      t: Float64Array.from(rows, ([t]) => t),
      v: Float64Array.from(rows, ([, v]) => v),
    });
    const late = run([1, 1], [2, 2], [HOUR_US, 1], [2 * HOUR_US, 1]);
    const drop = new Uint8Array(4);
    markRepeated(late, run([1, 1], [2, 3], [HOUR_US, 1]), new Set([0]), drop);
    expect([...drop]).toEqual([1, 0, 0, 0]);
    markRepeated(late, run([HOUR_US, 1]), new Set([1]), drop);
    expect([...drop]).toEqual([1, 0, 1, 0]);
  });

  it('AM2 only the hours that late data touches are fetched', () => {
    for (let hour = 0; hour < 24; hour += 2) {
      site.fill('a', hour * HOUR_US, (hour + 1) * HOUR_US, 10 * SECOND_US);
      site.cut();
      site.tierPart(0, 1);
    }
    site.close(0);
    site.amend(0);
    site.append('a', [[3 * HOUR_US, 1]]);
    site.cut();
    site.close(0);
    expect(site.amend(0)).toEqual({ kept: 1, dropped: 0, fetched: 0 });
    site.append('a', [[4 * HOUR_US, 1]]);
    site.cut();
    site.close(0);
    expect(site.amend(0)).toEqual({ kept: 1, dropped: 0, fetched: 2 });
  });
});

describe('AM3 what was dirty is known again', () => {
  it('AM3 after an amendment the rollups know the day as a whole, without anything that is fetched', () => {
    coldDay();
    site.append('a', [[9 * HOUR_US + 1, 500]]);
    site.append('a', [[10 * HOUR_US, 500]]);
    expect(known()).toBe(DAY_US - 10 * MINUTE_US);
    site.cut();
    site.close(0);
    expect(known()).toBe(DAY_US - 10 * MINUTE_US);
    site.amend(0);
    expect(known()).toBe(DAY_US);
    site.move(0);
    site.restart();
    expect([known(), local()]).toEqual([DAY_US, 0]);
  });

  it('AM3 also of late data that an older version moved as it was', () => {
    coldDay();
    site.append('a', [[9 * HOUR_US + 1, 500]]);
    site.cut();
    site.close(0);
    site.store.freezeDay(0);
    site.move(0);
    expect([local(), known()]).toEqual([0, DAY_US - 5 * MINUTE_US]);
    expect(site.amend(0)).toMatchObject({ kept: 0, dropped: 0 });
    expect(known()).toBe(DAY_US);
  });

  it('AM3 of a series that only its readings tell nothing is fetched for its marks', () => {
    site.fill('a', 0, DAY_US, HOUR_US);
    site.cut();
    site.tier(0);
    // As an older version left a series of few readings.
    site.reopen((db) => {
      const { directory, body } = encodeRollupRow([{ series: 1, frame: undefined }]);
      db.prepare('update rollup set directory = ?, body = ?').run(directory, body);
    });
    site.append('a', [[9 * HOUR_US, 500]]);
    site.cut();
    site.close(0);
    site.store.freezeDay(0);
    site.move(0);
    expect(site.store.days()).toMatchObject([{ dirty: true }]);
    expect(site.amend(0)).toEqual({ kept: 0, dropped: 0, fetched: 0 });
    expect(site.store.days()).toEqual([]);
  });
});

describe('AM6 damage in the archive', () => {
  it('AM6 late data of hours that cannot be read whole goes to the archive as it is, and their buckets stay dirty', () => {
    site.fill('a', 0, 12 * HOUR_US, 10 * SECOND_US);
    site.cut();
    site.tierPart(0, 1);
    site.fill('a', 12 * HOUR_US, DAY_US, 10 * SECOND_US);
    site.cut();
    site.close(0);
    site.tier(0);
    const [block] = site.store.blocks({ day: 0 }).filter(({ tMin }) => tMin === 0);
    site.lost.add(block?.id ?? '');
    site.again('a', 3 * HOUR_US, 4 * HOUR_US);
    site.again('a', 15 * HOUR_US, 16 * HOUR_US);
    site.cut();
    site.close(0);
    expect(site.amend(0)).toMatchObject({ kept: 360, dropped: 360 });
    expect(known()).toBe(23 * HOUR_US);
    site.move(0);
    expect(local()).toBe(0);
    site.expectRaw('a', 12 * HOUR_US, DAY_US);
    site.expectRaw('a', 3 * HOUR_US, 4 * HOUR_US);
  });
});
