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
import type { ArchivedObject, ColdPlace, Piece, Runs, StoreApi } from './types.ts';

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
function find(
  p: ReadParts,
  key: string,
  from: number,
  to: number,
  o: { most: number; given: ReadonlyMap<string, Uint8Array> | undefined },
): { found: Found[]; end: number } {
  const { most, given } = o;
  const found: Found[] = [];
  const series = p.series.idOf(key);
  let end = to;
  let work = 0;
  let day = Number.NEGATIVE_INFINITY;
  for (const block of p.blocks.coldBetween(from, to, series === undefined ? undefined : { lo: series, hi: series })) {
    if (work >= most && block.day > day) {
      end = dayStart(block.day);
      break;
    }
    day = block.day;
    const { pieces, decoded } = coldPieces(p, block, key, { from, to, given });
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

/**
 * A block whose local index is damaged is one piece that cannot be read: nobody knows which series it holds, so each may. So is one whose index has to be
 * fetched first.
 */
function coldPieces(
  p: ReadParts,
  block: ColdBlock,
  key: string,
  { from, to, given }: { from: number; to: number; given: ReadonlyMap<string, Uint8Array> | undefined },
): { pieces: Found[]; decoded: number } {
  let lookup: ReturnType<Manifest['chunksOf']>;
  try {
    lookup = p.manifest.chunksOf(block, key, given);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return { pieces: [unreadable('cold', block, error)], decoded: 0 };
  }
  const object = { key: block.key, ...(block.etag === null ? {} : { etag: block.etag }) };
  if (lookup === undefined) return { pieces: unopened(block, object), decoded: 0 };
  const pieces = lookup.chunks
    .filter(({ chunk }) => chunk.tMax >= from && chunk.tMin < to)
    .map(({ chunk, age }) => ({
      ...place('cold', block.day, chunk),
      ...age,
      cold: { blockId: block.id, object, frames: [chunk.time, chunk.value] as const },
    }));
  return { pieces, decoded: lookup.decoded };
}

function unopened({ id, day, tMin, tMax, index }: ColdBlock, object: ArchivedObject): Found[] {
  if (index === undefined) return [];
  return [{ ...UNKNOWN, tier: 'cold', day, tMin, tMax, cold: { blockId: id, object, frames: [index] } }];
}

function unreadable(
  tier: Piece['tier'],
  { day, tMin, tMax }: { day: number; tMin: number; tMax: number },
  error: TidemarkError,
): Found {
  const read = (): never => {
    throw error;
  };
  return { ...UNKNOWN, tier, day, tMin, tMax, read, whose: SOME_SERIES };
}

/** Of a piece of which only the extent is known. */
const UNKNOWN = { count: 0, epoch: 0, seqLo: 0, seqHi: 0 };

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
    const bytes = segments.body(id, ref.offset, ref.length);
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

export function piecesOf(
  p: ReadParts,
  ...[key, from, to, given]: Parameters<StoreApi['pieces']>
): ReturnType<StoreApi['pieces']> {
  const { found, end } = find(p, key, from, to, { most: PAGE_WORK, given });
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
  const { found } = find(p, key, from, to, { most: Number.POSITIVE_INFINITY, given: frames });
  const known = p.series.idOf(key) !== undefined;
  const given = ({ cold }: Found): boolean => cold === undefined || cold.frames.every((ref) => frames.has(ref.digest));
  const givenUp = ({ cold }: Found): boolean => cold?.frames.some((ref) => without.has(ref.digest)) === true;
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
      const run = piece.cold === undefined ? piece.read?.() : readCold(p.times, piece.cold, frames);
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

function readCold(
  times: TimeColumns,
  { frames: [time, value] }: ColdPlace,
  frames: ReadonlyMap<string, Uint8Array>,
): Run {
  return times.decodeChunk(time.digest, frames.get(time.digest) ?? NONE, frames.get(value?.digest ?? '') ?? NONE);
}

const NONE = new Uint8Array(0);

function clip(run: Run, from: number, to: number): Run {
  const start = lowerBound(run.t, from);
  const end = lowerBound(run.t, to, start);
  return { t: run.t.subarray(start, end), v: run.v.subarray(start, end) };
}
