import { describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../../shared/units.ts';
import { keyAction, pinchRange, wheelFactor } from './steer.ts';
import { createTickFormats, tickLabels } from './ticks.ts';

describe('steering', () => {
  const start = { from: 0, to: 1_000 };

  it('U10 the time under each finger stays under it', () => {
    const range = pinchRange(start, [0.4, 0.6], [0.2, 0.8]);
    expect(range.from + 0.2 * (range.to - range.from)).toBeCloseTo(400);
    expect(range.from + 0.8 * (range.to - range.from)).toBeCloseTo(600);
    const moved = pinchRange(start, [0.4, 0.6], [0.7, 0.5]);
    expect(moved.from).toBeCloseTo(-100);
    expect(moved.to).toBeCloseTo(900);
    const met = pinchRange(start, [0.1, 0.9], [0.5, 0.5]);
    expect(met.to - met.from).toBeLessThanOrEqual(20_000);
  });

  it('U10 wheel up zooms in, down zooms out by as much', () => {
    expect(wheelFactor(-100, false) * wheelFactor(100, false)).toBeCloseTo(1);
    expect(wheelFactor(-100, false)).toBeLessThan(1);
    expect(wheelFactor(1e6, true)).toBeLessThan(12);
  });

  it('U10 keys of the chart; those of the browser are left alone', () => {
    const key = (name: string, held: Partial<Parameters<typeof keyAction>[0]> = {}) =>
      keyAction({ key: name, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held });
    expect(key('+', { shiftKey: true })).toEqual({ command: 'zoomIn' });
    expect(key('-')).toEqual({ command: 'zoomOut' });
    expect(key('ArrowLeft')).toEqual({ command: 'earlier' });
    expect(key('ArrowRight', { shiftKey: true })).toEqual({ step: 1 });
    expect(key('0')).toEqual({ command: 'reset' });
    expect(key('-', { ctrlKey: true })).toBeUndefined();
    expect(key('Tab')).toBeUndefined();
  });
});

describe('time axis', () => {
  const formats = createTickFormats('Europe/Berlin', 'en-GB');
  const ticks = (from: string, stepUs: number, n: number): number[] =>
    Array.from({ length: n }, (_, i) => Date.parse(from) / 1e3 + (i * stepUs) / 1e6);

  it('U11 hours in the zone of the gateway, 24-hour, the day where it changes', () => {
    expect(tickLabels(ticks('2026-11-23T21:00:00Z', HOUR_US, 4), 3_600, formats, 0)).toEqual([
      '22:00\n23 Nov',
      '23:00',
      '00:00\n24 Nov',
      '01:00',
    ]);
  });

  it('U11 what is greater stands at the first tick that is seen', () => {
    const days = ticks('2026-11-21T23:00:00Z', DAY_US, 3);
    expect(tickLabels(days, 86_400, formats, (days[0] ?? 0) + 1)).toEqual(['', '23 Nov\n2026', '24 Nov']);
  });

  it('U11 days with the year where it changes, years alone', () => {
    expect(tickLabels(ticks('2026-12-30T23:00:00Z', DAY_US, 2), 86_400, formats, 0)).toEqual([
      '31 Dec\n2026',
      '1 Jan\n2027',
    ]);
    expect(tickLabels(ticks('2025-12-31T23:00:00Z', 365 * DAY_US, 2), 365 * 86_400, formats, 0)).toEqual([
      '2026',
      '2027',
    ]);
  });
});
