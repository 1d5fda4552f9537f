import { describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../../shared/units.ts';
import type { DayInfo, OpenSegment } from '../store/types.ts';
import { type Circumstances, choose, partly } from './policy.ts';
import { cacheRoom, type Pressure, pressureOf } from './size-policy.ts';

const LIMIT = 1_000_000;
/** Day 100 at noon. */
const NOW = 100 * DAY_US + 12 * HOUR_US;

function day(n: number, openBytes: number, change: Partial<DayInfo> = {}): DayInfo {
  const quiet = { headReadings: 0, openSegments: 1, openReadings: openBytes, lastReceivedUs: (n + 1) * DAY_US };
  return {
    day: n,
    ...quiet,
    openBytes,
    frozenSegments: 0,
    frozenBytes: 0,
    uncompacted: false,
    unrolled: false,
    blocks: 0,
    cold: false,
    dirty: false,
    ...change,
  };
}

const at = (usedBytes: number, o: { goingBytes?: number; walBytes?: number } = {}): Pressure =>
  pressureOf({ usedBytes, goingBytes: 0, walBytes: 0, ...o }, 0, LIMIT);

/** A cut of today: readings of one hour, received at its end; its journal rows are numbered by the hour. */
const cut = (hour: number, bytes: number, change: Partial<OpenSegment> = {}): OpenSegment => ({
  epoch: 1,
  seqLo: hour * 10,
  seqHi: hour * 10 + 9,
  tMax: 100 * DAY_US + (hour + 1) * HOUR_US - 1,
  receivedUs: 100 * DAY_US + (hour + 1) * HOUR_US,
  bytes,
  final: true,
  ...change,
});

function plan(days: DayInfo[], pressure: Pressure, o: Partial<Circumstances> = {}): string[] {
  const c: Circumstances = {
    nowUs: NOW,
    maxAgeDays: 30,
    mode: 'interval',
    pressure,
    open: new Map(),
    stuck: new Set(),
    amended: new Set(),
    ...o,
  };
  return choose(days, c, 'plan').plan.map((goal) =>
    goal.upTo === undefined ? `${goal.day}` : `${goal.day}<=${goal.upTo.seq}`,
  );
}

describe('SZ2 above nine tenths of the limit the oldest closed days go, until eight tenths would be reached', () => {
  const days = [90, 91, 92, 93].map((n) => day(n, 60_000));

  it('SZ2 not at the mark, but above it, and no more of them than needed', () => {
    expect(plan(days, at(900_000))).toEqual([]);
    expect(plan(days, at(900_001))).toEqual(['90', '91']);
    expect(plan(days, at(930_000))).toEqual(['90', '91', '92']);
  });

  it('SZ2 what is on its way, frozen or due by age counts as gone', () => {
    expect(plan(days, at(920_000, { goingBytes: 120_000 }))).toEqual([]);
    expect(plan(days, at(920_000, { goingBytes: 60_000 }))).toEqual(['90']);
    expect(
      plan([day(89, 0, { openSegments: 0, frozenSegments: 1, frozenBytes: 60_000 }), ...days], at(920_000)),
    ).toEqual(['89<=0', '90']);
    expect(plan([day(50, 60_000), ...days], at(920_000))).toEqual(['50', '90']);
  });

  it('SZ2 days that are not closed, or have readings in memory, do not go as a whole', () => {
    const open = [
      day(90, 60_000, { lastReceivedUs: NOW - HOUR_US }),
      day(91, 60_000, { headReadings: 1 }),
      day(100, 60_000),
    ];
    expect(plan(open, at(920_000))).toEqual([]);
    expect(partly(open, NOW, at(920_000))).toEqual([90, 91, 100]);
    expect(partly(open, NOW, at(900_000))).toEqual([]);
  });

  it('SZ2 P8 a day that could not be moved holds up no other', () => {
    expect(plan(days, at(900_001), { stuck: new Set([90]) })).toEqual(['91', '92']);
  });

  it('SZ2 a little is not worth blocks of its own', () => {
    expect(plan([day(90, 19_000)], at(910_000))).toEqual([]);
    expect(plan([day(90, 20_000)], at(910_000))).toEqual(['90']);
  });

  it('SZ2 the cache gives way first, but for a twentieth of the limit, and log and cache count', () => {
    expect(cacheRoom(100_000, LIMIT)).toBe(700_000);
    expect(cacheRoom(790_000, LIMIT)).toBe(50_000);
    expect(pressureOf({ usedBytes: 800_000, walBytes: 60_000, goingBytes: 0 }, 50_000, LIMIT)).toMatchObject({
      usedBytes: 910_000,
      otherBytes: 110_000,
      needBytes: 110_000,
    });
  });

  it('SZ2 late data of a day that has blocks goes, too', () => {
    expect(plan([day(50, 60_000, { blocks: 1, lastReceivedUs: NOW - 3 * HOUR_US })], at(920_000))).toEqual(['50']);
  });

  it('SZ2 a day that cannot be compacted beside itself goes in parts', () => {
    const large = [day(90, 200_000, { uncompacted: true })];
    const open = new Map([[90, [cut(1, 30_000), cut(2, 30_000), cut(3, 30_000)]]]);
    expect(partly(large, NOW, at(920_000))).toEqual([90]);
    expect(plan(large, at(920_000), { open })).toEqual(['90<=29']);
    expect(
      choose(
        large,
        {
          nowUs: NOW,
          maxAgeDays: 30,
          mode: 'interval',
          pressure: at(880_000),
          open,
          stuck: new Set(),
          amended: new Set(),
        },
        'compact',
      ).compact,
    ).toEqual([]);
  });
});

describe('SZ3 a day that exceeds the limit goes by its hours', () => {
  const today = [day(100, 200_000, { headReadings: 5, lastReceivedUs: NOW })];
  const hours = (...cuts: OpenSegment[]): { open: Map<number, OpenSegment[]> } => ({ open: new Map([[100, cuts]]) });

  it('SZ3 those that are over and were quiet for two hours', () => {
    const pressure = at(930_000);
    expect(plan(today, pressure, hours(cut(8, 25_000), cut(9, 25_000), cut(10, 25_000)))).toEqual(['100<=99']);
    expect(plan(today, pressure, hours(cut(8, 25_000, { receivedUs: NOW - HOUR_US }), cut(9, 25_000)))).toEqual([]);
    // A cut whose newest reading is in an open hour keeps back what was cut after it, however old that is.
    expect(
      plan(
        today,
        pressure,
        hours(
          cut(8, 25_000),
          { ...cut(11, 25_000), seqLo: 90, seqHi: 99 },
          { ...cut(9, 25_000), seqLo: 110, seqHi: 119 },
        ),
      ),
    ).toEqual(['100<=89']);
  });

  it('SZ3 near the limit everything that is cut', () => {
    const all = hours(cut(8, 15_000), cut(11, 20_000), cut(12, 5_000));
    expect(plan(today, at(940_000), all)).toEqual([]);
    expect(plan(today, at(940_001), all)).toEqual(['100<=129']);
  });

  it('SZ3 only what is compacted is planned, and cuts whose ages overlap stay together', () => {
    const raw = hours(cut(5, 25_000), cut(6, 25_000, { final: false }));
    expect(plan(today, at(950_000), raw)).toEqual(['100<=59']);
    expect(
      choose(
        today,
        {
          nowUs: NOW,
          maxAgeDays: 30,
          mode: 'interval',
          pressure: at(950_000),
          ...raw,
          stuck: new Set(),
          amended: new Set(),
        },
        'compact',
      ).early,
    ).toEqual([{ day: 100, upTo: { epoch: 1, seq: 69 } }]);
    expect(plan(today, at(950_000), hours(cut(5, 25_000, { seqHi: 65 }), cut(6, 25_000, { final: false })))).toEqual(
      [],
    );
  });

  it('SZ3 closed days go before the hours of later ones', () => {
    const days = [day(99, 60_000), day(98, 30_000, { headReadings: 1 }), ...today];
    expect(plan(days, at(930_000), hours(cut(8, 40_000), cut(9, 40_000)))).toEqual(['99', '100<=89']);
  });
});

describe('SZ6 late data of a day that is in the archive', () => {
  it('SZ6 goes by age once nothing more has come for a day', () => {
    const late = (quietHours: number): DayInfo[] => [
      day(50, 10, { blocks: 1, lastReceivedUs: NOW - quietHours * HOUR_US }),
    ];
    expect(plan(late(23), at(0))).toEqual([]);
    expect(plan(late(24), at(0))).toEqual(['50']);
    expect(plan(late(23), at(0), { mode: 'manual' })).toEqual([]);
  });

  it('SZ6 a little of it waits twice as long for each block that the day has, up to 16 days, unless the gateway is nearly full', () => {
    const needed = (blocks: number, bytes = 999_999): number | undefined =>
      [24, 48, 96, 192, 384].find((hours) => {
        const late = (quiet: number) => [day(50, bytes, { blocks, lastReceivedUs: NOW - quiet * HOUR_US })];
        return plan(late(hours), at(0)).length === 1 && plan(late(hours - 1), at(0)).length === 0;
      });
    expect([1, 2, 3, 4, 5, 6, 100].map((blocks) => needed(blocks))).toEqual([24, 48, 96, 192, 384, 384, 384]);
    expect(needed(100, 1_000_000)).toBe(24);
    expect(plan([day(50, 60_000, { blocks: 5, lastReceivedUs: NOW - 3 * HOUR_US })], at(920_000))).toEqual(['50']);
  });

  it('SZ6 AM3 by an amendment where some of the day is in the archive only, by age or size; what is frozen goes as it is', () => {
    const c = { nowUs: NOW, maxAgeDays: 30, mode: 'interval', open: new Map(), stuck: new Set<number>() } as const;
    const chosen = (change: Partial<DayInfo>, used = 0, amended: number[] = []): [number[], number[], number[]] => {
      const days = [day(50, 60_000, { blocks: 1, cold: true, lastReceivedUs: NOW - 24 * HOUR_US, ...change })];
      const choice = choose(days, { ...c, pressure: at(used), amended: new Set(amended) }, 'plan');
      return [choice.amend, choice.plan.map((goal) => goal.day), choice.compact.map((goal) => goal.day)];
    };
    expect(chosen({})).toEqual([[50], [], []]);
    expect(chosen({ uncompacted: true })).toEqual([[50], [], [50]]);
    expect(chosen({ lastReceivedUs: NOW - 3 * HOUR_US })).toEqual([[], [], []]);
    expect(chosen({ lastReceivedUs: NOW - 3 * HOUR_US }, 920_000)).toEqual([[50], [], []]);
    expect(chosen({ frozenSegments: 1 })).toEqual([[], [50], []]);
    const rests = { openSegments: 0, dirty: true };
    expect(chosen(rests)).toEqual([[50], [], []]);
    expect(chosen(rests, 0, [50])).toEqual([[], [], []]);
    expect(chosen({ ...rests, headReadings: 1 })).toEqual([[], [], []]);
    expect(chosen({ openSegments: 0 })).toEqual([[], [], []]);
  });
});
