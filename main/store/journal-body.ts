import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { TidemarkError } from '../../shared/errors.ts';
import { mostRawBytes, packColumns, unpackColumns } from './journal-columns.ts';
import type { Batch } from './types.ts';

/** Bytes a reading takes in a plain body before compression: series id, timestamp, value bits. */
const ROW = 4 + 8 + 8;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };
/** First byte of a packed body, of today's and of the first; a plain one begins as every zstd frame does. */
const BY_DIFFERENCE = 3;
const PACKED = 2;
const ZSTD = 0x28;

/**
 * Body of a journal row. Packed: the byte 3, then zstd (level 1, with its checksum) of packed columns (journal-columns.ts); after a 2 their decimals are no
 * differences, and are only read. Plain, as the first version wrote all: zstd of the columns timestamps, values, series ids, little-endian, back to back; still written for times too far apart to pack. The bits of
 * values are kept, never the numbers: NaN payloads survive.
 */
export function encodeBatch(batch: Batch): Buffer {
  const packed = packColumns(batch);
  return packed === undefined
    ? encodePlain(batch)
    : Buffer.concat([Buffer.of(BY_DIFFERENCE), zstdCompressSync(packed, FAST)]);
}

function encodePlain(batch: Batch): Buffer {
  const n = batch.count;
  const raw = Buffer.allocUnsafe(n * ROW);
  raw.set(bytesOf(batch.t, n * 8), 0);
  raw.set(bytesOf(batch.v, n * 8), n * 8);
  raw.set(bytesOf(batch.series, n * 4), n * 16);
  return zstdCompressSync(raw, FAST);
}

/** Throws 'damaged-journal' for a body that is cut or altered, or of a version that is not known. */
export function decodeBatch(body: Uint8Array, count: number): Batch {
  if (body[0] === ZSTD) return decodePlain(decompress(body, count * ROW), count);
  const byDifference = body[0] === BY_DIFFERENCE;
  if (!byDifference && body[0] !== PACKED) throw damaged(undefined);
  const batch = unpackColumns(decompress(body.subarray(1), mostRawBytes(count)), count, byDifference);
  if (batch === undefined) throw damaged(undefined);
  return batch;
}

function decompress(frame: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  try {
    // A copy: columns are views, which must begin at a multiple of their items' size.
    return new Uint8Array(zstdDecompressSync(frame, { maxOutputLength: Math.max(1, most) }));
  } catch (error) {
    throw damaged(error);
  }
}

function decodePlain({ buffer, length }: Uint8Array<ArrayBuffer>, count: number): Batch {
  if (length !== count * ROW) throw damaged(undefined);
  return {
    count,
    t: new Float64Array(buffer, 0, count),
    v: new Float64Array(buffer, count * 8, count),
    series: new Uint32Array(buffer, count * 16, count),
  };
}

function bytesOf(column: Float64Array | Uint32Array, length: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, length);
}

function damaged(cause: unknown): TidemarkError {
  return new TidemarkError('damaged-journal', 'a journal row is damaged', { retry: 'never', blame: 'gateway', cause });
}
