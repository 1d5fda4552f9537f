import { damagedBlock } from './errors.ts';
import { DIGEST_BYTES } from './limits.ts';
import type { FrameRef } from './types.ts';

/** The frames of a directory, each once, ascending by offset. */
export type FrameTable = readonly FrameRef[];

interface Columns {
  frameGap?: number[] | null;
  frameLength?: number[] | null;
  frameDigest?: Uint8Array | null;
}

/** Two references with the same key mean the same frame. */
export function frameKey({ offset }: FrameRef): number {
  return offset;
}

/** The frames back to back from `start` leave out the column of gaps. Throws a RangeError when two frames overlap. */
export function encodeFrameTable(
  refs: readonly FrameRef[],
  start: number,
): { columns: Columns; indexOf: (key: number) => number } {
  const byKey = new Map(refs.map((ref) => [frameKey(ref), ref]));
  const frames = [...byKey.values()].sort((a, b) => a.offset - b.offset);
  const at = new Map(frames.map((frame, i) => [frameKey(frame), i]));
  const digests = Buffer.alloc(DIGEST_BYTES * frames.length);
  const gaps: number[] = [];
  let end = start;
  for (const [i, { offset, length, digest }] of frames.entries()) {
    if (offset < end) throw new RangeError(`the frame at ${offset} overlaps the one before it`);
    gaps.push(offset - end);
    end = offset + length;
    digests.write(digest, DIGEST_BYTES * i, 'hex');
  }
  const frameGap = gaps.some((gap) => gap !== 0) ? gaps : [];
  const columns = { frameGap, frameLength: frames.map(({ length }) => length), frameDigest: digests };
  return { columns, indexOf: (key) => at.get(key) ?? -1 };
}

/** Undoes `encodeFrameTable` with the same `start`. Throws 'damaged-block' when the columns do not fit each other. */
export function decodeFrameTable(columns: Columns, start: number): FrameTable {
  const lengths = columns.frameLength ?? [];
  const gaps = columns.frameGap?.length ? columns.frameGap : undefined;
  const digests = columns.frameDigest ?? new Uint8Array(0);
  if ((gaps ?? lengths).length !== lengths.length || digests.length !== DIGEST_BYTES * lengths.length) {
    throw damagedBlock('the columns of the frames table differ in length');
  }
  const hex = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength).toString('hex');
  let end = start;
  return lengths.map((length, i) => {
    const offset = end + (gaps?.[i] ?? 0);
    end = offset + length;
    if (offset < 0 || !Number.isSafeInteger(end)) throw damagedBlock(`frame ${i} lies at ${offset}`);
    return { offset, length, digest: hex.slice(2 * DIGEST_BYTES * i, 2 * DIGEST_BYTES * (i + 1)) };
  });
}
