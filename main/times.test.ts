import { expect, it } from 'vitest';
import { formatTime } from './cli/format.ts';
import { parseTime } from './times.ts';

it.each([
  ['1970-01-01T00:00:01Z', 1_000_000],
  ['1970-01-01', 0],
  ['1970-01-01T01:00:00.000001+01:00', 1],
  ['-5', -5],
  ['1700000000000000', 1_700_000_000_000_000],
  ['2026-01-31t12:00z', 1_769_860_800_000_000],
  ['1970-01-01T00:00:00.1234567Z', 123_456],
])('Q1 reads the time %s', (text, us) => {
  expect(parseTime(text, 'from')).toBe(us);
});

it.each(['', 'yesterday', '2026-02-30', '2026-13-01T00:00:00Z', '1e9', '99999999999999999999', '2026-01-01T25:00:00Z'])(
  'Q1 refuses %s by name',
  (text) => {
    expect(() => parseTime(text, 'to')).toThrow(/^to: /);
  },
);

it('Q1 prints times to the microsecond and reads them back', () => {
  for (const us of [0, 1, -1, 1_700_000_000_000_001, -1_000_000_000_005])
    expect(parseTime(formatTime(us), 'x')).toBe(us);
});
