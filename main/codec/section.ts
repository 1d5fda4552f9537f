import type { ByteReader, ByteWriter } from './bytes.ts';
import { expand, shrink } from './compress.ts';
import { damagedFrame } from './errors.ts';

/** Bytes with their length before them, compressed when that makes them shorter. */
export interface Section {
  bytes: Uint8Array;
  compressed: boolean;
}

export function makeSection(payload: Uint8Array): Section {
  const shrunk = shrink(payload);
  return shrunk === undefined ? { bytes: payload, compressed: false } : { bytes: shrunk, compressed: true };
}

export function writeSection(out: ByteWriter, section: Section): void {
  out.varint(section.bytes.length * 2 + (section.compressed ? 1 : 0));
  out.bytes(section.bytes);
}

/** Reads a section back; a payload of more than `maxLength` bytes is refused before it takes memory. */
export function readSection(from: ByteReader, maxLength: number): Uint8Array {
  const head = from.varint();
  const bytes = from.take(Math.floor(head / 2));
  if (head % 2 === 0) {
    if (bytes.length > maxLength) throw damagedFrame('a section is longer than its column');
    return bytes;
  }
  try {
    return expand(bytes, maxLength);
  } catch (thrown) {
    throw damagedFrame('a section does not decompress', thrown);
  }
}
