import { TidemarkError } from '../../shared/errors.ts';
import { damagedFrame } from '../codec/errors.ts';
import { mergeRuns, type Run } from '../codec/merge.ts';
import type { TimeColumns } from '../codec/time-columns.ts';
import type { Chunk, FrameRef } from '../codec/types.ts';
import type { AmendPause, ColdFrame, ColdFrames } from './amend-types.ts';
import type { ColdBlock } from './blocks.ts';
import type { Manifest } from './manifest.ts';
import { readLocal } from './read.ts';
import type { Inventory } from './rollup-build.ts';
import type { SegmentRow, Segments } from './segments.ts';

/** Where the readings of a day lie. */
export interface Places {
  segments: Segments;
  manifest: Manifest;
  /** By series id. */
  keys: ReadonlyMap<number, { key: string }>;
  /** Blocks of the day of which the archive has the only copy. */
  cold: readonly ColdBlock[];
  /** What of the day is on this gateway and in the rollups. */
  local: Inventory;
  /** Indexes of blocks that had to be fetched. */
  indexes: ReadonlyMap<string, Uint8Array>;
}

/** A chunk of a series, wherever it lies. */
export interface Piece {
  epoch: number;
  seqLo: number;
  tMin: number;
  tMax: number;
  count: number;
  chunk: Chunk;
  in: SegmentRow | ColdBlock;
}

/** A chunk that is listed in an index costs as much as so many readings. */
const LISTED_WORK = 16;

/** What a row has of a series; of one that cannot be read whole nothing is to be written anew: undefined. */
export function* runOf(
  p: Places,
  row: SegmentRow,
  series: number,
  times: TimeColumns,
): Generator<AmendPause, Run | undefined> {
  const runs: Run[] = [];
  try {
    for (const placed of p.local.chunks.get(series) ?? []) {
      if (placed.row.id !== row.id) continue;
      runs.push(readLocal(p.segments, row.id, placed.chunk, times));
      yield { work: placed.chunk.count };
    }
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return undefined;
  }
  return mergeRuns(runs);
}

/** Everything of a series and day that the rollups know, oldest first; undefined when some of it cannot be read. */
export function* piecesOf(p: Places, series: number): Generator<AmendPause, Piece[] | undefined> {
  if (p.local.unreadable.has(series)) return undefined;
  const pieces: Piece[] = (p.local.chunks.get(series) ?? []).map(({ row, chunk }) => ({
    ...extentOf(chunk),
    epoch: row.epoch,
    seqLo: row.seq_lo,
    in: row,
  }));
  for (const block of p.cold) {
    try {
      const found = p.manifest.chunksOf(block, p.keys.get(series)?.key ?? '', p.indexes);
      if (found === undefined) return undefined;
      for (const { chunk, age } of found.chunks)
        pieces.push({ ...extentOf(chunk), epoch: age.epoch, seqLo: age.seqLo, in: block });
      yield { work: found.decoded * LISTED_WORK };
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      return undefined;
    }
  }
  return pieces.sort((a, b) => a.epoch - b.epoch || a.seqLo - b.seqLo);
}

function extentOf(chunk: Chunk): Pick<Piece, 'tMin' | 'tMax' | 'count' | 'chunk'> {
  return { tMin: chunk.tMin, tMax: chunk.tMax, count: chunk.count, chunk };
}

/** Indexes that have to be fetched to know where the readings of the day lie. */
export function indexesOf(cold: readonly ColdBlock[]): ColdFrame[] {
  return cold.flatMap((block) => (block.index === undefined ? [] : coldFrame(block, block.index)));
}

function coldFrame({ id, key, etag }: ColdBlock, frame: FrameRef): ColdFrame {
  return { blockId: id, object: { key, ...(etag === null ? {} : { etag }) }, frame };
}

const isCold = (place: Piece['in']): place is ColdBlock => 'etag' in place;

/** The frames that have to be fetched to read the pieces, each once. */
export function framesOf(pieces: readonly Piece[]): ColdFrame[] {
  const wanted = new Map<string, ColdFrame>();
  for (const { chunk, in: place } of pieces) {
    if (!isCold(place)) continue;
    for (const frame of [chunk.time, chunk.value]) wanted.set(frame.digest, coldFrame(place, frame));
  }
  return [...wanted.values()];
}

/** Throws 'damaged-frame', also when a frame was not to be had. */
export function readPiece(
  { segments }: Places,
  { chunk, in: place }: Piece,
  given: ColdFrames | undefined,
  times: TimeColumns,
): Run {
  if (!isCold(place)) return readLocal(segments, place.id, chunk, times);
  const [time, value] = [chunk.time, chunk.value].map(({ digest }) => given?.frames.get(digest));
  if (time === undefined || value === undefined) throw damagedFrame('it is not to be had');
  return times.decodeChunk(chunk.time.digest, time, value);
}

/** What of the piece came before all that the row holds. */
export function isOlder(piece: Pick<Piece, 'epoch' | 'seqLo'>, row: SegmentRow | undefined): boolean {
  return row !== undefined && (piece.epoch < row.epoch || (piece.epoch === row.epoch && piece.seqLo < row.seq_lo));
}
