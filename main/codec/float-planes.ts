import { ByteReader, ByteWriter } from './bytes.ts';
import type { Encoding } from './encoding.ts';
import { damagedFrame } from './errors.ts';
import { makeSection, readSection, type Section, writeSection } from './section.ts';
import { wordsOf } from './words.ts';

/**
 * Float64 values as bytes, for what is neither constant nor decimal. Values move as bits only (a number read from a typed array may
 * lose a NaN's payload). Little-endian, as every platform of Tidemark is.
 * rows: the values as they are, which suits few distinct values; planes: byte 0 of all values, then byte 1, ...; xor: planes of each
 * value's bits XOR those of the value before it (the idea of Gorilla, Pelkonen et al., VLDB 2015), which suits slow signals.
 */
const TRANSFORM = { rows: 0, planes: 1, xor: 2 } as const;
/** The transform of a longer column is chosen by its middle; a shorter column than `FEW` is not worth choosing for. */
const SAMPLE = 4096;
const FEW = 64;

function bytesOf(v: Float64Array): Uint8Array {
  return new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
}

function xorWords(v: Float64Array): Uint32Array {
  const words = wordsOf(v);
  const x = new Uint32Array(words);
  for (let i = 2; i < words.length; i++) x[i] = (words[i] as number) ^ (words[i - 2] as number);
  return x;
}

function split(rows: Uint8Array): Uint8Array {
  const count = rows.length / 8;
  const out = new Uint8Array(rows.length);
  for (let p = 0; p < 8; p++) {
    const start = p * count;
    for (let i = 0; i < count; i++) out[start + i] = rows[8 * i + p] as number;
  }
  return out;
}

function join(planes: Uint8Array): Uint8Array {
  const count = planes.length / 8;
  const out = new Uint8Array(planes.length);
  for (let p = 0; p < 8; p++) {
    const start = p * count;
    for (let i = 0; i < count; i++) out[8 * i + p] = planes[start + i] as number;
  }
  return out;
}

function apply(transform: number, v: Float64Array): Section {
  if (transform === TRANSFORM.rows) return makeSection(bytesOf(v));
  if (transform === TRANSFORM.planes) return makeSection(split(bytesOf(v)));
  const x = xorWords(v);
  return makeSection(split(new Uint8Array(x.buffer)));
}

function writeFloats(out: ByteWriter, v: Float64Array): void {
  const { transform, section } = v.length < FEW ? transformed(TRANSFORM.xor, v) : chooseTransform(v);
  out.u8(transform);
  writeSection(out, section);
}

interface Transformed {
  transform: number;
  section: Section;
}

function transformed(transform: number, v: Float64Array): Transformed {
  return { transform, section: apply(transform, v) };
}

function chooseTransform(v: Float64Array): Transformed {
  const middle = Math.max(0, (v.length - SAMPLE) >> 1);
  const part = v.subarray(middle, middle + SAMPLE);
  const tries = Object.values(TRANSFORM).map((transform) => transformed(transform, part));
  const best = tries.reduce((a, b) => (b.section.bytes.length < a.section.bytes.length ? b : a));
  return part.length === v.length ? best : transformed(best.transform, v);
}

function readFloats(from: ByteReader, count: number): Float64Array {
  const transform = from.u8();
  if (transform > TRANSFORM.xor) throw damagedFrame(`it has the unknown float transform ${transform}`);
  const payload = readSection(from, 8 * count);
  if (payload.length !== 8 * count) throw damagedFrame('its float bytes do not fit its count');
  const v = new Float64Array(count);
  bytesOf(v).set(transform === TRANSFORM.rows ? payload : join(payload));
  if (transform === TRANSFORM.xor) {
    const words = wordsOf(v);
    for (let i = 2; i < words.length; i++) words[i] = (words[i] as number) ^ (words[i - 2] as number);
  }
  return v;
}

/** Columns of any float64 values, as the encoding of that number. */
export function floatPlanes(number: number) {
  return {
    number,
    encode(column: Float64Array): Uint8Array {
      const out = new ByteWriter();
      writeFloats(out, column);
      return out.finish();
    },
    decode(data: Uint8Array, count: number): Float64Array {
      const from = new ByteReader(data);
      const column = readFloats(from, count);
      from.end();
      return column;
    },
  } satisfies Encoding;
}
