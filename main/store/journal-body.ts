import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { TidemarkError } from '../../shared/errors.ts';
import type { Batch } from './types.ts';

/** Bytes a reading takes before compression: series id, timestamp, value bits. */
const ROW = 4 + 8 + 8;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/**
 * Body of a journal row: zstd (level 1, with its checksum) of the columns timestamps, values, series ids, little-endian, back to back. The bits of
 * the values are copied, never the numbers: NaN payloads survive.
 */
export function encodeBatch(batch: Batch): Buffer {
  const n = batch.count;
  const raw = Buffer.allocUnsafe(n * ROW);
  raw.set(bytesOf(batch.t, n * 8), 0);
  raw.set(bytesOf(batch.v, n * 8), n * 8);
  raw.set(bytesOf(batch.series, n * 4), n * 16);
  return zstdCompressSync(raw, FAST);
}

/** Throws 'damaged-journal' for a body that is cut or altered. */
export function decodeBatch(body: Uint8Array, count: number): Batch {
  let raw: Buffer;
  try {
    raw = zstdDecompressSync(body, { maxOutputLength: Math.max(1, count * ROW) });
  } catch (error) {
    throw damaged(error);
  }
  if (raw.length !== count * ROW) throw damaged(undefined);
  const copy = new Uint8Array(raw);
  return {
    count,
    t: new Float64Array(copy.buffer, 0, count),
    v: new Float64Array(copy.buffer, count * 8, count),
    series: new Uint32Array(copy.buffer, count * 16, count),
  };
}

function bytesOf(column: Float64Array | Uint32Array, length: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, length);
}

function damaged(cause: unknown): TidemarkError {
  return new TidemarkError('damaged-journal', 'a journal row is damaged', { retry: 'never', blame: 'gateway', cause });
}
