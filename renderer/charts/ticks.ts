/** What distinguishes the labels of a time axis, from the distance of its ticks (seconds). */
export interface TickFormats {
  year(us: number): string;
  month(us: number): string;
  day(us: number): string;
  minute(us: number): string;
  second(us: number): string;
  milli(us: number): string;
}

const DAY_S = 86_400;

/** Formats in one zone, 24-hour, in the browser's locale. */
export function createTickFormats(zone: string, locale?: string): TickFormats {
  const make = (options: Intl.DateTimeFormatOptions): ((us: number) => string) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
    return (us) => format.format(us / 1_000);
  };
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return {
    year: make({ year: 'numeric' }),
    month: make({ month: 'short' }),
    day: make({ day: 'numeric', month: 'short' }),
    minute: make(time),
    second: make({ ...time, second: '2-digit' }),
    milli: make({ second: '2-digit', fractionalSecondDigits: 3 }),
  };
}

/**
 * Labels of ticks `stepS` seconds apart: the unit that changes from tick to tick, and below it the greater one at the first tick and wherever it
 * changes. Ticks and `min` are seconds since the epoch; a tick before `min` is not seen.
 */
export function tickLabels(ticks: readonly number[], stepS: number, formats: TickFormats, min: number): string[] {
  const [fine, coarse] = levels(stepS, formats);
  let before = '';
  return ticks.map((tick) => {
    if (tick < min) return '';
    const us = Math.round(tick * 1e6);
    const context = coarse?.(us) ?? '';
    const changed = context !== before;
    before = context;
    return changed ? `${fine(us)}\n${context}` : fine(us);
  });
}

type Label = (us: number) => string;

function levels(stepS: number, f: TickFormats): [fine: Label, coarse?: Label] {
  if (stepS >= 365 * DAY_S) return [f.year];
  if (stepS >= 28 * DAY_S) return [f.month, f.year];
  if (stepS >= DAY_S) return [f.day, f.year];
  if (stepS >= 60) return [f.minute, f.day];
  if (stepS >= 1) return [f.second, f.day];
  return [f.milli, f.minute];
}
