import { ByteReader, ByteWriter } from './bytes.ts';
import { MAX_EXPONENT, powerOfTen, toDecimals } from './decimals.ts';
import type { Encoding } from './encoding.ts';
import { damagedFrame } from './errors.ts';
import { MAX_SHIFT, toFractions } from './fractions.ts';
import { LIMIT, readIntegers, writeIntegers } from './integers.ts';
import { addUlps, MAX_ULPS, type Patch, type Scaled } from './scaled.ts';
import { makeSection, readSection, writeSection } from './section.ts';
import { bitsAt } from './words.ts';

/** Most bytes one patch takes: a gap, a code, eight bytes. */
const PATCH_BYTES = 20;

function writePatches(patches: Patch[], v: Float64Array): Uint8Array {
  const out = new ByteWriter();
  let next = 0;
  for (const { index, ulps } of patches) {
    out.varint(index - next);
    next = index + 1;
    if (ulps === undefined) {
      out.varint(0);
      out.bytes(bitsAt(v, index));
    } else out.varint(ulps < 0 ? -2 * ulps : 2 * ulps + 1);
  }
  return out.finish();
}

function applyPatches(from: ByteReader, patches: number, v: Float64Array): void {
  let next = 0;
  for (let i = 0; i < patches; i++) {
    const index = next + from.varint();
    if (index >= v.length) throw damagedFrame('a patch lies behind the last value');
    next = index + 1;
    const code = from.varint();
    if (code === 0) {
      bitsAt(v, index).set(from.take(8));
      continue;
    }
    const ulps = code % 2 === 0 ? -code / 2 : (code - 1) / 2;
    if (Math.abs(ulps) > MAX_ULPS) throw damagedFrame('a patch moves a value too far');
    addUlps(v, index, ulps);
  }
  from.end();
}

/** `v` as the integers and patches that were found for it, as frame data. */
export function encodeScaled({ exponent, n, patches }: Scaled, v: Float64Array): Uint8Array {
  const out = new ByteWriter();
  out.u8(exponent);
  out.varint(patches.length);
  if (patches.length > 0) writeSection(out, makeSection(writePatches(patches, v)));
  writeIntegers(out, n);
  return out.finish();
}

interface Base {
  number: number;
  find(v: Float64Array, limit: number): Scaled | undefined;
  divisor(exponent: number): number;
  maxExponent: number;
  name: string;
}

function scaledBy({ number, find, divisor, maxExponent, name }: Base): Encoding {
  return {
    number,
    encode(v) {
      const found = find(v, LIMIT);
      return found && encodeScaled(found, v);
    },
    decode(data, count) {
      const from = new ByteReader(data);
      const exponent = from.u8();
      if (exponent > maxExponent) throw damagedFrame(`it is scaled by ${name}^${exponent}`);
      const patches = from.varint();
      if (patches > count) throw damagedFrame('it has more patches than values');
      const patchBytes = patches === 0 ? undefined : readSection(from, PATCH_BYTES * patches);
      const v = readIntegers(from, count);
      from.end();
      const d = divisor(exponent);
      for (let i = 0; i < count; i++) v[i] = (v[i] as number) / d;
      if (patchBytes !== undefined) applyPatches(new ByteReader(patchBytes), patches, v);
      return v;
    },
  };
}

/** Integers divided by a power of ten, some patched. */
export const decimal = scaledBy({
  number: 2,
  find: toDecimals,
  divisor: powerOfTen,
  maxExponent: MAX_EXPONENT,
  name: '10',
});

/** Integers divided by a power of two, some patched. */
export const fraction = scaledBy({
  number: 4,
  find: toFractions,
  divisor: (exponent) => 2 ** exponent,
  maxExponent: MAX_SHIFT,
  name: '2',
});
