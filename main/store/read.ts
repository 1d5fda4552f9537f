import { TidemarkError } from '../../shared/errors.ts';
import { dayStart } from '../../shared/units.ts';
import { digest128 } from '../codec/frame.ts';
import { lowerBound } from '../codec/merge.ts';
import { TimeColumns } from '../codec/time-columns.ts';
import type { Chunk } from '../codec/types.ts';
import type { Blocks, ColdBlock } from './blocks.ts';
import { SOME_SERIES } from './damage.ts';
import type { Directories } from './directories.ts';
import type { HeadView } from './head-copy.ts';
import type { Manifest } from './manifest.ts';
import { DAMAGED, type SegmentRow, type Segments } from './segments.ts';
import type { SeriesRegistry } from './series.ts';
import type { Piece, Runs, StoreApi } from './types.ts';

type Run = { t: Float64Array; v: Float64Array };
/** A piece, and how to read it when it is not cold. */
type Found = Piece & { read?: () => Run; whose?: string };

export interface ReadParts {
  epoch: number;
  /** Readings in memory, oldest first. */
  heads: readonly HeadView[];
  series: Pick<SeriesRegistry, 'idOf'>;
  segments: Segments;
  manifest: Manifest;
  blocks: Blocks;
  directories: Directories;
  times: TimeColumns;
  /** Local bytes of a series (or SOME_SERIES) cannot be read: called each time that they are met. */
  onDamage(key: string, day: number, error: TidemarkError): void;
}

/** Chunks listed by one call of `pieces`: some 20 ms. */
const PAGE_WORK = 6_000;
/** A row or block costs this many, however few it lists. */
const ROW_WORK = 50;

/**
 * All pieces of a series that intersect [from, end), ordered by (day, epoch, seqLo); `end` is `to`, or the start of the day before which `most` work was
 * done. A day is never divided: its tiers are read at one moment. Times of a segment or block lie within its day.
 */
function find(p: ReadParts, key: string, from: number, to: number, most: number): { found: Found[]; end: number } {
  const found: Found[] = [];
  const series = p.series.idOf(key);
  let end = to;
  let work = 0;
  let day = Number.NEGATIVE_INFINITY;
  for (const block of p.blocks.coldBetween(from, to)) {
    if (work >= most && block.day > day) {
      end = dayStart(block.day);
      break;
    }
    day = block.day;
    const { pieces, decoded } = coldPieces(p, block, key, from, to);
    found.push(...pieces);
    work += ROW_WORK + decoded;
  }
  if (series === undefined) return { found, end };
  work = 0;
  day = Number.NEGATIVE_INFINITY;
  for (const row of p.segments.forSeries(series, from, end)) {
    if (work >= most && row.day > day) {
      end = dayStart(row.day);
      break;
    }
    day = row.day;
    const { pieces, listed } = localPieces(p, row, series, from, end);
    found.push(...pieces);
    work += ROW_WORK + listed;
  }
  for (const head of p.heads) found.push(...headPieces(head, p.epoch, series, from, end));
  return {
    found: found
      .filter((piece) => piece.tMin < end)
      .sort((a, b) => a.day - b.day || a.epoch - b.epoch || a.seqLo - b.seqLo || a.tMin - b.tMin),
    end,
  };
}

/** A row whose directory is damaged is one piece that cannot be read: each series of its range may be in it. */
function localPieces(
  p: ReadParts,
  row: SegmentRow,
  series: number,
  from: number,
  to: number,
): { pieces: Found[]; listed: number } {
  const age = { epoch: row.epoch, seqLo: row.seq_lo, seqHi: row.seq_hi };
  let chunks: readonly Chunk[];
  try {
    chunks = p.directories.chunksOf(row);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    const whole = unreadable('local', { day: row.day, tMin: row.t_min, tMax: row.t_max }, error);
    return { pieces: [{ ...whole, ...age }], listed: 0 };
  }
  const pieces = chunks
    .filter((chunk) => chunk.series === series && chunk.tMax >= from && chunk.tMin < to)
    .map((chunk) => {
      // Of a row set aside the readable chunks were written anew: it only tells what is damaged.
      const read = (): Run => {
        const run = readLocal(p.segments, row.id, chunk, p.times);
        return row.state === DAMAGED ? { t: run.t.subarray(0, 0), v: run.v.subarray(0, 0) } : run;
      };
      const { zone, ...where } = place('local', row.day, chunk);
      return { ...where, ...(row.state === DAMAGED || zone === undefined ? {} : { zone }), ...age, read };
    });
  return { pieces, listed: chunks.length };
}

/** A block whose local index is damaged is one piece that cannot be read: nobody knows which series it holds, so each may. */
function coldPieces(
  p: ReadParts,
  block: ColdBlock,
  key: string,
  from: number,
  to: number,
): { pieces: Found[]; decoded: number } {
  let lookup: ReturnType<Manifest['chunksOf']>;
  try {
    lookup = p.manifest.chunksOf(block.id, key);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return { pieces: [unreadable('cold', block, error)], decoded: 0 };
  }
  const object = { key: block.key, ...(block.etag === null ? {} : { etag: block.etag }) };
  const pieces = lookup.chunks
    .filter(({ chunk }) => chunk.tMax >= from && chunk.tMin < to)
    .map(({ chunk, age }) => ({
      ...place('cold', block.day, chunk),
      ...age,
      cold: { blockId: block.id, object, time: chunk.time, value: chunk.value },
    }));
  return { pieces, decoded: lookup.decoded };
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
): Pick<Piece, 'tier' | 'day' | 'tMin' | 'tMax' | 'count' | 'zone'> {
  const { zone, tMin, tMax, count } = chunk;
  const { numbers } = zone;
  return { tier, day, tMin, tMax, count, ...(numbers === undefined ? {} : { zone: { ...zone, numbers } }) };
}

/** A chunk of a local row. Throws 'damaged-frame'. */
export function readLocal(segments: Segments, id: number, chunk: Chunk, times = new TimeColumns()): Run {
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
  return times.decodeChunk(chunk.time.digest, time, value);
}

function headPieces(head: HeadView, epoch: number, series: number, from: number, to: number): Found[] {
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

export function piecesOf(p: ReadParts, key: string, from: number, to: number): ReturnType<StoreApi['pieces']> {
  const { found, end } = find(p, key, from, to, PAGE_WORK);
  const known = p.series.idOf(key) !== undefined;
  return { known, pieces: found.map(strip), ...(end < to ? { next: end } : {}) };
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
  const { found } = find(p, key, from, to, Number.POSITIVE_INFINITY);
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
          : p.times.decodeChunk(
              piece.cold.time.digest,
              frames.get(piece.cold.time.digest) ?? NONE,
              frames.get(piece.cold.value.digest) ?? NONE,
            );
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
