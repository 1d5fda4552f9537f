import type { Precision } from '../types.ts';
import { HttpError } from './errors.ts';

const SHARED: readonly [string, Precision][] = [
  ['ns', 'ns'],
  ['n', 'ns'],
  ['us', 'us'],
  ['u', 'us'],
  ['µ', 'us'],
  ['ms', 'ms'],
  ['s', 's'],
];
/** v1's short names too: they can mean nothing else, and clients moved from v1 send them. */
const V2 = new Map<unknown, Precision>(SHARED);
const V1 = new Map<unknown, Precision>([...SHARED, ['m', 'm'], ['h', 'h']]);

/** Precision of a v2 write. An unknown one is refused: taken for nanoseconds it would store every reading at a wrong time, silently. */
export const v2Precision = (value: unknown): Precision => precision(V2, value, 'ns, us, ms and s');

/** Precision of a v1 write. */
export const v1Precision = (value: unknown): Precision => precision(V1, value, 'n, u, ms, s, m and h');

function precision(known: ReadonlyMap<unknown, Precision>, value: unknown, valid: string): Precision {
  if (value === undefined || value === '') return 'ns';
  const found = known.get(value);
  if (found === undefined) throw new HttpError(400, `invalid precision; valid precisions are ${valid}`);
  return found;
}
