import type { FrameRef } from '../codec/types.ts';
import type { Piece } from '../store/types.ts';

/** Consecutive days that are read in one call of the writer thread. [from, to). */
export interface Window {
  from: number;
  to: number;
  cold: boolean;
}

/** Bounds of one window: what the writer thread decodes in about 50 ms, and what is held in memory. */
const MAX_READINGS = 500_000;
const MAX_COLD_BYTES = 8_000_000;

function coldBytes(piece: Piece): number {
  return piece.cold === undefined ? 0 : piece.cold.time.length + piece.cold.value.length;
}

/**
 * Groups pieces (ordered by day) into windows that tile [from, to). A window never mixes local-only and cold days, so that what is on this gateway can
 * be shown first; a day is never split.
 */
export function planWindows(pieces: readonly Piece[], from: number, to: number): Window[] {
  const days = new Map<number, { start: number; readings: number; bytes: number; cold: boolean }>();
  for (const piece of pieces) {
    const day = days.get(piece.day) ?? { start: piece.tMin, readings: 0, bytes: 0, cold: false };
    day.start = Math.min(day.start, piece.tMin);
    day.readings += piece.count;
    day.bytes += coldBytes(piece);
    day.cold ||= piece.cold !== undefined;
    days.set(piece.day, day);
  }
  const windows: (Window & { readings: number; bytes: number })[] = [];
  for (const [, day] of [...days].sort(([a], [b]) => a - b)) {
    const last = windows.at(-1);
    const fits =
      last !== undefined &&
      last.cold === day.cold &&
      last.readings + day.readings <= MAX_READINGS &&
      last.bytes + day.bytes <= MAX_COLD_BYTES;
    if (last !== undefined && fits) {
      last.readings += day.readings;
      last.bytes += day.bytes;
    } else {
      const start = last === undefined ? from : Math.max(from, day.start);
      if (last !== undefined) last.to = start;
      windows.push({ from: start, to, cold: day.cold, readings: day.readings, bytes: day.bytes });
    }
  }
  return windows.map(({ from: start, to: end, cold }) => ({ from: start, to: end, cold }));
}

/** One ranged GET, and the frames in it. */
export interface Fetch {
  blockId: string;
  offset: number;
  length: number;
  frames: FrameRef[];
}

/** Frames nearer than this are fetched together: a request costs more than the bytes between. */
const MAX_GAP = 16 * 1024;
const MAX_FETCH = 8_000_000;

/** The ranged GETs that bring the frames, adjacent ones in one. Each frame is asked for once. */
export function planFetches(wanted: readonly { blockId: string; frame: FrameRef }[]): Fetch[] {
  const byBlock = new Map<string, FrameRef[]>();
  for (const { blockId, frame } of wanted) {
    const frames = byBlock.get(blockId) ?? [];
    if (!frames.some((f) => f.digest === frame.digest)) frames.push(frame);
    byBlock.set(blockId, frames);
  }
  const fetches: Fetch[] = [];
  for (const [blockId, frames] of byBlock) {
    let current: Fetch | undefined;
    for (const frame of [...frames].sort((a, b) => a.offset - b.offset)) {
      const end = frame.offset + frame.length;
      if (
        current !== undefined &&
        frame.offset - (current.offset + current.length) <= MAX_GAP &&
        end - current.offset <= MAX_FETCH
      ) {
        current.length = Math.max(current.length, end - current.offset);
        current.frames.push(frame);
      } else {
        current = { blockId, offset: frame.offset, length: frame.length, frames: [frame] };
        fetches.push(current);
      }
    }
  }
  return fetches;
}
