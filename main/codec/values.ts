import { ByteReader, ByteWriter } from './bytes.ts';
import { addUlps, type Decimals, MAX_EXPONENT, MAX_ULPS, type Patch, powerOfTen, toDecimals } from './decimals.ts';
import type { Encoding } from './encoding.ts';
import { damagedFrame } from './errors.ts';
import { readFloats, writeFloats } from './float-planes.ts';
import { LIMIT, readIntegers, writeIntegers } from './integers.ts';
import { makeSection, readSection, writeSection } from './section.ts';
import { wordsOf } from './words.ts';

/** Most bytes one patch takes: a gap, a code, eight bytes. */
const PATCH_BYTES = 20;

function bitsAt(v: Float64Array, index: number): Uint8Array {
  return new Uint8Array(v.buffer, v.byteOffset + 8 * index, 8);
}

function isConstant(v: Float64Array): boolean {
  const words = wordsOf(v);
  for (let i = 2; i < words.length; i++) if (words[i] !== words[i - 2]) return false;
  return true;
}

/** Every value has the same bits. */
const constant: Encoding = {
  number: 1,
  encode: (v) => (isConstant(v) ? bitsAt(v, 0) : undefined),
  decode(data, count) {
    if (data.length !== 8) throw damagedFrame('a constant has eight bytes');
    const v = new Float64Array(count);
    const first = bitsAt(v, 0);
    first.set(data);
    // Doubling copies keep the bits as they are.
    for (let filled = 1; filled < count; filled *= 2) v.set(v.subarray(0, Math.min(filled, count - filled)), filled);
    return v;
  },
};

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

function encodeDecimals(d: Decimals, v: Float64Array): Uint8Array {
  const out = new ByteWriter();
  out.u8(d.exponent);
  out.varint(d.patches.length);
  if (d.patches.length > 0) writeSection(out, makeSection(writePatches(d.patches, v)));
  writeIntegers(out, d.n);
  return out.finish();
}

/** Integers divided by a power of ten, some patched. */
const decimal: Encoding = {
  number: 2,
  encode(v) {
    const found = toDecimals(v, LIMIT);
    return found && encodeDecimals(found, v);
  },
  decode(data, count) {
    const from = new ByteReader(data);
    const exponent = from.u8();
    if (exponent > MAX_EXPONENT) throw damagedFrame(`it is scaled by 10^${exponent}`);
    const patches = from.varint();
    if (patches > count) throw damagedFrame('it has more patches than values');
    const patchBytes = patches === 0 ? undefined : readSection(from, PATCH_BYTES * patches);
    const v = readIntegers(from, count);
    from.end();
    const p = powerOfTen(exponent);
    for (let i = 0; i < count; i++) v[i] = (v[i] as number) / p;
    if (patchBytes !== undefined) applyPatches(new ByteReader(patchBytes), patches, v);
    return v;
  },
};

/** Any float64 values. */
const floats: Encoding = {
  number: 3,
  encode(v) {
    const out = new ByteWriter();
    writeFloats(out, v);
    return out.finish();
  },
  decode(data, count) {
    const from = new ByteReader(data);
    const v = readFloats(from, count);
    from.end();
    return v;
  },
};

/** In the order in which they are tried: the first that applies is taken. */
export const VALUE_ENCODINGS: readonly Encoding[] = [constant, decimal, floats];
