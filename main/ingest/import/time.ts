import { DAY_US, HOUR_US, MAX_TIMESTAMP_US, MINUTE_US, SECOND_US } from '../../../shared/units.ts';

/**
 * Days from 1970-01-01 to a date of the proleptic Gregorian calendar; undefined when there is no such date. Counts in eras of 400 years
 * that begin in March (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
 */
function daysFromCivil(year: number, month: number, day: number): number | undefined {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (month < 1 || month > 12 || day < 1 || day > length) return undefined;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export interface CivilTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Microseconds since the epoch of a UTC time; undefined when there is no such time. Second 60 is the first of the next minute. */
export function civilToUs({ year, month, day, hour, minute, second }: CivilTime): number | undefined {
  const days = daysFromCivil(year, month, day);
  if (days === undefined || !(hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  const us = days * DAY_US + hour * HOUR_US + minute * MINUTE_US + second * SECOND_US;
  return Math.abs(us) <= MAX_TIMESTAMP_US ? us : undefined;
}

const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(?:Z|([-+])(\d\d):?(\d\d))?$/i;

/** Microseconds of `YYYY-MM-DD[ HH:MM[:SS[.fraction]]]` with `T` or a space, UTC unless it has a zone (so RFC 3339 too), floored. */
export function parseWrittenTime(text: string): number | undefined {
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const us = civilToUs({
    year: year ?? 0,
    month: month ?? 0,
    day: day ?? 0,
    hour: hour ?? 0,
    minute: minute ?? 0,
    second: second ?? 0,
  });
  if (us === undefined) return undefined;
  const fraction = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  const zoneHours = Number(match[9] ?? 0);
  const zoneMinutes = Number(match[10] ?? 0);
  if (zoneHours > 23 || zoneMinutes > 59) return undefined;
  const offset = zoneHours * HOUR_US + zoneMinutes * MINUTE_US;
  return us + fraction - (match[8] === '-' ? -offset : offset);
}

/** Decimal digits that turn a unit into microseconds. */
export type EpochUnit = 6 | 3 | 0;

const EPOCH = /^(-?)(\d{1,17})(?:\.(\d{1,9}))?$/;

/** Seconds, milliseconds or microseconds, by size: each is right for times from 1973 to 5138. */
export function epochUnitOf(text: string): EpochUnit | undefined {
  const match = EPOCH.exec(text);
  if (match === null) return undefined;
  const size = Number(match[2]);
  return size < 1e11 ? 6 : size < 1e14 ? 3 : 0;
}

/** Microseconds of a decimal number of epoch units, exactly and floored; undefined when it is none or out of range. */
export function parseEpoch(text: string, unit: EpochUnit): number | undefined {
  const match = EPOCH.exec(text);
  if (match === null) return undefined;
  const fraction = match[3] ?? '';
  const us = Number((match[2] ?? '') + fraction.slice(0, unit).padEnd(unit, '0'));
  const below = /[1-9]/.test(fraction.slice(unit));
  const signed = match[1] === '-' ? -us - (below ? 1 : 0) : us;
  return Math.abs(signed) <= MAX_TIMESTAMP_US ? signed + 0 : undefined;
}
