import { hash } from 'node:crypto';
import type { Encoded, Encoding } from './encoding.ts';
import { damagedFrame, unknownEncoding } from './errors.ts';
import { DIGEST_HEX, MAX_CHUNK_READINGS } from './limits.ts';
import { tidemark } from './proto/block.js';
import { areTimes, checkTimes, encodeTimeColumn, TIME_ENCODINGS } from './times.ts';
import { encodeFirst, encodeSmallest, VALUE_ENCODINGS } from './values.ts';

const { Frame } = tidemark.v1;

/** Kinds of frames; rollup frames are another file's (rollup.ts). */
export const KIND = { times: 1, values: 2, rollup: 3 } as const;
type ColumnKind = typeof KIND.times | typeof KIND.values;

const ENCODINGS: Record<ColumnKind, readonly Encoding[]> = {
  [KIND.times]: TIME_ENCODINGS,
  [KIND.values]: VALUE_ENCODINGS,
};

/** The first 16 bytes of the SHA-256, as 32 lower-case hex digits. */
export function digest128(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, DIGEST_HEX);
}

function encodeColumn(kind: ColumnKind, column: Float64Array, encode: (column: Float64Array) => Encoded): Uint8Array {
  if (column.length < 1 || column.length > MAX_CHUNK_READINGS) {
    throw new RangeError(`a frame holds 1 to ${MAX_CHUNK_READINGS} readings, not ${column.length}`);
  }
  const { number, data } = encode(column);
  return Frame.encode({ kind, encoding: number, count: column.length, data }).finish();
}

function decodeColumn(kind: ColumnKind, bytes: Uint8Array): Float64Array {
  const frame = parseFrame(bytes, kind);
  const encoding = ENCODINGS[kind].find(({ number }) => number === frame.encoding);
  if (encoding === undefined) throw unknownEncoding(kind, frame.encoding);
  if (frame.count < 1 || frame.count > MAX_CHUNK_READINGS) throw damagedFrame(`it claims ${frame.count} readings`);
  return encoding.decode(frame.data, frame.count);
}

/** The message of a frame of the kind; throws 'damaged-frame'. */
export function parseFrame(bytes: Uint8Array, kind: number): { encoding: number; count: number; data: Uint8Array } {
  let frame: tidemark.v1.Frame;
  try {
    frame = Frame.decode(bytes);
  } catch (thrown) {
    throw damagedFrame('it is no protobuf message', thrown);
  }
  if (frame.kind !== kind) throw damagedFrame(`it is of kind ${frame.kind}, not ${kind}`);
  return frame;
}

/**
 * A timestamp column (strictly ascending integer microseconds, 1 to 131,072 of them) as the bytes of a frame.
 * Throws a RangeError for anything else.
 */
export function encodeTimes(t: Float64Array): Uint8Array {
  if (!areTimes(t)) throw new RangeError('timestamps must be strictly ascending integers within 2^53 - 1');
  return encodeColumn(KIND.times, t, encodeTimeColumn);
}

/** 1 to 131,072 values as the bytes of a frame, exact to the bit (NaN payloads, -0, infinities, denormals). */
export function encodeValues(v: Float64Array): Uint8Array {
  return encodeColumn(KIND.values, v, encodeSmallest);
}

/** The same in the encodings 1 to 3, for what a reader of any age needs. */
export function encodePlainValues(v: Float64Array): Uint8Array {
  return encodeColumn(KIND.values, v, encodeFirst);
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
