import type { TimestampFault } from './timestamp.ts';
import type { ValueFault } from './value.ts';

const VALUE_FAULT_TEXT: Record<Exclude<ValueFault, ''>, string> = {
  string: 'is a string: only numbers and booleans are stored',
  'non-finite': 'is not a finite number: line protocol has no NaN or infinity',
  overflow: 'is beyond the range of a float64',
  'integer-range': 'is beyond the range of a 64-bit integer of its sign',
  malformed: 'has no readable value: expected a number, an integer with i or u, a boolean or a quoted string',
  'open-string': 'is a string whose closing quote is missing',
};

/** What was wrong with the value of the field; `name` is already quoted. The value itself is never repeated. */
export function fieldFaultText(fault: ValueFault, name: string): string {
  return fault === '' ? '' : `field ${name} ${VALUE_FAULT_TEXT[fault]}`;
}

export const TIMESTAMP_FAULT_TEXT: Record<Exclude<TimestampFault, ''>, string> = {
  malformed: 'the timestamp is not an integer',
  'out-of-range': 'the timestamp is out of range: years 1684 to 2255 can be stored (is the precision right?)',
};
