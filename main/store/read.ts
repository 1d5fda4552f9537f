import { TidemarkError } from '../../shared/errors.ts';
import { dayOf } from '../../shared/units.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { digest128 } from '../codec/frame.ts';
import { lowerBound } from '../codec/merge.ts';
import { decodeChunk } from '../codec/segment.ts';
import type { Chunk } from '../codec/types.ts';
import type { Blocks, ColdBlock } from './blocks.ts';
import { SOME_SERIES } from './damage.ts';
import type { Head } from './head.ts';
import type { Manifest } from './manifest.ts';
import { DAMAGED, type SegmentRow, type Segments } from './segments.ts';
import type { SeriesRegistry } from './series.ts';
import type { Piece, Runs } from './types.ts';

type Run = { t: Float64Array; v: Float64Array };
/** A piece, and how to read it when it is not cold. */
type Found = Piece & { read?: () => Run; whose?: string };

export interface ReadParts {
  epoch: number;
  /** Readings in memory, oldest first. */
  heads: readonly Head[];
  series: SeriesRegistry;
  segments: Segments;
  manifest: Manifest;
  blocks: Blocks;
  /** Local bytes of a series (or SOME_SERIES) cannot be read: called each time that they are met. */
  onDamage(key: string, day: number, error: TidemarkError): void;
}

/** All pieces of a series that intersect [from, to), ordered by (day, epoch, seqLo). */
function find(p: ReadParts, key: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  const series = p.series.idOf(key);
  const [dayLo, dayHi] = [dayOf(from), dayOf(to - 1)];
  for (const block of p.blocks.coldBetween(from, to)) found.push(...coldPieces(p, block, key, from, to));
  if (series !== undefined) {
    for (const row of p.segments.forSeries(series, from, to, dayLo, dayHi)) {
      found.push(...localPieces(p, row, series, from, to));
    }
    for (const head of p.heads) found.push(...headPieces(head, p.epoch, series, from, to));
  }
  return found.sort((a, b) => a.day - b.day || a.epoch - b.epoch || a.seqLo - b.seqLo || a.tMin - b.tMin);
}

/** A row whose directory is damaged is one piece that cannot be read: each series of its range may be in it. */
function localPieces(p: ReadParts, row: SegmentRow, series: number, from: number, to: number): Found[] {
  const age = { epoch: row.epoch, seqLo: row.seq_lo, seqHi: row.seq_hi };
  let chunks: Chunk[];
  try {
    chunks = decodeDirectory(row.directory);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return [{ ...unreadable('local', { day: row.day, tMin: row.t_min, tMax: row.t_max }, error), ...age }];
  }
  return chunks
    .filter((chunk) => chunk.series === series && chunk.tMax >= from && chunk.tMin < to)
    .map((chunk) => {
      // Of a row set aside the readable chunks were written anew: it only tells what is damaged.
      const read = (): Run => {
        const run = readLocal(p.segments, row.id, chunk);
        return row.state === DAMAGED ? { t: run.t.subarray(0, 0), v: run.v.subarray(0, 0) } : run;
      };
      return { ...place('local', row.day, chunk), ...age, read };
    });
}

/** A block whose local index is damaged is one piece that cannot be read: nobody knows which series it holds, so each may. */
function coldPieces(p: ReadParts, block: ColdBlock, key: string, from: number, to: number): Found[] {
  let lookup: ReturnType<Manifest['chunksOf']>;
  try {
    lookup = p.manifest.chunksOf(block.id, key);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return [unreadable('cold', block, error)];
  }
  return lookup.chunks.flatMap((chunk) => {
    const age = lookup.index.segments[chunk.segment];
    if (age === undefined || chunk.tMax < from || chunk.tMin >= to) return [];
    return [
      { ...place('cold', block.day, chunk), ...age, cold: { blockId: block.id, time: chunk.time, value: chunk.value } },
    ];
  });
}

