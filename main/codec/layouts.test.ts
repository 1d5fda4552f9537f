import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TidemarkError } from '../../shared/errors.ts';
import { bitsFor, fromLayout, LAYOUT, packedBytes, toPacked, toPlanes } from './layouts.ts';

const columns = fc
  .integer({ min: 1, max: 53 })
  .chain((bits) =>
    fc
      .array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { minLength: 1, maxLength: 80, size: 'max' })
      .map((u) => Float64Array.from(u)),
  );

test('C1 integers of every width from 1 to 53 bits come back from planes and from packed bits', () => {
  fc.assert(
    fc.property(columns, (u) => {
      const max = Math.max(...u);
      expect(fromLayout(LAYOUT.planes, toPlanes(u, max), u.length)).toEqual(u);
      const packed = toPacked(u, max);
      expect(packed.length).toBe(packedBytes(u.length, bitsFor(max)));
      expect(fromLayout(LAYOUT.packed, packed, u.length)).toEqual(u);
    }),
    { numRuns: 1000 },
  );
});

test('C5 payloads of the wrong length or width, and unknown layouts, are refused', () => {
  const u = Float64Array.of(1, 2, 3);
  for (const [layout, payload] of [
    [LAYOUT.planes, toPlanes(u, 3)],
    [LAYOUT.packed, toPacked(u, 3)],
  ] as const) {
    expect(() => fromLayout(layout, payload, 30)).toThrow(TidemarkError);
    expect(() => fromLayout(layout, payload.subarray(0, -1), 3)).toThrow(TidemarkError);
    expect(() => fromLayout(layout, Uint8Array.of(0), 0)).toThrow(TidemarkError);
    expect(() => fromLayout(layout, Uint8Array.of(200, ...new Uint8Array(600)), 3)).toThrow(TidemarkError);
  }
  expect(() => fromLayout(9, toPlanes(u, 3), 3)).toThrow(/unknown layout 9/);
});
