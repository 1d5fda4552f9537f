import type { ArchiveDay } from '../../../shared/schemas.ts';

/** Days are `YYYY-MM-DD`, months `YYYY-MM`, years `YYYY`; all UTC. */
export const KINDS = ['local', 'both', 'cold', 'problem', 'none'] as const;
/** `future`: a day that has not begun. */
export type Kind = (typeof KINDS)[number] | 'future';

const DAY_MS = 86_400_000;
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const msOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** The UTC day of a time in microseconds. */
export const dayAt = (us: number): string => isoDay(us / 1_000);

/** The days of the calendar, and which of them is today. */
export interface Days {
  today: string;
  of: ReadonlyMap<string, ArchiveDay>;
}

/** Where a day's readings are; a problem outranks that. A day ahead that has readings already is not future: some sensor's clock is wrong. */
export function kindOf(days: Days, name: string): Kind {
  const day = days.of.get(name);
  if (day === undefined) return name > days.today ? 'future' : 'none';
  if (day.problem !== null) return 'problem';
  if (day.cold_readings > 0) return day.local_readings > 0 ? 'both' : 'cold';
  return day.local_readings > 0 ? 'local' : 'none';
}

export const monthOf = (day: string): string => day.slice(0, 7);
export const yearOf = (day: string): string => day.slice(0, 4);

export function shiftDay(day: string, by: number): string {
  return isoDay(msOf(day) + by * DAY_MS);
}

export function shiftMonth(month: string, by: number): string {
  const at = new Date(msOf(`${month}-01`));
  return monthOf(isoDay(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by, 1)));
}

/** The same day of another month, or that month's last day. */
export function shiftByMonth(day: string, by: number): string {
  const days = daysOf(shiftMonth(monthOf(day), by));
  return days[Math.min(Number(day.slice(8)), days.length) - 1] ?? day;
}

export function daysOf(month: string): string[] {
  const first = msOf(`${month}-01`);
  const count = Math.round((msOf(`${shiftMonth(month, 1)}-01`) - first) / DAY_MS);
  return Array.from({ length: count }, (_, i) => isoDay(first + i * DAY_MS));
}

/** A month as weeks from Monday to Sunday; null where a week reaches into another month. */
export function weeksOf(month: string): (string | null)[][] {
  const days = daysOf(month);
  const before = (new Date(msOf(`${month}-01`)).getUTCDay() + 6) % 7;
  const cells: (string | null)[] = [...Array.from({ length: before }, () => null), ...days];
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

export const monthsOf = (year: string): string[] =>
  Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`);

/** Years that have a day, newest first. Those between are left out: one sensor with a wrong clock must not fill the screen with years. */
export function yearsOf(days: readonly ArchiveDay[]): string[] {
  return [...new Set(days.map((day) => yearOf(day.day)))].sort().reverse();
}

/**
 * The month to open on, of a year or of all: the newest that has a day, today's at the latest, since one sensor with a wrong clock must not open the calendar on
 * a year that nobody will see. Where all days are ahead, the first of them; undefined without any. `all` is in order.
 */
export function openingMonth(all: readonly ArchiveDay[], today: string, year = ''): string | undefined {
  const those = all.map(({ day }) => day).filter((day) => day.startsWith(year));
  const day = those.findLast((each) => each <= today) ?? those[0];
  return day === undefined ? undefined : monthOf(day);
}

/** The years in which a day has a problem. */
export const troubledYears = (all: readonly ArchiveDay[]): ReadonlySet<string> =>
  new Set(all.filter(({ problem }) => problem !== null).map(({ day }) => yearOf(day)));

/** How many days of a month are of each kind, in the order of KINDS; those with none are left out. */
export function countKinds(month: string, days: Days): [kind: Kind, count: number][] {
  const counts = new Map<Kind, number>();
  for (const day of daysOf(month)) {
    const kind = kindOf(days, day);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...KINDS, 'future' as const].flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [[kind, count] as [Kind, number]];
  });
}