function unreadable(
  tier: Piece['tier'],
  { day, tMin, tMax }: { day: number; tMin: number; tMax: number },
  error: TidemarkError,
): Found {
  const read = (): never => {
    throw error;
  };
  return { tier, day, tMin, tMax, count: 0, epoch: 0, seqLo: 0, seqHi: 0, read, whose: SOME_SERIES };
}

function place(
  tier: Piece['tier'],
  day: number,
  chunk: Chunk,
): Pick<Piece, 'tier' | 'day' | 'tMin' | 'tMax' | 'count'> {
  return { tier, day, tMin: chunk.tMin, tMax: chunk.tMax, count: chunk.count };
}

function readLocal(segments: Segments, id: number, chunk: Chunk): Run {
  const [time, value] = [chunk.time, chunk.value].map((ref) => {
    const bytes = segments.bodyRange(id, ref.offset, ref.length);
    if (digest128(bytes) !== ref.digest) {
      throw new TidemarkError('damaged-frame', 'stored bytes do not match their digest', {
        retry: 'never',
        blame: 'gateway',
        action: 'check the disk',
      });
    }
    return bytes;
  });
  if (time === undefined || value === undefined) throw new Error('a chunk has two frames');
  return decodeChunk(time, value);
}

function headPieces(head: Head, epoch: number, series: number, from: number, to: number): Found[] {
  return head.extents(series, from, to).map((extent) => ({
    tier: 'head',
    ...extent,
    epoch,
    seqLo: head.seqLo,
    seqHi: head.seqHi,
    // The extent's own edges: a window may cut it anywhere.
    read: () => head.between(series, extent.tMin, extent.tMax + 1),
  }));
}

function strip({ read: _, whose: __, ...piece }: Found): Piece {
  return piece;
}

export function piecesOf(p: ReadParts, key: string, from: number, to: number): { known: boolean; pieces: Piece[] } {
  return { known: p.series.idOf(key) !== undefined, pieces: find(p, key, from, to).map(strip) };
}

/** See StoreApi.runs. A damaged local chunk is left out and marked; it never stops the others. */
export function readRuns(
  p: ReadParts,
  key: string,
  from: number,
  to: number,
  frames: ReadonlyMap<string, Uint8Array>,
  without: ReadonlySet<string>,
): Runs {
  const found = find(p, key, from, to);
  const known = p.series.idOf(key) !== undefined;
  const given = (piece: Found): boolean =>
    piece.cold === undefined || [piece.cold.time, piece.cold.value].every((ref) => frames.has(ref.digest));
  const givenUp = (piece: Found): boolean =>
    piece.cold !== undefined && [piece.cold.time, piece.cold.value].some((ref) => without.has(ref.digest));
  const missing = found.filter((piece) => !given(piece) && !givenUp(piece));
  if (missing.length > 0) return { known, pieces: found.map(strip), missing: missing.map(strip), runs: [] };
  const runs: Run[] = [];
  const pieces: Piece[] = [];
  for (const piece of found) {
    if (givenUp(piece)) {
      pieces.push(strip(piece));
      continue;
    }
    try {
      const run =
        piece.cold === undefined
          ? piece.read?.()
          : decodeChunk(frames.get(piece.cold.time.digest) ?? NONE, frames.get(piece.cold.value.digest) ?? NONE);
      if (run !== undefined) runs.push(clip(run, from, to));
      pieces.push(strip(piece));
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      p.onDamage(piece.whose ?? key, piece.day, error);
      pieces.push({ ...strip(piece), damaged: true });
    }
  }
  return { known, pieces, missing: [], runs };
}

const NONE = new Uint8Array(0);

function clip(run: Run, from: number, to: number): Run {
  const start = lowerBound(run.t, from);
  const end = lowerBound(run.t, to, start);
  return { t: run.t.subarray(start, end), v: run.v.subarray(start, end) };
}
