import { IconAlertTriangle, IconArchive, IconClock, IconCopy, IconMinus, IconServer } from '@tabler/icons-react';
import type { Kind } from './calendar.ts';

/** Kinds differ in sign and pattern, not only in colour. */
export const KIND_ICONS: Record<Kind, typeof IconArchive> = {
  local: IconServer,
  both: IconCopy,
  cold: IconArchive,
  problem: IconAlertTriangle,
  none: IconMinus,
  future: IconClock,
};

const inUtc = (options: Intl.DateTimeFormatOptions): ((day: string) => string) => {
  const format = new Intl.DateTimeFormat(undefined, { timeZone: 'UTC', ...options });
  return (day) => format.format(Date.parse(`${day}T00:00:00Z`));
};

const long = inUtc({ month: 'long', year: 'numeric' });
const short = inUtc({ month: 'short' });
/** `November 2026`, `Nov` of a month `2026-11`. */
export const monthName = (month: string): string => long(`${month}-01`);
export const shortMonth = (month: string): string => short(`${month}-01`);

const weekday = inUtc({ weekday: 'short' });
const weekdayLong = inUtc({ weekday: 'long' });
/** Monday to Sunday, short for the eye and long for the ear. */
export const WEEKDAYS = Array.from({ length: 7 }, (_, i) => {
  const day = `2024-01-0${i + 1}`;
  return { short: weekday(day), long: weekdayLong(day) };
});
