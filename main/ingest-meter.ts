import { MINUTE_US } from '../shared/units.ts';

/** Readings of each of the last 60 minutes, and the rate of the last seconds. Fed with what was committed. */
export interface IngestMeter {
  add(readings: number, nowUs: number): void;
  /** `measuredUs`: how long `minutes` were counted, until now. */
  read(nowUs: number): { readingsPerS: number; lastReceivedUs?: number; minutes: number[]; measuredUs: number };
}

const MINUTES = 60;
const RATE_SECONDS = 10;

/** Counts from `startUs` on; `lastUs` is when readings came last before. */
export function createIngestMeter(startUs: number, lastUs?: number): IngestMeter {
  const minutes = new Map<number, number>();
  const seconds = new Map<number, number>();
  let lastReceivedUs = lastUs;
  const bump = (slots: Map<number, number>, slot: number, keep: number, n: number): void => {
    slots.set(slot, (slots.get(slot) ?? 0) + n);
    for (const old of slots.keys()) if (old <= slot - keep) slots.delete(old);
  };
  return {
    add(readings, nowUs) {
      lastReceivedUs = nowUs;
      bump(minutes, Math.floor(nowUs / MINUTE_US), MINUTES, readings);
      bump(seconds, Math.floor(nowUs / 1_000_000), RATE_SECONDS + 1, readings);
    },
    read(nowUs) {
      const minute = Math.floor(nowUs / MINUTE_US);
      const second = Math.floor(nowUs / 1_000_000);
      let recent = 0;
      for (let s = second - RATE_SECONDS; s < second; s++) recent += seconds.get(s) ?? 0;
      return {
        readingsPerS: recent / RATE_SECONDS,
        ...(lastReceivedUs === undefined ? {} : { lastReceivedUs }),
        measuredUs: Math.max(0, Math.min(nowUs - startUs, nowUs - (minute - MINUTES + 1) * MINUTE_US)),
        minutes: Array.from({ length: MINUTES }, (_, i) => minutes.get(minute - MINUTES + 1 + i) ?? 0),
      };
    },
  };
}
