import { getHeapStatistics } from 'node:v8';
import { expect, it } from 'vitest';
import { parseTarget } from '../../testing/memory-registry.ts';
import { toEnd } from '../steps.ts';
import { LineParser } from './parser.ts';

const LINES = 2_500;
const FIELDS = 8;
/** Less than the smallest object there is; what a body and its steps take is far below. */
const MOST_BYTES = 4;
/** The engine compiles what runs often, on a busy machine late. */
const MOST_ROUNDS = 200;
/** A collection in the middle of a round makes it seem small: the next ones show what is true. */
const IN_A_ROW = 3;

const hundredths = (i: number): string => (((i * 7_919) % 10_000) / 100).toFixed(2);
const inTurn = (i: number): number => i % 100;

it.each<[what: string, value: (i: number) => string, hub: (i: number) => number]>([
  ['decimals', hundredths, inTurn],
  ['booleans', (i) => (i % 3 === 0 ? 'true' : 'F'), inTurn],
  ['floats of 17 digits', (i) => String(1 / (i + 3)), inTurn],
  ['exponents', (i) => ((i * 7_919 + 1) / 1e12).toExponential(5), inTurn],
  ['decimals of hubs in no order', hundredths, (i) => (i * i * 7 + i) % 97],
])('ING21 takes %s in without an object a reading', (_, value, hub) => {
  const lines = Array.from({ length: LINES }, (_, i) => {
    const fields = Array.from({ length: FIELDS }, (_, f) => `f${f}=${value(i * FIELDS + f)}`);
    return `pump,hub=h${hub(i)} ${fields.join(',')} ${1_700_000_000_000_000 + i}\n`;
  });
  const body = Buffer.from(lines.join(''));
  const { registry, out } = parseTarget();
  const parser = new LineParser(registry, out);
  const grown = (): number => {
    const before = getHeapStatistics().used_heap_size;
    out.reset();
    expect(toEnd(parser.parse(body, 'us', 0)).accepted).toBe(LINES * FIELDS);
    return (getHeapStatistics().used_heap_size - before) / (LINES * FIELDS);
  };
  let small = 0;
  for (let round = 0; round < MOST_ROUNDS && small < IN_A_ROW; round++) small = grown() < MOST_BYTES ? small + 1 : 0;
  expect(small).toBe(IN_A_ROW);
});
