import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Growth, grow, type Limits, type MeasuredDay, type MeasuredMemory } from './model.ts';

const LIMITS: Limits = {
  ingest: 2_000_000,
  maxSeries: 200_000,
  blockBytes: 32e6,
  partBytes: 5 << 20,
  localDays: 30,
  headReadings: 2_000_000,
};
const MEMORY: MeasuredMemory = { idleBytes: 130e6, seriesBytes: 400, headReadingBytes: 24 };

const day = fc.record({
  readingsPerSecond: fc.constantFrom(1 / 60, 1, 100),
  bucketBytes: fc.integer({ min: 1, max: 50_000_000 }),
  indexBytes: fc.integer({ min: 1, max: 5_000 }),
  rollupBytes: fc.integer({ min: 1, max: 10_000 }),
  busySeconds: fc.constantFrom(0.005, 0.06, 7),
});
const series = fc.integer({ min: 1, max: 1_000_000 });
const years = fc.integer({ min: 1, max: 20 });

const of = (day: MeasuredDay, series: number, years: number): Growth =>
  grow({ series, readingsPerSecond: day.readingsPerSecond, years }, day, MEMORY, LIMITS);

test('G7 objects, requests and gateways are whole, and each gateway and object is within its limits', () => {
  fc.assert(
    fc.property(day, series, years, (day, n, y) => {
      const g = of(day, n, y);
      for (const whole of [g.objects, g.writes, g.reads, g.gateways]) expect(Number.isInteger(whole)).toBe(true);
      expect(g.readingsPerSecond / g.gateways).toBeLessThanOrEqual(LIMITS.ingest);
      expect(n / g.gateways).toBeLessThanOrEqual(LIMITS.maxSeries);
      expect(g.busySecondsADay).toBeLessThan(86_401);
      // A year has a quarter of a day.
      expect(g.bucketBytes / (g.objects + 1)).toBeLessThanOrEqual(LIMITS.blockBytes);
      expect(g.localBytes).toBeGreaterThan(g.manifestBytes);
    }),
  );
});

test('G7 more series or more years never take less', () => {
  fc.assert(
    fc.property(day, series, series, years, years, (day, n1, n2, y1, y2) => {
      const less = of(day, Math.min(n1, n2), Math.min(y1, y2));
      const more = of(day, Math.max(n1, n2), Math.max(y1, y2));
      for (const what of ['bucketBytes', 'objects', 'localBytes', 'leastBytes', 'gateways'] as const)
        expect(more[what]).toBeGreaterThanOrEqual(less[what]);
    }),
  );
});
