import { HOUR_US } from '../../shared/units.ts';
import type { Piece } from '../store/types.ts';

/** A stretch of a query that is read in one call of the writer thread. [from, to). */
export interface Window {
  from: number;
  to: number;
  /** True when some of it has to come from cache or archive. */
  cold: boolean;
}

/** What one window may hold: what the writer thread decodes and folds in some 30 ms. */
const MAX_READINGS = 270_000;
/** What is fetched, and held in memory, before a window is shown. */
export const MAX_COLD_BYTES = 8_000_000;
/** Cold pieces of a window, so that on a link with long round trips the answer sharpens steadily. */
export const MAX_COLD_PIECES = 32;
/** Pieces of a window, each of which costs the writer thread some 0.1 ms however few readings it has. */
const MAX_PIECES = 256;

/** What reading some pieces takes. */
interface Load {
  readings: number;
  bytes: number;
  cold: number;
  pieces: number;
}

/** Pieces that are read together: an overlap in time, or a part of a large one. */
interface Part {
  start: number;
  /** First microsecond after all of them. */
  reach: number;
  pieces: Piece[];
  load: Load;
}

export function coldBytes(piece: Piece): number {
  return piece.cold?.frames.reduce((sum, { length }) => sum + length, 0) ?? 0;
}

/**
 * Windows that tile [from, to) in time order; none when there are no pieces. Pieces that overlap in time share a window, except where they are
 * more than one window may hold. A window is cold only when it must be, so that what is on this gateway can be shown first. A group of pieces that
 * all overlap each other is read at once however large it is: cutting it would only decode it again and again (compaction ends such overlaps).
 */
export function planWindows(pieces: readonly Piece[], from: number, to: number, maxReadings = MAX_READINGS): Window[] {
  const windows: { start: number; load: Load }[] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, load, reach } of partsOf(pieces, maxReadings)) {
    const last = windows.at(-1);
    // With a whole hour, where that cuts nothing: the sum of an hour in two windows could stand in for neither.
    const hour = Math.floor(start / HOUR_US) * HOUR_US;
    const begin = reached <= hour ? hour : start;
    reached = Math.max(reached, reach);
    const both = last === undefined ? load : sum(last.load, load);
    if (last !== undefined && last.load.cold > 0 === load.cold > 0 && fits(both, maxReadings)) last.load = both;
    else windows.push({ start: begin, load });
  }
  return windows
    .map(({ start, load }, i) => ({
      from: i === 0 ? from : Math.max(from, start),
      to: windows[i + 1]?.start ?? to,
      cold: load.cold > 0,
    }))
    .filter((w) => w.from < w.to);
}

function loadOf(piece: Piece): Load {
  return { readings: piece.count, bytes: coldBytes(piece), cold: Number(piece.cold !== undefined), pieces: 1 };
}

function sum(a: Load, b: Load): Load {
  return {
    readings: a.readings + b.readings,
    bytes: a.bytes + b.bytes,
    cold: a.cold + b.cold,
    pieces: a.pieces + b.pieces,
  };
}

function fits(load: Load, maxReadings: number): boolean {
  return (
    load.readings <= maxReadings &&
    load.bytes <= MAX_COLD_BYTES &&
    load.cold <= MAX_COLD_PIECES &&
    load.pieces <= MAX_PIECES
  );
}

/** Groups of pieces in time order; a piece that reaches over a cut is in both parts. */
function partsOf(pieces: readonly Piece[], maxReadings: number): Part[] {
  const parts: Part[] = [];
  const begin = (own: Piece[], start: number): void => {
    const reach = own.reduce((most, p) => Math.max(most, p.tMax + 1), start);
    parts.push({ start, reach, pieces: own, load: own.map(loadOf).reduce(sum) });
  };
  for (const piece of [...pieces].sort((a, b) => a.tMin - b.tMin)) {
    const last = parts.at(-1);
    if (last === undefined || piece.tMin >= last.reach) {
      begin([piece], piece.tMin);
      continue;
    }
    const both = sum(last.load, loadOf(piece));
    const over = fits(both, maxReadings) ? undefined : last.pieces.filter((p) => p.tMax >= piece.tMin);
    // What reaches over a cut is decoded twice: worth it only while it is the smaller part.
    const worth = over !== undefined && over.reduce((n, p) => n + p.count, 0) <= maxReadings / 2;
    if (worth && piece.tMin > last.start) {
      // What begins at the cut is in the next part alone.
      last.pieces = last.pieces.filter((p) => p.tMin < piece.tMin);
      last.load = last.pieces.map(loadOf).reduce(sum);
      begin([...over, piece], piece.tMin);
      continue;
    }
    last.pieces.push(piece);
    last.reach = Math.max(last.reach, piece.tMax + 1);
    last.load = both;
  }
  return parts;
}
