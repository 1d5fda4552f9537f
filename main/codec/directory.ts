import { expand, unzstd, zstd } from './compress.ts';
import { deltas, difference, sums } from './deltas.ts';
import { damagedBlock } from './errors.ts';
import { decodeFrameTable, encodeFrameTable, type FrameTable, frameKey } from './frame-table.ts';
import { MAX_CHUNK_READINGS, MAX_INDEX_BYTES } from './limits.ts';
import { tidemark } from './proto/block.js';
import type { Chunk } from './types.ts';
import { encodeZones, openZones } from './zones.ts';

const { Directory } = tidemark.v1;
/** The protobuf message, its columns still coded. */
export type DirectoryColumns = tidemark.v1.Directory.$Properties;

/** Which series and segment each chunk is of; the usual is left out: chunk i of series i, all of segment 0. */
export function ownerColumns(chunks: readonly Chunk[]): { series: number[]; segment: number[] } {
  return {
    series: chunks.some(({ series }, i) => series !== i) ? deltas(chunks.map(({ series }) => series)) : [],
    segment: chunks.some(({ segment }) => segment !== 0) ? deltas(chunks.map(({ segment }) => segment)) : [],
  };
}

/** Undoes `ownerColumns` for `n` chunks; throws 'damaged-block'. */
export function readOwners(columns: DirectoryColumns, n: number): { series: number[]; segment: number[] } {
  const series = columns.series?.length
    ? sums(sized('series', columns.series, n))
    : Array.from({ length: n }, (_, i) => i);
  const segment = columns.segment?.length ? sums(sized('segment', columns.segment, n)) : new Array<number>(n).fill(0);
  return { series: series.map((s) => index('series', s)), segment: segment.map((s) => index('segment', s)) };
}

/**
 * Puts chunks into columns; their order is kept. `start` is where the first frame may lie: 0 in a segment, behind the magic in a block. Throws a
 * RangeError when frames overlap or chunks lie 285 years apart.
 */
export function toColumns(chunks: readonly Chunk[], start = 0): DirectoryColumns {
  const table = encodeFrameTable(
    chunks.flatMap(({ time, value }) => [time, value]),
    start,
  );
  return {
    ...ownerColumns(chunks),
    count: chunks.map(({ count }) => count),
    tMin: deltas(chunks.map(({ tMin }) => tMin)),
    tSpan: chunks.map(({ tMin, tMax }) => difference(tMax, tMin)),
    timeFrame: deltas(chunks.map(({ time }) => table.indexOf(frameKey(time)))),
    valueFrame: deltas(chunks.map(({ value }) => table.indexOf(frameKey(value)))),
    ...encodeZones(
      chunks.map(({ zone }) => zone),
      chunks.map(({ count }) => count),
    ),
    ...table.columns,
  };
}

/** Undoes `toColumns`; throws 'damaged-block' when the columns do not fit each other or hold what no writer writes. */
export function fromColumns(columns: DirectoryColumns, start = 0): Chunk[] {
  const counts = columns.count ?? [];
  const n = counts.length;
  const { series, segment } = readOwners(columns, n);
  const tMin = sums(sized('t_min', columns.tMin, n));
  const tSpan = sized('t_span', columns.tSpan, n);
  const timeFrame = sums(sized('time_frame', columns.timeFrame, n));
  const valueFrame = sums(sized('value_frame', columns.valueFrame, n));
  const frames = decodeFrameTable(columns, start);
  const zone = openZones(columns, counts);
  return counts.map((count, i) => ({
    series: series[i] as number,
    segment: segment[i] as number,
    count: within('count', count, 1, MAX_CHUNK_READINGS),
    tMin: within('t_min', tMin[i] as number, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    tMax: within('t_max', (tMin[i] as number) + (tSpan[i] as number), tMin[i] as number, Number.MAX_SAFE_INTEGER),
    time: frameAt(frames, timeFrame[i]),
    value: frameAt(frames, valueFrame[i]),
    zone: zone(i),
  }));
}

/** A column of `n` entries; throws 'damaged-block'. */
export function sized(name: string, column: number[] | null | undefined, n: number): number[] {
  if (column?.length === n) return column;
  if (n === 0 && column == null) return [];
  throw damagedBlock(`column ${name} has ${column?.length ?? 0} entries for ${n} chunks`);
}

function within(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw damagedBlock(`${name} ${value} is not within ${least} to ${most}`);
}

function index(name: string, value: number | undefined): number {
  return within(name, value ?? -1, 0, 2 ** 32 - 1);
}

/** Throws 'damaged-block' when there is no such frame. */
export function frameAt(frames: FrameTable, at: number | undefined): Chunk['time'] {
  const frame = frames[at ?? -1];
  if (frame === undefined) throw damagedBlock(`frame ${at} is not in the frames table`);
  return frame;
}

/** The directory of a segment: a protobuf Directory, compressed with zstd. */
export function encodeDirectory(chunks: readonly Chunk[]): Uint8Array {
  return packMessage(Directory.encode(toColumns(chunks)).finish());
}

/** Throws 'damaged-block', whatever the bytes are. */
export function decodeDirectory(bytes: Uint8Array): Chunk[] {
  return fromColumns(parseMessage('directory', bytes, (plain) => Directory.decode(plain)));
}

/** Level 15 takes 8 times as long for 2% less; from a quarter of a megabyte on, level 12 gives nothing either. */
const INDEX_LEVEL = 12;
const LARGE_INDEX_LEVEL = 7;
const LARGE_INDEX = 256 * 1024;

/** Compresses a directory or index. Throws a RangeError when it is larger than a reader accepts. */
export function packMessage(plain: Uint8Array): Uint8Array {
  if (plain.length > MAX_INDEX_BYTES)
    throw new RangeError(`an index of ${plain.length} bytes is too large: make smaller blocks`);
  return zstd(plain, plain.length < LARGE_INDEX ? INDEX_LEVEL : LARGE_INDEX_LEVEL, 1);
}

/** Decompresses and parses; throws 'damaged-block' naming `what`. */
export function parseMessage<T>(what: string, bytes: Uint8Array, decode: (plain: Uint8Array) => T): T {
  return parsed(what, () => decode(unzstd(bytes, MAX_INDEX_BYTES)));
}

/** As parseMessage, of at most `most` bytes that are not compressed or, if `packed`, compressed without zstd's magic number. */
export function parseShort<T>(
  what: string,
  bytes: Uint8Array,
  o: { packed: boolean; most: number },
  decode: (plain: Uint8Array) => T,
): T {
  return parsed(what, () => decode(o.packed ? expand(bytes, o.most) : bytes));
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (thrown) {
    throw damagedBlock(`its ${what} cannot be read`, thrown);
  }
}
