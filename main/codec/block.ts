import { crc32 } from 'node:zlib';
import { type DirectoryColumns, fromColumns, packMessage, parseMessage, toColumns } from './directory.ts';
import { damagedBlock, unknownFormat } from './errors.ts';
import { DIGEST_BYTES } from './limits.ts';
import { tidemark } from './proto/block.js';
import type { BlockIndex, BlockSeries, Chunk, FrameRef, SeqRange } from './types.ts';

const { Index } = tidemark.v1;

/** Version of the object layout; it is the last byte of the magic. */
export const FORMAT_VERSION = 1;
const INDEX_VERSION = 1;

/** A block object starts and its trailer ends with these bytes. The first is no ASCII and the next lines' ends show text-mode damage, as in PNG. */
export const MAGIC: Uint8Array = Uint8Array.of(0x89, 0x54, 0x4d, 0x42, 0x0d, 0x0a, 0x1a, FORMAT_VERSION);

/** Trailer: index offset (u64), index length (u64), index digest (16), CRC-32 of these (u32), magic (8); little-endian. */
const CRC_AT = 8 + 8 + DIGEST_BYTES;
const MAGIC_AT = CRC_AT + 4;
export const TRAILER_BYTES: number = MAGIC_AT + MAGIC.length;

export interface Trailer {
  /** Bytes from the start of the object. */
  indexOffset: number;
  indexLength: number;
  /** 32 hex digits, as `digest128` gives. */
  indexDigest: string;
}

export function encodeTrailer({ indexOffset, indexLength, indexDigest }: Trailer): Uint8Array {
  const bytes = Buffer.alloc(TRAILER_BYTES);
  bytes.writeBigUInt64LE(BigInt(indexOffset), 0);
  bytes.writeBigUInt64LE(BigInt(indexLength), 8);
  bytes.write(indexDigest, 16, DIGEST_BYTES, 'hex');
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CRC_AT)), CRC_AT);
  bytes.set(MAGIC, MAGIC_AT);
  return bytes;
}

/** Reads the last `TRAILER_BYTES` bytes of an object; throws 'damaged-block', or 'unknown-format' for a newer version. */
export function parseTrailer(trailer: Uint8Array): Trailer {
  const bytes = Buffer.from(trailer.buffer, trailer.byteOffset, trailer.byteLength);
  if (bytes.length !== TRAILER_BYTES) throw damagedBlock(`its trailer has ${bytes.length} bytes, not ${TRAILER_BYTES}`);
  const version = bytes[TRAILER_BYTES - 1];
  if (!bytes.subarray(MAGIC_AT, -1).equals(MAGIC.subarray(0, -1))) throw damagedBlock('it does not end like a block');
  if (version !== FORMAT_VERSION)
    throw unknownFormat(`the block has format version ${version}, known is ${FORMAT_VERSION}`);
  if (crc32(bytes.subarray(0, CRC_AT)) !== bytes.readUInt32LE(CRC_AT))
    throw damagedBlock('its trailer does not match its CRC');
  const at = {
    indexOffset: Number(bytes.readBigUInt64LE(0)),
    indexLength: Number(bytes.readBigUInt64LE(8)),
    indexDigest: bytes.toString('hex', 16, 16 + DIGEST_BYTES),
  };
  if (!Number.isSafeInteger(at.indexOffset + at.indexLength)) throw damagedBlock('its index lies beyond any object');
  return at;
}

/** Moves a chunk of a segment to where the segment's body lies: adds `by` to its frame offsets. */
export function rebase(chunk: Chunk, by: number): Chunk {
  const move = (ref: FrameRef): FrameRef => ({ ...ref, offset: ref.offset + by });
  return { ...chunk, time: move(chunk.time), value: move(chunk.value) };
}

/** The index of a block: a protobuf Index, compressed with zstd. */
export function encodeIndex(index: BlockIndex): Uint8Array {
  const { gateway, day, blockId, readings, segments, chunks } = index;
  const series = index.series.map(({ measurement, field, tags, unit }) => ({
    measurement,
    field,
    tagName: tags.map(([name]) => name),
    tagValue: tags.map(([, value]) => value),
    unit,
  }));
  const directory = toColumns(chunks);
  return packMessage(
    Index.encode({ version: INDEX_VERSION, gateway, day, blockId, readings, series, segments, directory }).finish(),
  );
}

/** Throws 'damaged-block' or 'unknown-format', whatever the bytes are. Chunks name series and segments that are there. */
export function decodeIndex(bytes: Uint8Array): BlockIndex {
  const index = parseMessage('index', bytes, (plain) => Index.decode(plain));
  if (index.version !== INDEX_VERSION) {
    throw unknownFormat(`the block's index has version ${index.version}, known is ${INDEX_VERSION}`);
  }
  const { gateway, day, blockId, readings } = index;
  const series = (index.series ?? []).map(readSeries);
  const segments = (index.segments ?? []).map(readSegment);
  const chunks = fromColumns((index.directory ?? {}) as DirectoryColumns);
  for (const chunk of chunks) {
    if (chunk.series >= series.length || chunk.segment >= segments.length) {
      throw damagedBlock(
        `a chunk names series ${chunk.series} and segment ${chunk.segment}, which the index does not have`,
      );
    }
  }
  return { gateway, day, blockId, readings, series, segments, chunks };
}

function readSeries(entry: tidemark.v1.SeriesEntry.$Properties): BlockSeries {
  const names = entry.tagName ?? [];
  const values = entry.tagValue ?? [];
  if (names.length !== values.length) throw damagedBlock('a series has tag names without values');
  const tags = names.map((name, i): [string, string] => [name, values[i] as string]);
  return { measurement: entry.measurement ?? '', field: entry.field ?? '', tags, unit: entry.unit ?? '' };
}

function readSegment(entry: tidemark.v1.SegmentEntry.$Properties): SeqRange {
  return { epoch: entry.epoch ?? 0, seqLo: entry.seqLo ?? 0, seqHi: entry.seqHi ?? 0 };
}
