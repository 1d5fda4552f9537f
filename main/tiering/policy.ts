import { DAY_US, dayStart, HOUR_US } from '../../shared/units.ts';
import type { DayInfo } from '../store/types.ts';

export type Mode = 'interval' | 'manual';

/** Hours without a new reading, and after its end, until a day counts as closed. */
const QUIET_US = 2 * HOUR_US;

export interface Choice {
  /** Days to bring into their final form, oldest first. */
  compact: number[];
  /** Days to sum up, oldest first; compacted before. */
  rollUp: number[];
  /** Days to freeze and plan, oldest first; compacted before. */
  plan: number[];
}

function isClosed(d: DayInfo, nowUs: number): boolean {
  // What seems to have come in the future came under a clock that was wrong: it says nothing about quiet.
  const quiet = d.lastReceivedUs > nowUs || nowUs - d.lastReceivedUs >= QUIET_US;
  return quiet && nowUs >= dayStart(d.day + 1) + QUIET_US;
}

function isOldEnough(d: DayInfo, nowUs: number, maxAgeDays: number): boolean {
  return dayStart(d.day + 1) <= nowUs - maxAgeDays * DAY_US;
}

/**
 * What a pass should do. A day that has blocks is never planned again by age: what is open of it is late data and stays local.
 * A day with readings in the head waits for the next cut, or they would be late data at once. `manual` ignores quiet hours.
 */
export function choose(days: readonly DayInfo[], nowUs: number, maxAgeDays: number, mode: Mode): Choice {
  const plan = days.filter((d) => {
    if (d.frozenSegments > 0) return true;
    const fresh = d.blocks === 0 && d.openSegments > 0 && d.headReadings === 0;
    return fresh && isOldEnough(d, nowUs, maxAgeDays) && (mode === 'manual' || isClosed(d, nowUs));
  });
  const planned = new Set(plan.map((d) => d.day));
  const due = (d: DayInfo): boolean => planned.has(d.day) || isClosed(d, nowUs);
  return {
    compact: inOrder(days.filter((d) => d.uncompacted && due(d))),
    rollUp: inOrder(days.filter((d) => d.unrolled && (due(d) || d.blocks > 0))),
    plan: [...planned].sort((a, b) => a - b),
  };
}

function inOrder(days: readonly DayInfo[]): number[] {
  return days.map((d) => d.day).sort((a, b) => a - b);
}

/** What is due by age and not planned yet. */
export interface Due {
  days: number;
  readings: number;
  /** Of readings that are not packed yet it is an estimate from those that are. */
  bytes: number;
}

/** Bytes of a reading where nothing is packed to go by. */
const ASSUMED_BYTES = 3;

/** What "Tier now" would move, the head included (it is cut first). */
export function preview(days: readonly DayInfo[], nowUs: number, maxAgeDays: number): Due {
  const due = days.filter(
    (d) => d.blocks === 0 && d.openReadings + d.headReadings > 0 && isOldEnough(d, nowUs, maxAgeDays),
  );
  const sum = (of: (d: DayInfo) => number, list: readonly DayInfo[] = due): number =>
    list.reduce((n, d) => n + of(d), 0);
  const packed = sum((d) => d.openReadings, days);
  const perReading = packed === 0 ? ASSUMED_BYTES : sum((d) => d.openBytes, days) / packed;
  const unpacked = sum((d) => d.headReadings);
  return {
    days: due.length,
    readings: sum((d) => d.openReadings) + unpacked,
    bytes: sum((d) => d.openBytes) + Math.ceil(unpacked * perReading),
  };
}
