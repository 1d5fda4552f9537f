import type { FrameRef } from '../codec/types.ts';

/** A cold frame and the block it lies in. */
export interface Wanted {
  blockId: string;
  frame: FrameRef;
}

/** One ranged GET, and the frames in it. */
export interface Fetch {
  blockId: string;
  offset: number;
  length: number;
  frames: FrameRef[];
}

/** Frames nearer than this are fetched together: a request costs more than the bytes between. */
export const MAX_GAP = 16 * 1024;
/** A range grows to at most this size by putting frames together. */
export const MAX_FETCH = 8_000_000;

/** The ranged GETs that bring the frames, neighbours in one. A frame that is wanted twice (same digest) is asked for once. */
export function planFetches(wanted: readonly Wanted[]): Fetch[] {
  const byBlock = new Map<string, FrameRef[]>();
  const asked = new Set<string>();
  for (const { blockId, frame } of wanted) {
    if (asked.has(frame.digest)) continue;
    asked.add(frame.digest);
    const frames = byBlock.get(blockId);
    if (frames === undefined) byBlock.set(blockId, [frame]);
    else frames.push(frame);
  }
  return [...byBlock].flatMap(([blockId, frames]) => fetchesOf(blockId, frames));
}

function fetchesOf(blockId: string, frames: FrameRef[]): Fetch[] {
  const fetches: Fetch[] = [];
  for (const frame of frames.sort((a, b) => a.offset - b.offset)) {
    const end = frame.offset + frame.length;
    const last = fetches.at(-1);
    if (last !== undefined && frame.offset - (last.offset + last.length) <= MAX_GAP && end - last.offset <= MAX_FETCH) {
      last.length = Math.max(last.length, end - last.offset);
      last.frames.push(frame);
    } else {
      fetches.push({ blockId, offset: frame.offset, length: frame.length, frames: [frame] });
    }
  }
  return fetches;
}
