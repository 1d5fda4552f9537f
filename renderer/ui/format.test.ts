import { describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';
import { formatAgo, formatBytes, formatPercent, formatSpan, formatValue } from './format.ts';
import { createTimes, formatUtcDay } from './times.ts';

const EN = 'en-GB';

describe('format', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [999.6, '1.00 kB'],
    [542_464, '542 kB'],
    [999_900, '1.00 MB'],
    [1_370_280, '1.37 MB'],
    [31_420_000, '31.4 MB'],
    [80_023_382_184, '80.0 GB'],
    [-5, '0 B'],
  ])('U9 %d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes, EN)).toBe(text.replace(' ', '\u00a0'));
  });

  it.each([
    [19 * DAY_US, '19 days'],
    [DAY_US, '1 day'],
    [2.5 * HOUR_US, '2.5 hours'],
    [4 * MINUTE_US, '4 minutes'],
    [72 * SECOND_US, '1 minute'],
    [12 * SECOND_US, '12 seconds'],
    [2_000, '2 milliseconds'],
    [800 * DAY_US, '2.2 years'],
  ])('U9 a span of %d us is %s', (us, text) => {
    expect(formatSpan(us, EN)).toBe(text);
  });

  it('U9 ages look back, plans look ahead', () => {
    expect(formatAgo(0, 3 * MINUTE_US, 'just now', EN)).toBe('3 min ago');
    expect(formatAgo(20 * MINUTE_US, 0, 'just now', EN)).toBe('in 20 min');
    expect(formatAgo(0, SECOND_US, 'just now', EN)).toBe('just now');
  });

  it('U9 a share is never 0 % of something nor 100 % of not all', () => {
    expect(formatPercent(1, 1e9, EN)).toBe('<\u00a00.1%');
    expect(formatPercent(0.99999, 1, EN)).toBe('99.9%');
    expect(formatPercent(0, 0, EN)).toBe('0%');
    expect(formatPercent(1, 1, EN)).toBe('100%');
  });

  it('U9 values keep six digits, extremes are scientific, NaN is named', () => {
    expect([72.58408858, -0.9, 1484, 1.23e12, Number.NaN, -Infinity].map((v) => formatValue(v, EN))).toEqual([
      '72.5841',
      '-0.9',
      '1,484',
      '1.23E12',
      'NaN',
      '-Infinity',
    ]);
  });
});

describe('times', () => {
  const at = Date.UTC(2026, 6, 23, 22, 2, 5) * 1_000;

  it('U10 are in the zone of the gateway, 24-hour, the zone named', () => {
    const times = createTimes('Europe/Berlin', EN);
    expect(times.exact(at)).toBe('24 Jul 2026, 00:02:05');
    expect(times.clock(at)).toBe('00:02:05');
    expect(times.zoneName(at)).toBe('CEST');
    expect(times.exact(at + 250_000)).toBe('24 Jul 2026, 00:02:05.250');
  });

  it('U10 an unknown zone is UTC, and archive days are UTC days', () => {
    expect(createTimes('Mars/Olympus', EN).minute(at)).toBe('22:02');
    expect(formatUtcDay('2026-07-23', EN)).toBe('23 Jul 2026');
    expect(formatUtcDay('rubbish', EN)).toBe('rubbish');
  });
});
