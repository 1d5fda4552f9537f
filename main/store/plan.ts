import { createHash, randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { dayName } from '../../shared/units.ts';
import { encodeBareTail, encodeIndex, encodeTail, isSmall, rebase } from '../codec/block.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { digest128 } from '../codec/frame.ts';
import { FORMAT_VERSION, MAGIC, MAX_TRAILER_BYTES, magicOf } from '../codec/trailer.ts';
import type { BlockIndex, Chunk } from '../codec/types.ts';
import type { SegmentRow, Segments } from './segments.ts';
import type { SeriesRegistry } from './series.ts';
import type { PartInfo, PlanOptions } from './types.ts';

/** Frozen segments, in order, that fit one object; always at least one. */
export function rowsOfBlock(rows: readonly SegmentRow[], targetBytes: number): SegmentRow[] {
  const chosen: SegmentRow[] = [];
  let bytes = MAGIC.length + MAX_TRAILER_BYTES;
  for (const row of rows) {
    // Directories are a good estimate of what the index adds.
    const more = row.bytes + row.directory.length;
    if (chosen.length > 0 && bytes + more > targetBytes) break;
    chosen.push(row);
    bytes += more;
  }
  return chosen;
}

/** The directory of a segment can be read, and every frame still has its digest. */
export function isSound(row: SegmentRow, body: Uint8Array): boolean {
  let chunks: Chunk[];
  try {
    chunks = decodeDirectory(row.directory);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return false;
  }
  const frames = new Map(chunks.flatMap(({ time, value }) => [time, value].map((ref) => [ref.offset, ref] as const)));
  return [...frames.values()].every(
    (ref) => digest128(body.subarray(ref.offset, ref.offset + ref.length)) === ref.digest,
  );
}

/** The index of a block of these rows, series in order of their first chunk, and where each row's body lies in the object. */
function buildIndex(rows: readonly SegmentRow[], registry: SeriesRegistry): { index: BlockIndex; offsets: number[] } {
  const position = new Map<number, number>();
  const offsets: number[] = [];
  let offset = MAGIC.length;
  const chunks = rows.flatMap((row, segment) => {
    const base = offset;
    offsets.push(base);
    offset += row.bytes;
    return decodeDirectory(row.directory).map((chunk) => {
      const series = position.get(chunk.series) ?? position.size;
      position.set(chunk.series, series);
      return { ...rebase(chunk, base), series, segment };
    });
  });
  const identities = registry.identities(position.keys());
  const series = Array.from(position.keys(), (id) => {
    const identity = identities.get(id);
    if (identity === undefined) throw new Error(`series ${id} has no identity`);
    return identity;
  });
  const segments = rows.map((row) => ({ epoch: row.epoch, seqLo: row.seq_lo, seqHi: row.seq_hi }));
  return { index: { series, segments, chunks }, offsets };
}

/** What follows the frames in the object. */
function tailOf(index: BlockIndex, encoded: Uint8Array, frameBytes: number, frames: Iterable<Uint8Array>): Uint8Array {
  const bare = isSmall(index, frameBytes) ? encodeBareTail(index, Buffer.concat([MAGIC, ...frames])) : undefined;
  return bare ?? encodeTail(encoded);
}

/** Hashes an object in order, whole and by parts of a fixed size. */
function partTable(
  pieces: Iterable<Uint8Array>,
  partBytes: number,
): { parts: PartInfo[]; sha256: Buffer; bytes: number } {
  const whole = createHash('sha256');
  const parts: PartInfo[] = [];
  let [sha, md5, length, offset] = [createHash('sha256'), createHash('md5'), 0, 0];
  const close = (): void => {
    parts.push({
      partNumber: parts.length + 1,
      offset,
      length,
      sha256: sha.digest(),
      md5: md5.digest(),
      verified: false,
    });
    offset += length;
    [sha, md5, length] = [createHash('sha256'), createHash('md5'), 0];
  };
  for (const piece of pieces) {
    whole.update(piece);
    for (let at = 0; at < piece.length; ) {
      const slice = piece.subarray(at, at + partBytes - length);
      sha.update(slice);
      md5.update(slice);
      length += slice.length;
      at += slice.length;
      if (length === partBytes) close();
    }
  }
  if (length > 0) close();
  return { parts, sha256: whole.digest(), bytes: offset };
}

/**
 * Freezes one block of the rows given (at least one, of one day): which segments at which offsets, the end of the object, the full index, the part table, the whole digest and the key. To be
 * called inside a transaction. Returns the block's id.
 */
export function planBlock(
  db: Database.Database,
  segments: Segments,
  series: SeriesRegistry,
  rows: readonly SegmentRow[],
  o: PlanOptions,
): string {
  const id = randomBytes(8).toString('hex');
  const { index, offsets } = buildIndex(rows, series);
  const encoded = encodeIndex(index);
  const frameBytes = rows.reduce((n, row) => n + row.bytes, 0);
  const bodies = function* (): Iterable<Uint8Array> {
    for (const row of rows) yield segments.body(row.id);
  };
  const tail = tailOf(index, encoded, frameBytes, bodies());
  const pieces = function* (): Iterable<Uint8Array> {
    yield MAGIC;
    yield* bodies();
    yield tail;
  };
  const day = rows[0]?.day ?? 0;
  const table = partTable(pieces(), o.partBytes);
  const sha256 = table.sha256.toString('hex');
  const key = `${o.prefix}gateway=${o.gatewayId}/date=${dayName(day)}/${id}-${sha256.slice(0, 16)}.tmb`;
  db.prepare(
    `insert into block (id, key, store_id, day, t_min, t_max, readings, series, segments, bytes, index_offset, part_bytes, parts, sha256, format_version, state, planned_us)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?)`,
  ).run(
    id,
    key,
    o.storeId,
    day,
    Math.min(...rows.map((r) => r.t_min)),
    Math.max(...rows.map((r) => r.t_max)),
    rows.reduce((n, row) => n + row.readings, 0),
    index.series.length,
    rows.length,
    table.bytes,
    MAGIC.length + frameBytes,
    o.partBytes,
    table.parts.length,
    sha256,
    FORMAT_VERSION,
    o.nowUs,
  );
  db.prepare('insert into block_index (block_id, body) values (?, ?)').run(id, encoded);
  db.prepare('insert into block_tail (block_id, tail) values (?, ?)').run(id, tail);
  const addPart = db.prepare(
    'insert into part (block_id, part_number, offset, length, sha256, md5) values (?, ?, ?, ?, ?, ?)',
  );
  for (const part of table.parts) addPart.run(id, part.partNumber, part.offset, part.length, part.sha256, part.md5);
  const place = db.prepare('update segment set block_id = ?, block_offset = ? where id = ?');
  for (const [i, row] of rows.entries()) place.run(id, offsets[i] ?? 0, row.id);
  return id;
}

/** Any byte range of a block's object, from its segments and its frozen tail. */
export function blockBytes(
  db: Database.Database,
  segments: Segments,
  id: string,
  offset: number,
  length: number,
): Uint8Array {
  const block = db
    .prepare<[string], { bytes: number; index_offset: number; format_version: number; tail: Buffer }>(
      'select bytes, index_offset, format_version, tail from block join block_tail on block_id = id where id = ?',
    )
    .get(id);
  if (block === undefined || offset < 0 || length < 0 || offset + length > block.bytes)
    throw new Error(`block ${id} has no bytes ${offset}+${length}`);
  const out = new Uint8Array(length);
  const copy = (from: number, bytes: Uint8Array): void => {
    const lo = Math.max(from, offset);
    const hi = Math.min(from + bytes.length, offset + length);
    if (lo < hi) out.set(bytes.subarray(lo - from, hi - from), lo - offset);
  };
  copy(0, magicOf(block.format_version));
  for (const row of segments.inBlock(id, offset, offset + length)) copy(row.block_offset ?? 0, segments.body(row.id));
  copy(block.index_offset, block.tail);
  return out;
}
