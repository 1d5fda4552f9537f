import { bareColumns, readBareChunks } from './bare.ts';
import { shrink } from './compress.ts';
import { deltas, difference, sums } from './deltas.ts';
import { type DirectoryColumns, fromColumns, packMessage, parseMessage, parseShort, toColumns } from './directory.ts';
import { damagedBlock } from './errors.ts';
import { decodeIndex1 } from './format-1.ts';
import { tidemark } from './proto/block.js';
import { decodeRollupTable, encodeRollupTable } from './rollup-table.ts';
import { MAGIC, seal, sealedIndex, type Trailer } from './trailer.ts';
import type { BlockIndex, BlockSeries, Chunk, FrameRef, SeqRange } from './types.ts';

const { Directory } = tidemark.v1;

/** Most bytes of an object with a bare index, and of the index itself: a reader takes all of it into memory. */
export const BARE_BYTES: number = 8 * 2 ** 20;
/** Nor may a bare index make its reader decode more readings than that: frames of constants are small, whatever they hold. */
export const BARE_READINGS: number = 2 ** 22;
/** A block of up to so many bytes is small whatever is in it: a reader gets all of it in the request that finds the index. */
const ALWAYS_SMALL_BYTES = 65_536;
/** A chunk takes about so much of a full index, and at most so much of a bare one. */
const CHUNK_BYTES = 32;
/** A larger block is small when a full index would add more than this share of its frames. */
const FULL_INDEX_SHARE = 1 / 10;

/**
 * Whether a block of frames of `frameBytes` in all is small: then its index is bare, and nothing that follows from the readings is stored in the object.
 * One place decides it, before anything derived is added to the block.
 */
export function isSmall({ series, chunks }: Pick<BlockIndex, 'series' | 'chunks'>, frameBytes: number): boolean {
  const names = series.reduce((n, { key, unit }) => n + Buffer.byteLength(key) + Buffer.byteLength(unit) + 10, 0);
  const bytes = MAGIC.length + frameBytes + names + CHUNK_BYTES * (chunks.length + 1);
  if (bytes > BARE_BYTES || chunks.reduce((n, { count }) => n + count, 0) > BARE_READINGS) return false;
  return bytes <= ALWAYS_SMALL_BYTES || CHUNK_BYTES * chunks.length > FULL_INDEX_SHARE * frameBytes;
}

/** Moves a chunk of a segment to where the segment's body lies: adds `by` to its frame offsets. */
export function rebase(chunk: Chunk, by: number): Chunk {
  const move = (ref: FrameRef): FrameRef => ({ ...ref, offset: ref.offset + by });
  return { ...chunk, time: move(chunk.time), value: move(chunk.value) };
}

/** The full index of a block: what the gateway keeps, and what an object holds that is not small. */
export function encodeIndex(index: BlockIndex): Uint8Array {
  const columns = { ...toColumns(index.chunks, MAGIC.length), ...encodeRollupTable(index.rollups) };
  return packMessage(Directory.encode({ ...identityColumns(index), ...columns }).finish());
}

/** Undoes `encodeIndex`, or reads the index of a block of an older format. Throws 'damaged-block' or 'unknown-format', whatever the bytes are. */
export function decodeIndex(bytes: Uint8Array, formatVersion: number): BlockIndex {
  if (formatVersion === 1) return checked(decodeIndex1(bytes));
  const columns = parseMessage('index', bytes, (plain) => Directory.decode(plain));
  const identities = readIdentities(columns);
  const rollups = decodeRollupTable(columns, identities.series.length);
  return checked({ ...identities, chunks: fromColumns(columns, MAGIC.length), rollups });
}

/** What follows the frames in an object that is not small; `index` is from `encodeIndex`. */
export function encodeTail(index: Uint8Array): Uint8Array {
  return seal(index, { packed: true });
}

/** What follows the frames in a small object, of which `before` is all so far; undefined when its frames are not all named by the index, back to back. */
export function encodeBareTail(index: Omit<BlockIndex, 'rollups'>, before: Uint8Array): Uint8Array | undefined {
  const columns = bareColumns(index.chunks, before.length);
  if (columns === undefined) return undefined;
  const plain = Directory.encode({ ...identityColumns(index), ...columns }).finish();
  const packed = shrink(plain);
  return seal(packed ?? plain, { packed: packed !== undefined, before });
}

/**
 * The index of an object; `bytes` are those from `trailer.from` to its end. Throws 'damaged-block', 'damaged-frame', 'unknown-format' or
 * 'unknown-encoding', whatever the bytes are.
 */
export function readIndex(bytes: Uint8Array, trailer: Trailer): BlockIndex {
  const index = sealedIndex(bytes, trailer);
  if (!trailer.bare) return decodeIndex(index, trailer.version);
  if (bytes.length > BARE_BYTES) throw damagedBlock(`it has ${bytes.length} bytes, too many for a bare index`);
  const columns = parseShort('index', index, { packed: trailer.packed, most: BARE_BYTES }, (plain) =>
    Directory.decode(plain),
  );
  const frames = bytes.subarray(0, trailer.indexOffset);
  return checked({ ...readIdentities(columns), chunks: readBareChunks(columns, frames, BARE_READINGS), rollups: [] });
}

function identityColumns({ series, segments }: Pick<BlockIndex, 'series' | 'segments'>): DirectoryColumns {
  const [epochs, seqs] = [deltas(segments.map(({ epoch }) => epoch)), deltas(segments.map(({ seqLo }) => seqLo))];
  return {
    key: series.map(({ key }) => key),
    unit: series.some(({ unit }) => unit !== '') ? series.map(({ unit }) => unit) : [],
    age: segments.flatMap(({ seqLo, seqHi }, i) => [epochs[i] as number, seqs[i] as number, difference(seqHi, seqLo)]),
  };
}

function readIdentities(columns: DirectoryColumns): { series: BlockSeries[]; segments: SeqRange[] } {
  const keys = columns.key ?? [];
  const units = columns.unit?.length ? columns.unit : undefined;
  const age = columns.age ?? [];
  if ((units ?? keys).length !== keys.length || age.length % 3 !== 0)
    throw damagedBlock('the columns of series or segments differ in length');
  const [epochs, seqs, spans] = [0, 1, 2].map((k) => age.filter((_, i) => i % 3 === k)) as [
    number[],
    number[],
    number[],
  ];
  const epoch = sums(epochs);
  const segments = sums(seqs).map((seqLo, i) => ({
    epoch: epoch[i] as number,
    seqLo,
    seqHi: seqLo + (spans[i] as number),
  }));
  for (const { epoch, seqLo, seqHi } of segments) {
    if (!Number.isSafeInteger(epoch) || !Number.isSafeInteger(seqLo) || !Number.isSafeInteger(seqHi) || seqHi < seqLo)
      throw damagedBlock('the age of a segment is no range');
  }
  return { series: keys.map((key, i) => ({ key, unit: units?.[i] ?? '' })), segments };
}

/** Chunks name series and segments that are there. */
function checked(index: BlockIndex): BlockIndex {
  for (const { series, segment } of index.chunks) {
    if (series >= index.series.length || segment >= index.segments.length)
      throw damagedBlock(`a chunk names series ${series} and segment ${segment}, which the index does not have`);
  }
  return index;
}
