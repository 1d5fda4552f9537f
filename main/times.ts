import { TidemarkError } from '../shared/errors.ts';
import { MAX_TIMESTAMP_US } from '../shared/units.ts';

const RFC3339 = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2}))?$/i;

/**
 * Microseconds of an RFC 3339 time (a bare date is its UTC midnight; digits beyond microseconds are dropped) or of integer epoch microseconds.
 * Throws 'bad-time' naming the parameter.
 */
export function parseTime(text: string, name: string): number {
  const us = /^-?\d+$/.test(text) ? Number(text) : fromRfc3339(text);
  if (us === undefined || !Number.isInteger(us) || Math.abs(us) > MAX_TIMESTAMP_US) {
    throw new TidemarkError('bad-time', `${name}: "${text.slice(0, 40)}" is not a time`, {
      retry: 'never',
      blame: 'client',
      action: 'give RFC 3339 such as 2026-01-31T12:00:00Z, or integer microseconds since 1970',
    });
  }
  return us;
}

function fromRfc3339(text: string): number | undefined {
  const [, date, clock, fraction, zone] = RFC3339.exec(text) ?? [];
  if (date === undefined) return undefined;
  const ms = Date.parse(
    clock === undefined
      ? `${date}T00:00:00Z`
      : `${date}T${clock.length === 5 ? `${clock}:00` : clock}${zone?.toUpperCase() ?? 'Z'}`,
  );
  const real = Number.isNaN(ms) ? undefined : new Date(Date.parse(`${date}T00:00:00Z`)).toISOString().startsWith(date);
  return real === true ? ms * 1_000 + Number((fraction ?? '').slice(0, 6).padEnd(6, '0')) : undefined;
}
