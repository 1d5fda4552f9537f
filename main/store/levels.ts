import { HOUR_US, MINUTE_US } from '../../shared/units.ts';
import type { AskedLevel, Level } from './types.ts';

/** Microseconds of a bucket; `quarters` are those of days. */
export const WIDTH_US: Readonly<Record<AskedLevel, number>> = {
  minutes: 5 * MINUTE_US,
  hours: HOUR_US,
  quarters: 6 * HOUR_US,
};

/** Levels that are kept for each day, the finest first. */
export const EACH_LEVEL: readonly Level[] = ['minutes', 'hours'];
