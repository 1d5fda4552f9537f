/** Time and size units used everywhere. Timestamps are integer microseconds since the Unix epoch, UTC. */
export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;

/** A decimal megabyte, as the screen and the configuration use it. */
export const MB = 1_000_000;
export const GB = 1_000 * MB;

/** Largest magnitude of a timestamp: integers beyond it are not exact as JS numbers (year 2255). */
export const MAX_TIMESTAMP_US = Number.MAX_SAFE_INTEGER;

/** UTC day number (days since 1970-01-01, negative before it) that holds the timestamp. */
export function dayOf(timestampUs: number): number {
  return Math.floor(timestampUs / DAY_US);
}

/** First microsecond of a UTC day number. */
export function dayStart(day: number): number {
  return day * DAY_US;
}

/** `YYYY-MM-DD` of a UTC day number (years 0 to 9999 as four digits, others as ISO 8601 extended years). */
export function dayName(day: number): string {
  return new Date(day * 86_400_000).toISOString().split('T')[0] ?? '';
}

/** `YYYY-MM-DDTHH:MM:SSZ`, UTC; parts of a second are left out. */
export function utcTime(timestampUs: number): string {
  return `${new Date(timestampUs / 1_000).toISOString().slice(0, 19)}Z`;
}
