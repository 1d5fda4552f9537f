import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { damagedBlock, unknownFormat } from './errors.ts';
import { DIGEST_BYTES } from './limits.ts';

/** Version of the object layout: the low four bits of an object's last byte. */
export const FORMAT_VERSION = 2;
/** What an object starts with; the first byte is no ASCII. */
export const MAGIC: Uint8Array = Uint8Array.of(0x89, 0x54, 0x4d, 0x42);
/** An object of format 1 starts and ends with these bytes. */
const MAGIC_1 = Uint8Array.of(...MAGIC, 0x0d, 0x0a, 0x1a, 1);

/** Form, the last byte: version, and two marks. */
const BARE = 0x10;
const PACKED = 0x20;
const SEAL_BYTES = 8;
const MAX_LENGTH_BYTES = 5;

/** Trailer of format 1: index offset (u64), index length (u64), index digest (16), CRC-32 of these (u32), magic (8); little-endian. */
const CRC_AT = 8 + 8 + DIGEST_BYTES;
const MAGIC_AT = CRC_AT + 4;
const TRAILER_1_BYTES = MAGIC_AT + MAGIC_1.length;

/** So many bytes of an object's end hold its trailer, whatever the format; a shorter object is given whole. */
export const MAX_TRAILER_BYTES: number = TRAILER_1_BYTES;

/** Where the index of an object is. Offsets are bytes from the start of the object. */
export interface Trailer {
  version: number;
  /** The index says only what the frames do not: to read it takes the whole object. */
  bare: boolean;
  /** The index is compressed (format 2: as a section is; format 1: as a zstd frame). */
  packed: boolean;
  indexOffset: number;
  indexLength: number;
  /** The digest covers [from, to), then `form`; as hex digits. */
  from: number;
  to: number;
  form: Uint8Array;
  digest: string;
}

/** The bytes that an object of a format version starts with. */
export function magicOf(version: number): Uint8Array {
  return version === 1 ? MAGIC_1 : MAGIC;
}

/**
 * Index and trailer of an object of format 2: the index, its length (base 128, the byte nearest the end first), a digest, the form. The digest covers
 * `before` too, which is the whole object so far when the index is bare, else nothing.
 */
export function seal(index: Uint8Array, o: { packed: boolean; before?: Uint8Array }): Uint8Array {
  const length: number[] = [];
  for (let rest = index.length; rest > 0 || length.length === 0; rest = Math.floor(rest / 0x80))
    length.unshift((rest % 0x80) | (rest >= 0x80 ? 0x80 : 0));
  const form = Uint8Array.of(FORMAT_VERSION | (o.before === undefined ? 0 : BARE) | (o.packed ? PACKED : 0));
  const covered = Buffer.concat([index, Uint8Array.from(length)]);
  const digest = digestOf([o.before ?? new Uint8Array(0), covered, form]).subarray(0, SEAL_BYTES);
  return Buffer.concat([covered, digest, form]);
}

/**
 * Reads the trailer of an object of `size` bytes from its end: MAX_TRAILER_BYTES or more of it, or all. Throws 'damaged-block', or 'unknown-format' for
 * a newer version.
 */
export function parseTrailer(end: Uint8Array, size: number): Trailer {
  const bytes = Buffer.from(end.buffer, end.byteOffset, end.byteLength);
  const form = bytes.at(-1);
  if (form === undefined) throw damagedBlock('it is empty');
  const version = form & 0x0f;
  if (version === 1) return parseTrailer1(bytes, size);
  if (version !== FORMAT_VERSION || (form & ~(BARE | PACKED)) !== FORMAT_VERSION)
    throw unknownFormat(`the block has format version ${version} (${form}), known are 1 and ${FORMAT_VERSION}`);
  let at = bytes.length - 1 - SEAL_BYTES;
  const digest = bytes.toString('hex', Math.max(0, at), bytes.length - 1);
  let indexLength = 0;
  for (let unit = 1, more = true; more; unit *= 0x80) {
    const byte = bytes[--at];
    if (byte === undefined || unit >= 0x80 ** MAX_LENGTH_BYTES) throw damagedBlock('its trailer cannot be read');
    indexLength += (byte & 0x7f) * unit;
    more = byte >= 0x80;
  }
  const indexOffset = size - (bytes.length - at) - indexLength;
  if (indexOffset < MAGIC.length) throw damagedBlock('its index is longer than the object');
  const bare = (form & BARE) !== 0;
  const covers = { from: bare ? 0 : indexOffset, to: size - 1 - SEAL_BYTES, form: Uint8Array.of(form), digest };
  return { version, bare, packed: (form & PACKED) !== 0, indexOffset, indexLength, ...covers };
}

function parseTrailer1(end: Buffer, size: number): Trailer {
  if (end.length < TRAILER_1_BYTES) throw damagedBlock(`its end has ${end.length} bytes, too few for a trailer`);
  const bytes = end.subarray(-TRAILER_1_BYTES);
  if (!bytes.subarray(MAGIC_AT).equals(MAGIC_1)) throw damagedBlock('it does not end like a block');
  if (crc32(bytes.subarray(0, CRC_AT)) !== bytes.readUInt32LE(CRC_AT))
    throw damagedBlock('its trailer does not match its CRC');
  const indexOffset = Number(bytes.readBigUInt64LE(0));
  const indexLength = Number(bytes.readBigUInt64LE(8));
  if (indexOffset + indexLength !== size - TRAILER_1_BYTES) throw damagedBlock('its index does not fit its size');
  const covers = { from: indexOffset, to: indexOffset + indexLength, form: new Uint8Array(0) };
  const digest = bytes.toString('hex', 16, 16 + DIGEST_BYTES);
  return { version: 1, bare: false, packed: true, indexOffset, indexLength, ...covers, digest };
}

/** The bytes of the index out of `bytes`, the object from byte `trailer.from` to its end; throws 'damaged-block' when the digest does not fit. */
export function sealedIndex(bytes: Uint8Array, trailer: Trailer): Uint8Array {
  const covered = bytes.subarray(0, trailer.to - trailer.from);
  const digest = digestOf([covered, trailer.form]).toString('hex', 0, trailer.digest.length / 2);
  if (digest !== trailer.digest) throw damagedBlock('it does not match its digest');
  const start = trailer.indexOffset - trailer.from;
  return bytes.subarray(start, start + trailer.indexLength);
}

function digestOf(pieces: readonly Uint8Array[]): Buffer {
  const sha = createHash('sha256');
  for (const piece of pieces) sha.update(piece);
  return sha.digest();
}
