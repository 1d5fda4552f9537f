import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueReader } from './value.ts';

function read(text: string): number {
  const reader = new ValueReader();
  reader.read(Buffer.from(`${text},`), 0);
  expect(reader.fault).toBe('');
  expect(reader.pos).toBe(text.length);
  return reader.value[0] ?? 0;
}

describe('ValueReader', () => {
  it('ING1 reads every double back from its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) =>
        Object.is(read(Object.is(x, -0) ? '-0' : String(x)), x),
      ),
      { numRuns: 5_000 },
    );
  });

  it('ING1 reads any decimal text as the nearest double, as Number does', () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
    const text = fc
      .tuple(fc.constantFrom('', '-'), digits(25), fc.option(digits(30)), fc.option(fc.integer({ min: -40, max: 40 })))
      .map(([sign, whole, part, e]) => `${sign}${whole}${part === null ? '' : `.${part}`}${e === null ? '' : `e${e}`}`);
    fc.assert(
      fc.property(text, (s) => Object.is(read(s), Number(s))),
      { numRuns: 5_000 },
    );
  });

  it.each(['9007199254740991', '9007199254740992', '9007199254740993', '900719925474099.25', '0.30000000000000004'])(
    'ING1 reads %s, at the edge of the fast path, as Number does',
    (text) => expect(read(text)).toBe(Number(text)),
  );

  it('ING1 reads what lies halfway between two doubles, and next to it, as Number does', () => {
    const halfway = fc
      .tuple(
        fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }),
        fc.bigInt({ min: 0n, max: 44n }),
        fc.constantFrom(-1n, 0n, 1n),
      )
      .map(([double, shift, beside]) => ((2n * double + 1n) << shift) + beside);
    fc.assert(
      fc.property(halfway, fc.integer({ min: -60, max: 60 }), (n, e) =>
        [`${n}`, `${n}e${e}`].every((s) => Object.is(read(s), Number(s))),
      ),
      { numRuns: 2_000 },
    );
  });

  it('ING1 reads 64-bit integers as the nearest double', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (n) => read(`${n}i`) === Number(n)),
      { numRuns: 5_000 },
    );
  });
});
