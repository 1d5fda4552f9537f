import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatSeriesKey, parseSeriesKey, sortTags } from './series-key.ts';

const part = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((s) => s.isWellFormed());

it('K1 every identity has one key, which reads back to it', () => {
  const identity = fc.record({
    measurement: part,
    field: part,
    tags: fc.uniqueArray(fc.tuple(part, part), { selector: ([name]) => name, maxLength: 4 }),
  });
  fc.assert(
    fc.property(identity, ({ measurement, field, tags }) => {
      const sorted = { measurement, field, tags: sortTags(tags) };
      expect(parseSeriesKey(formatSeriesKey(sorted))).toEqual(sorted);
    }),
  );
});

it('K1 follows the documented form', () => {
  expect(formatSeriesKey({ measurement: 'pump', field: 'temp', tags: [['hub', 'h1']] })).toBe('pump.temp{hub=h1}');
  expect(formatSeriesKey({ measurement: 'a b', field: 'c.d', tags: [] })).toBe('a\\ b.c\\.d');
  expect(parseSeriesKey('pump.temp{z=1,a=2}')?.tags).toEqual([
    ['a', '2'],
    ['z', '1'],
  ]);
});

it.each([
  '',
  'pump',
  'pump.',
  '.temp',
  'pump.temp{',
  'pump.temp{}',
  'pump.temp{a}',
  'pump.temp{a=1',
  'pump.temp{a=1}x',
  'pump.temp{a=1,a=2}',
  'pump temp.x',
  'a.b.c',
  'a.b\\',
])('K1 refuses %s', (key) => {
  expect(parseSeriesKey(key)).toBeUndefined();
});
