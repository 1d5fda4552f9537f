import { TidemarkError } from '../../shared/errors.ts';
import { MAX_TIMESTAMP_US } from '../../shared/units.ts';

export interface Range {
  /** Canonical series key. */
  key: string;
  /** [from, to), integer microseconds. */
  from: number;
  to: number;
}

/** Buckets of an answer, and readings of a raw page, at most. */
const MAX_POINTS = 100_000;

function refuse(code: string, message: string, action: string): never {
  throw new TidemarkError(code, message, { retry: 'never', blame: 'client', action });
}

/** Throws 'bad-range' naming what is wrong. */
export function checkRange({ from, to }: Range): void {
  for (const [name, t] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (!Number.isInteger(t) || Math.abs(t) > MAX_TIMESTAMP_US)
      refuse('bad-range', `${name} is ${t}, which is no time`, 'give whole microseconds within the years 1684 to 2255');
  }
  if (from >= to) refuse('bad-range', `from (${from}) is not before to (${to})`, 'give a from that is before to');
}

/** Throws 'bad-points' naming what is wrong. */
export function checkPoints(name: 'points' | 'limit', n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > MAX_POINTS)
    refuse('bad-points', `${name} is ${n}`, `give a whole number from 1 to ${MAX_POINTS}`);
}

export function unknownSeries(key: string): TidemarkError {
  return new TidemarkError('unknown-series', `there is no series ${key}`, {
    retry: 'never',
    blame: 'client',
    action: 'GET /api/v1/series lists them',
  });
}
