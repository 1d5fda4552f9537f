import { HOUR_US, MINUTE_US } from '../../shared/units.ts';
import type { AskedLevel } from './types.ts';

/** Microseconds of a bucket; `quarters` are those of days. */
export const WIDTH_US: Readonly<Record<AskedLevel, number>> = {
  minutes: 5 * MINUTE_US,
  hours: HOUR_US,
  quarters: 6 * HOUR_US,
};
