import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchiveDay } from '../../../shared/schemas.ts';
import {
  countKinds,
  daysOf,
  kindOf,
  monthsOf,
  openingMonth,
  shiftByMonth,
  shiftDay,
  shiftMonth,
  troubledYears,
  weeksOf,
  yearsOf,
} from './calendar.ts';

const day = (name: string, of: Partial<ArchiveDay> = {}): ArchiveDay => ({
  day: name,
  local_bytes: 0,
  local_readings: 0,
  cold_bytes: 0,
  cold_readings: 0,
  blocks: 0,
  verified_us: null,
  problem: null,
  ...of,
});

describe('calendar', () => {
  it('UI5 a day is where its readings are, and a problem outranks that', () => {
    const kind = (info?: ArchiveDay): string =>
      kindOf({ today: '2026-01-01', of: new Map(info === undefined ? [] : [[info.day, info]]) }, '2026-01-01');
    expect(kind()).toBe('none');
    expect(kind(day('2026-01-01'))).toBe('none');
    expect(kind(day('2026-01-01', { local_readings: 1 }))).toBe('local');
    expect(kind(day('2026-01-01', { cold_readings: 1 }))).toBe('cold');
    expect(kind(day('2026-01-01', { cold_readings: 1, local_readings: 1 }))).toBe('both');
    expect(kind(day('2026-01-01', { cold_readings: 1, problem: 'x' }))).toBe('problem');
  });

  it('UI5 a month is whole weeks from Monday to Sunday', () => {
    expect(weeksOf('2026-11')).toHaveLength(6);
    expect(weeksOf('2026-11')[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
    expect(weeksOf('2026-11').at(-1)).toEqual(['2026-11-30', null, null, null, null, null, null]);
    expect(weeksOf('2021-02')).toHaveLength(4);
  });

  it('UI5 every day of a month is in its weeks once, in order, on its weekday', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1970, max: 2200 }), fc.integer({ min: 0, max: 11 }), (year, index) => {
        const month = monthsOf(String(year))[index] ?? '';
        const weeks = weeksOf(month);
        expect(weeks.flat().filter((d) => d !== null)).toEqual(daysOf(month));
        for (const week of weeks) {
          expect(week).toHaveLength(7);
          week.forEach((d, i) => {
            if (d !== null) expect((new Date(`${d}T00:00:00Z`).getUTCDay() + 6) % 7).toBe(i);
          });
        }
      }),
    );
  });

  it('UI5 steps by day and month know the ends of months and years', () => {
    expect(shiftDay('2026-12-31', 1)).toBe('2027-01-01');
    expect(shiftDay('2028-03-01', -1)).toBe('2028-02-29');
    expect(shiftMonth('2026-01', -1)).toBe('2025-12');
    expect(shiftByMonth('2026-03-31', -1)).toBe('2026-02-28');
    expect(shiftByMonth('2026-01-15', 1)).toBe('2026-02-15');
  });

  it('UI5 the years that have days are there once, newest first', () => {
    expect(yearsOf([day('1970-01-01'), day('2025-05-01'), day('2026-01-01'), day('2026-01-02')])).toEqual([
      '2026',
      '2025',
      '1970',
    ]);
    expect(yearsOf([])).toEqual([]);
  });

  it('UI5 the calendar opens on the newest month that has a day and is not ahead, of a year too', () => {
    const all = [day('2025-03-01'), day('2026-02-03'), day('2026-11-20'), day('2170-05-01'), day('2170-06-01')];
    expect(openingMonth(all, '2026-11-26')).toBe('2026-11');
    expect(openingMonth(all, '2026-11-26', '2025')).toBe('2025-03');
    expect(openingMonth(all, '2026-03-01', '2026')).toBe('2026-02');
    expect(openingMonth(all, '2026-11-26', '2170')).toBe('2170-05');
    expect(openingMonth([], '2026-11-26')).toBeUndefined();
  });

  it('UI5 a year in which a day has a problem is known', () => {
    expect([...troubledYears([day('2024-01-01', { problem: 'x' }), day('2025-01-01')])]).toEqual(['2024']);
  });

  it('UI5 the kinds of a month add up to its days', () => {
    const days = new Map([
      ['2026-02-01', day('2026-02-01', { cold_readings: 1 })],
      ['2026-02-02', day('2026-02-02', { local_readings: 1 })],
    ]);
    expect(countKinds('2026-02', { today: '2026-02-28', of: days })).toEqual([
      ['local', 1],
      ['cold', 1],
      ['none', 26],
    ]);
    expect(countKinds('2026-02', { today: '2026-02-05', of: days })).toEqual([
      ['local', 1],
      ['cold', 1],
      ['none', 3],
      ['future', 23],
    ]);
  });
});
