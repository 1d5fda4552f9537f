/** Formats of points in time, all in one zone, 24-hour. Arguments are microseconds since the Unix epoch. */
export interface Times {
  /** Name of the zone as people write it, e.g. `CET` or `UTC`. */
  zoneName(us: number): string;
  /** `14:02:05` */
  clock(us: number): string;
  /** `14:02` */
  minute(us: number): string;
  /** `23 Nov` */
  day(us: number): string;
  /** `23 Nov 2026` */
  date(us: number): string;
  /** `23 Nov 2026, 14:02` */
  moment(us: number): string;
  /** `23 Nov 2026, 14:02:05.250` down to the millisecond when it is not whole seconds. */
  exact(us: number): string;
}

/** Falls back to UTC when this browser does not know the zone. */
export function createTimes(zone: string, locale?: string): Times {
  const timeZone = knownZone(zone) ? zone : 'UTC';
  const make = (options: Intl.DateTimeFormatOptions): ((us: number) => string) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options });
    return (us) => format.format(us / 1_000);
  };
  const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const seconds = make({ ...date, ...time, second: '2-digit' });
  const millis = make({ ...date, ...time, second: '2-digit', fractionalSecondDigits: 3 });
  const named = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' });
  return {
    zoneName: (us) => named.formatToParts(us / 1_000).find((p) => p.type === 'timeZoneName')?.value ?? timeZone,
    clock: make({ ...time, second: '2-digit' }),
    minute: make(time),
    day: make({ day: 'numeric', month: 'short' }),
    date: make(date),
    moment: make({ ...date, ...time }),
    exact: (us) => (us % 1_000_000 === 0 ? seconds(us) : millis(us)),
  };
}

function knownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** A UTC calendar day `YYYY-MM-DD`: `23 Nov 2026`. */
export function formatUtcDay(day: string, locale?: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) return day;
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }).format(
    at,
  );
}
