import type { Precision } from '../types.ts';
import { HttpError } from './errors.ts';

const V2 = new Map<unknown, Precision>([
  ['ns', 'ns'],
  ['us', 'us'],
  ['ms', 'ms'],
  ['s', 's'],
]);
const V1 = new Map<unknown, Precision>([...V2, ['n', 'ns'], ['u', 'us'], ['µ', 'us'], ['m', 'm'], ['h', 'h']]);

/** InfluxDB 2 takes any unknown value for nanoseconds. */
export const v2Precision = (value: unknown): Precision => V2.get(value) ?? 'ns';

/** InfluxDB 1 refuses unknown values. */
export function v1Precision(value: unknown): Precision {
  if (value === undefined || value === '') return 'ns';
  const precision = V1.get(value);
  if (precision === undefined) throw new HttpError(400, 'unknown precision: use n, u, ms, s, m or h');
  return precision;
}
