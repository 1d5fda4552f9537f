import { hash } from 'node:crypto';
import type { Encoding } from './encoding.ts';
import { damagedFrame, unknownEncoding } from './errors.ts';
import { DIGEST_HEX, MAX_CHUNK_READINGS } from './limits.ts';
import { tidemark } from './proto/block.js';
import { areTimes, checkTimes, TIME_ENCODINGS } from './times.ts';
import { VALUE_ENCODINGS } from './values.ts';

const { Frame } = tidemark.v1;

/** Kinds of frames. 3 is kept for rollups. */
export const KIND = { times: 1, values: 2 } as const;
type Kind = (typeof KIND)[keyof typeof KIND];

const ENCODINGS: Record<Kind, readonly Encoding[]> = { [KIND.times]: TIME_ENCODINGS, [KIND.values]: VALUE_ENCODINGS };

/** The first 16 bytes of the SHA-256, as 32 lower-case hex digits. */
export function digest128(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, DIGEST_HEX);
}

function encodeColumn(kind: Kind, column: Float64Array): Uint8Array {
  if (column.length < 1 || column.length > MAX_CHUNK_READINGS) {
    throw new RangeError(`a frame holds 1 to ${MAX_CHUNK_READINGS} readings, not ${column.length}`);
  }
  for (const { number, encode } of ENCODINGS[kind]) {
    const data = encode(column);
    if (data !== undefined) return Frame.encode({ kind, encoding: number, count: column.length, data }).finish();
  }
  throw new RangeError(`no encoding of kind ${kind} suits the column`);
}

function decodeColumn(kind: Kind, bytes: Uint8Array): Float64Array {
  const frame = parse(bytes);
  if (frame.kind !== kind) throw damagedFrame(`it is of kind ${frame.kind}, not ${kind}`);
  const encoding = ENCODINGS[kind].find(({ number }) => number === frame.encoding);
  if (encoding === undefined) throw unknownEncoding(kind, frame.encoding);
  if (frame.count < 1 || frame.count > MAX_CHUNK_READINGS) throw damagedFrame(`it claims ${frame.count} readings`);
  return encoding.decode(frame.data, frame.count);
}

function parse(bytes: Uint8Array): { kind: number; encoding: number; count: number; data: Uint8Array } {
  try {
    return Frame.decode(bytes);
  } catch (thrown) {
    throw damagedFrame('it is no protobuf message', thrown);
  }
}

/**
 * A timestamp column (strictly ascending integer microseconds, 1 to 131,072 of them) as the bytes of a frame.
 * Throws a RangeError for anything else.
 */
export function encodeTimes(t: Float64Array): Uint8Array {
  if (!areTimes(t)) throw new RangeError('timestamps must be strictly ascending integers within 2^53 - 1');
  return encodeColumn(KIND.times, t);
}

/** 1 to 131,072 values as the bytes of a frame, exact to the bit (NaN payloads, -0, infinities, denormals). */
export function encodeValues(v: Float64Array): Uint8Array {
  return encodeColumn(KIND.values, v);
}

/** Throws 'damaged-frame' or 'unknown-encoding', whatever the bytes are; the result is strictly ascending. */
export function decodeTimes(frame: Uint8Array): Float64Array {
  return checkTimes(decodeColumn(KIND.times, frame));
}

/** Throws 'damaged-frame' or 'unknown-encoding', whatever the bytes are. */
export function decodeValues(frame: Uint8Array): Float64Array {
  return decodeColumn(KIND.values, frame);
}

export { zoneOf } from './zone.ts';
