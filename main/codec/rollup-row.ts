import { ByteReader, ByteWriter } from './bytes.ts';
import { damagedFrame } from './errors.ts';
import { digest128 } from './frame.ts';
import { DIGEST_BYTES } from './limits.ts';
import type { FrameRef } from './types.ts';

/** The rollup of one series and day; without a frame its readings are too few for one, or cannot all be read, and only they themselves tell. */
export interface RollupEntry {
  series: number;
  frame?: FrameRef;
}

/** Rollups of some series and one day, at one level, as the gateway keeps them. */
export interface RollupRow {
  directory: Uint8Array;
  /** Frames back to back. */
  body: Uint8Array;
}

/** `entries` by series, ascending. */
export function encodeRollupRow(entries: readonly { series: number; frame: Uint8Array | undefined }[]): RollupRow {
  const out = new ByteWriter();
  out.varint(entries.length);
  let before = 0;
  for (const { series, frame } of entries) {
    out.varint(series - before);
    out.varint(frame?.length ?? 0);
    if (frame !== undefined) out.bytes(Buffer.from(digest128(frame), 'hex'));
    before = series;
  }
  const list = out.finish();
  const directory = Buffer.concat([Buffer.from(digest128(list), 'hex'), list]);
  return { directory, body: Buffer.concat(entries.flatMap(({ frame }) => frame ?? [])) };
}

/** Throws 'damaged-frame' when the directory does not have its digest. */
export function decodeRollupDirectory(directory: Uint8Array): RollupEntry[] {
  const list = directory.subarray(DIGEST_BYTES);
  if (digest128(list) !== hex(directory.subarray(0, DIGEST_BYTES)))
    throw damagedFrame('the directory of a rollup row does not match its digest');
  const from = new ByteReader(list);
  const entries: RollupEntry[] = [];
  let [series, offset] = [0, 0];
  for (let left = from.varint(); left > 0; left--) {
    series += from.varint();
    const length = from.varint();
    if (length === 0) entries.push({ series });
    else {
      entries.push({ series, frame: { offset, length, digest: hex(from.take(DIGEST_BYTES)) } });
      offset += length;
    }
  }
  from.end();
  return entries;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
