import { MAX_NAMES_PER_BODY, MAX_SERIES_PER_BODY } from '../limits.ts';
import { NameBudget } from './names.ts';

/** Objects and arrays a body of MAX_SERIES_PER_BODY series has. */
const MAX_CONTAINERS = 4 * MAX_SERIES_PER_BODY + 16;
/** SensorData needs four: the body, its series, one series, its tags. A few more leave a wrong series to be refused alone. */
const MAX_DEPTH = 16;

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Why JSON.parse should not be given the body: what it would make out of it is too much. Looks at structure only, never at spelling. */
export function excessOf(body: Uint8Array): string | undefined {
  const names = new NameBudget();
  let containers = 0;
  let depth = 0;
  for (let i = 0; i < body.length; i++) {
    const c = body[i];
    if (c === 0x7b || c === 0x5b) {
      if (++containers > MAX_CONTAINERS) return 'the JSON has too many objects and arrays';
      if (++depth > MAX_DEPTH) return `the JSON is nested deeper than ${MAX_DEPTH} levels`;
    } else if (c === 0x7d || c === 0x5d) depth--;
    else if (c === QUOTE) {
      const end = closingQuote(body, i + 1);
      if (isKey(body, end + 1) && !names.take(body, i + 1, end)) {
        return `the JSON has more than ${MAX_NAMES_PER_BODY} different names`;
      }
      i = end;
    }
  }
  return undefined;
}

function closingQuote(body: Uint8Array, from: number): number {
  let i = from;
  for (; i < body.length && body[i] !== QUOTE; i++) if (body[i] === BACKSLASH) i++;
  return i;
}

function isKey(body: Uint8Array, from: number): boolean {
  let i = from;
  for (let c = body[i]; c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09; c = body[++i]);
  return body[i] === COLON;
}
