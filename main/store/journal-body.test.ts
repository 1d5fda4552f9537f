import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatch, encodeBatch } from './journal-body.ts';
import type { Batch } from './types.ts';

/** Written by the first released version: see `released` below. */
const RELEASED =
  '28b52ffd24788d02007403000079609028184314c000ff3f43043412f87ff43f0080f07f8035400008c001000000020000000100000000286bee07000000010000000b004006b8180cbc3230180c021e2a07b40b7cc002830b172f04ca46';

/** Packed, with decimals that are no differences: what came between the first version and today's. */
const WITHOUT_DIFFERENCES =
  '0228b52ffd2478dd0200c205131ea03973109b008310a340e1292087bf7e1a505ca7337c1a47c97fd1139202d392fc6fadbb6fb553398c27c7e14a6001692208c164dbaebc6108cf0714515203f014068ad500459494f8cb97040020040197ca01b43f064b4fa17e75';

function batchOf(rows: readonly { series: number; t: number; v: number }[]): Batch {
  return {
    count: rows.length,
    series: Uint32Array.from(rows, ({ series }) => series),
    t: Float64Array.from(rows, ({ t }) => t),
    v: Float64Array.from(rows, ({ v }) => v),
  };
}

/** Values as bits: NaN payloads count. */
const plainOf = ({ count, series, t, v }: Batch) => ({
  series: [...series.subarray(0, count)],
  t: [...t.subarray(0, count)],
  v: [...new BigUint64Array(v.slice(0, count).buffer)],
});

const value = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 21_474_836.47, -2_147_483_648),
  fc.integer({ min: -100_000, max: 100_000 }).map((n) => n / 100),
  fc.integer(),
);
const time = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 1_000 }).map((n) => 1_700_000_000_000_000 + n),
);
const batch = fc
  .array(fc.record({ series: fc.nat(0xffff_fffe), t: time, v: value }), { minLength: 1, maxLength: 300 })
  .map(batchOf);

describe('journal rows', () => {
  it('D6 gives back what was put in, to the bit', () => {
    fc.assert(
      fc.property(batch, (given) => {
        expect(plainOf(decodeBatch(encodeBatch(given), given.count))).toEqual(plainOf(given));
      }),
    );
    const payload = batchOf([{ series: 1, t: 1, v: 0 }]);
    new BigUint64Array(payload.v.buffer)[0] = 0xfff8_0000_dead_beefn;
    expect(plainOf(decodeBatch(encodeBatch(payload), 1))).toEqual(plainOf(payload));
  });

  it('D6 reads rows that the released version wrote', () => {
    const { v, ...rest } = plainOf(decodeBatch(Buffer.from(RELEASED, 'hex'), 6));
    expect(rest).toEqual({
      series: [1, 2, 1, 4_000_000_000, 7, 1],
      t: [1_700_000_000_000_000, 1_700_000_000_000_000, -5, 0, Number.MAX_SAFE_INTEGER, 1_700_000_000_000_001],
    });
    const others = new BigUint64Array(Float64Array.of(1.25, -0, Number.POSITIVE_INFINITY, 21.5, -3).buffer);
    expect(v).toEqual([0x7ff8_0000_0000_1234n, ...others]);
  });

  it('D6 reads rows that were packed without differences', () => {
    const { v, ...rest } = plainOf(decodeBatch(Buffer.from(WITHOUT_DIFFERENCES, 'hex'), 6));
    expect(rest).toEqual({
      series: [7, 8, 7, 4_000_000_000, 7, 8],
      t: [1_700_000_000_000_000, 1_700_000_000_000_000, 1_700_000_001_000_000, -5, 0, 1_700_000_000_000_001],
    });
    expect(v).toEqual([
      ...new BigUint64Array(Float64Array.of(21.5, -3.25, 21.75, -0, Number.POSITIVE_INFINITY, -3.5).buffer),
    ]);
  });

  it('D6 takes one byte or less for a reading of a pump', () => {
    const walks = Array.from({ length: 800 }, (_, i) => 1_000 + i * 11);
    const rows = Array.from({ length: 40_000 }, (_, i) => {
      const at = 1_700_000_000_000_000 + Math.floor(i / 8) * 10_000;
      walks[i % 800] = (walks[i % 800] ?? 0) + ((i * 7_919) % 21) - 10;
      return { series: 1 + (i % 800), t: at, v: (walks[i % 800] ?? 0) / 100 };
    });
    expect(encodeBatch(batchOf(rows)).length).toBeLessThan(rows.length);
  });

  it('D7 a row that is cut, or of which bits flipped, is refused and never read as other readings', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      series: i % 3,
      t: i * 1_000,
      v: i % 5 === 0 ? i / 7 : i / 10,
    }));
    const given = batchOf(rows);
    const far = batchOf([
      ...rows,
      { series: 1, t: -Number.MAX_SAFE_INTEGER, v: 1 },
      { series: 1, t: 2 ** 53 - 1, v: 1 },
    ]);
    for (const each of [given, far]) {
      const body = encodeBatch(each);
      const refused = expect.objectContaining({ code: 'damaged-journal' });
      for (let length = 0; length < body.length; length++)
        expect(() => decodeBatch(body.subarray(0, length), each.count)).toThrow(refused);
      for (let bit = 0; bit < body.length * 8; bit++) {
        const altered = Buffer.from(body);
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        let read: Batch;
        try {
          read = decodeBatch(altered, each.count);
        } catch (error) {
          expect(error).toEqual(refused);
          continue;
        }
        // A bit of the frame's own header that changes nothing.
        expect(plainOf(read)).toEqual(plainOf(each));
      }
      expect(() => decodeBatch(body, each.count + 1)).toThrow(refused);
      expect(() => decodeBatch(body, each.count - 1)).toThrow(refused);
    }
  });
});
