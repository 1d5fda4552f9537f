import type { FrameRef } from '../codec/types.ts';
import type { ArchivedObject } from '../store/types.ts';

/** A cold frame and the block it lies in. */
export interface Wanted {
  blockId: string;
  object: ArchivedObject;
  frame: FrameRef;
}

/** One ranged GET, and the frames in it. */
export interface Fetch {
  blockId: string;
  object: ArchivedObject;
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
  const byBlock = new Map<string, Wanted[]>();
  const asked = new Set<string>();
  for (const want of wanted) {
    if (asked.has(want.frame.digest)) continue;
    asked.add(want.frame.digest);
    const ofBlock = byBlock.get(want.blockId);
    if (ofBlock === undefined) byBlock.set(want.blockId, [want]);
    else ofBlock.push(want);
  }
  return [...byBlock.values()].flatMap(fetchesOf);
}

function fetchesOf(wanted: Wanted[]): Fetch[] {
  const fetches: Fetch[] = [];
  for (const { blockId, object, frame } of wanted.sort((a, b) => a.frame.offset - b.frame.offset)) {
    const end = frame.offset + frame.length;
    const last = fetches.at(-1);
    if (last !== undefined && frame.offset - (last.offset + last.length) <= MAX_GAP && end - last.offset <= MAX_FETCH) {
      last.length = Math.max(last.length, end - last.offset);
      last.frames.push(frame);
    } else {
      fetches.push({ blockId, object, offset: frame.offset, length: frame.length, frames: [frame] });
    }
  }
  return fetches;
}
