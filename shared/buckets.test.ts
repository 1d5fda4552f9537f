import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketGrid, bucketOf, bucketStart } from './buckets.ts';

it('Q2 each timestamp of a range lies in exactly the bucket it is counted in', () => {
  const time = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
  fc.assert(
    fc.property(
      time,
      fc.integer({ min: 1, max: 2 ** 51 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (from, width, points, part) => {
        const grid = bucketGrid(from, from + width, points);
        const t = from + Math.floor(part * width);
        const i = bucketOf(grid, t);
        expect(i).toBeGreaterThanOrEqual(0);
        expect(i).toBeLessThan(grid.points);
        expect(bucketStart(grid, i)).toBeLessThanOrEqual(t);
        expect(bucketStart(grid, i + 1)).toBeGreaterThan(t);
      },
    ),
  );
});
