import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';

/** Numbers, sizes and spans as people read them; the locale is the browser's, times are in the zone that is passed in. */

const NO_BREAK = '\u00a0';
const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Decimal sizes with three significant digits: `542 kB`, `1.37 MB`, `80.0 GB`. */
export function formatBytes(bytes: number, locale?: string): string {
  let scaled = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be shown as 1,000 of the smaller unit.
  while (scaled >= 999.5 && unit < SIZES.length - 1) {
    scaled /= 1_000;
    unit++;
  }
  const digits = unit === 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  const number = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return number.format(scaled) + NO_BREAK + SIZES[unit];
}

export function formatCount(n: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(n);
}

/** A rate or a ratio: at most `digits` after the point. */
export function formatDecimal(n: number, digits: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(n);
}

/** A reading: up to six significant digits; NaN and infinities by name. */
export function formatValue(v: number, locale?: string): string {
  if (!Number.isFinite(v)) return String(v);
  const far = v !== 0 && (Math.abs(v) >= 1e9 || Math.abs(v) < 1e-4);
  const notation = far ? ({ notation: 'scientific' } as const) : {};
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 6, ...notation }).format(v);
}

const STEPS: readonly [us: number, unit: string][] = [
  [365 * DAY_US, 'year'],
  [DAY_US, 'day'],
  [HOUR_US, 'hour'],
  [MINUTE_US, 'minute'],
  [SECOND_US, 'second'],
  [1_000, 'millisecond'],
];

/** A span in its largest unit: `4 minutes`, `19 days`; below ten of a unit with one digit of the next where that says something: `2.5 hours`. */
export function formatSpan(us: number, locale?: string): string {
  const span = Math.abs(us);
  const [step, unit] = STEPS.find(([size]) => span >= size) ?? [1_000, 'millisecond'];
  const count = span / step;
  const digits = count < 10 && step >= HOUR_US ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: digits,
  }).format(count);
}

/** `3 min ago`, `in 20 min`, `just now` within 5 s. */
export function formatAgo(us: number, nowUs: number, justNow: string, locale?: string): string {
  const ago = nowUs - us;
  if (Math.abs(ago) < 5 * SECOND_US) return justNow;
  const [step, unit] = STEPS.find(([size]) => Math.abs(ago) >= size) ?? [SECOND_US, 'second'];
  const relative = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' });
  return relative.format(-Math.round(ago / step), unit as Intl.RelativeTimeFormatUnit);
}

/** Share of a whole for people: never 0 % of something that is there, never 100 % of something that is not full. */
export function formatPercent(part: number, whole: number, locale?: string): string {
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  if (whole <= 0 || part <= 0) return percent.format(0);
  const share = part / whole;
  if (share < 0.001) return `<${NO_BREAK}${percent.format(0.001)}`;
  return percent.format(share < 1 ? Math.min(0.999, share) : share);
}
