import { type Hash, randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { dayName } from '../../shared/units.ts';
import { encodeBareTail, encodeIndex, encodeTail, isSmall, rebase } from '../codec/block.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { digest128 } from '../codec/frame.ts';
import { FORMAT_VERSION, MAGIC, MAX_TRAILER_BYTES } from '../codec/trailer.ts';
import type { BlockIndex, Chunk } from '../codec/types.ts';
import { ROLLUP_SHARE, rollupsOfBlock } from './block-rollups.ts';
import { inventory } from './rollup-build.ts';
import type { DirtyRows } from './rollup-dirty.ts';
import type { RollupRows } from './rollup-rows.ts';
import { FROZEN, type SegmentRow, type Segments } from './segments.ts';
import type { SeriesRegistry } from './series.ts';
import { statement } from './statements.ts';
import type { PartInfo, PlanOptions } from './types.ts';

/** Frozen segments, in order, that fit one object; always at least one. No more rows are taken than these. */
export function rowsOfBlock(rows: Iterable<SegmentRow>, targetBytes: number): SegmentRow[] {
  const chosen: SegmentRow[] = [];
  let bytes = MAGIC.length + MAX_TRAILER_BYTES;
  for (const row of rows) {
    // Directories are a good estimate of what the index adds.
    const more = row.bytes * (1 + ROLLUP_SHARE) + row.directory.length;
    if (chosen.length > 0 && bytes + more > targetBytes) break;
    chosen.push(row);
    bytes += more;
  }
  return chosen;
}

/** The body goes to `whole`. The chunks of a segment if body and directory can be read and all frames have their digests still; else undefined. */
export function soundChunks(row: SegmentRow, body: () => Uint8Array, whole: Hash): Chunk[] | undefined {
  try {
    const bytes = body();
    whole.update(bytes);
    const chunks = decodeDirectory(row.directory);
    const frames = chunks.flatMap(({ time, value }) => [time, value]);
    // Timestamps that chunks share are hashed once.
    const sound = [...new Map(frames.map((ref) => [ref.offset, ref])).values()].every(
      (ref) => digest128(bytes.subarray(ref.offset, ref.offset + ref.length)) === ref.digest,
    );
    return sound ? chunks : undefined;
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return undefined;
  }
}

/** A row of the block to be, with what its directory says. */
export interface PlannedRow {
  row: SegmentRow;
  chunks: Chunk[];
}

/** Index of a block without its rollups. */
type ReadingsIndex = Omit<BlockIndex, 'rollups'>;

/** The index of a block of these rows, series in order of their first chunk, their local ids, and where each row's body lies in the object. */
function buildIndex(
  rows: readonly PlannedRow[],
  registry: SeriesRegistry,
): { index: ReadingsIndex; ids: number[]; offsets: number[] } {
  const position = new Map<number, number>();
  const offsets: number[] = [];
  let offset = MAGIC.length;
  const chunks = rows.flatMap(({ row, chunks }, segment) => {
    const base = offset;
    offsets.push(base);
    offset += row.bytes;
    return chunks.map((chunk) => {
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
  const segments = rows.map(({ row }) => ({ epoch: row.epoch, seqLo: row.seq_lo, seqHi: row.seq_hi }));
  return { index: { series, segments, chunks }, ids: [...position.keys()], offsets };
}

/** Series of which this gateway has other readings of the day beside these rows. */
function dividedOf(segments: Segments, rows: readonly SegmentRow[]): ReadonlySet<number> {
  const own = new Set(rows.map(({ id }) => id));
  const [lo, hi] = [Math.min(...rows.map((row) => row.series_lo)), Math.max(...rows.map((row) => row.series_hi))];
  const others = segments.localOfDay(rows[0]?.day ?? 0, lo, hi).filter(({ id }) => !own.has(id));
  const { chunks, unreadable } = inventory(others, []);
  return new Set([...chunks.keys(), ...unreadable]);
}

/** What follows the bodies in the object, and the full index. */
function endOf(
  rollups: { rows: RollupRows; dirty: DirtyRows },
  day: number,
  { index, ids, divided }: { index: ReadingsIndex; ids: readonly number[]; divided: ReadonlySet<number> },
  bodies: { bytes: number; read(): Iterable<Uint8Array> },
): { tail: Uint8Array; encoded: Uint8Array; indexOffset: number } {
  const offset = MAGIC.length + bodies.bytes;
  if (isSmall(index, bodies.bytes)) {
    const bare = encodeBareTail(index, Buffer.concat([MAGIC, ...bodies.read()]));
    if (bare !== undefined) return { tail: bare, encoded: encodeIndex({ ...index, rollups: [] }), indexOffset: offset };
  }
  const { rollups: refs, frames } = rollupsOfBlock(rollups, day, { ids, divided, chunks: index.chunks }, offset);
  const encoded = encodeIndex({ ...index, rollups: refs });
  const tail = Buffer.concat([...frames, encodeTail(encoded)]);
  return { tail, encoded, indexOffset: offset + frames.reduce((n, frame) => n + frame.length, 0) };
}

/**
 * Freezes one block of the rows given (at least one, of one day): which segments at which offsets, the end of the object, the full index, its digest and the key. It has one part.
 * To be called inside a transaction. `whole` has MAGIC and the rows' bodies in it already, so that each was read only once. Returns the block's id.
 */
export function planBlock(
  db: Database.Database,
  segments: Segments,
  series: SeriesRegistry,
  rollups: { rows: RollupRows; dirty: DirtyRows },
  planned: readonly PlannedRow[],
  whole: Hash,
  o: PlanOptions,
): string {
  const id = randomBytes(8).toString('hex');
  const rows = planned.map(({ row }) => row);
  const { index, ids, offsets } = buildIndex(planned, series);
  const day = rows[0]?.day ?? 0;
  const bodies = {
    bytes: rows.reduce((n, row) => n + row.bytes, 0),
    *read(): Iterable<Uint8Array> {
      for (const row of rows) yield segments.body(row.id, 0, row.bytes);
    },
  };
  const { tail, encoded, indexOffset } = endOf(
    rollups,
    day,
    { index, ids, divided: dividedOf(segments, rows) },
    bodies,
  );
  const digest = whole.update(tail).digest();
  const bytes = MAGIC.length + bodies.bytes + tail.length;
  const sha256 = digest.toString('hex');
  const key = `${o.prefix}gateway=${o.gatewayId}/date=${dayName(day)}/${id}-${sha256.slice(0, 16)}.tmb`;
  statement(
    db,
    `insert into block (id, key, store_id, day, t_min, t_max, readings, series, segments, bytes, index_offset, part_bytes, parts, sha256, format_version, state, planned_us, series_lo, series_hi)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, 'planned', ?, ?, ?)`,
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
    bytes,
    indexOffset,
    bytes,
    sha256,
    FORMAT_VERSION,
    o.nowUs,
    Math.min(...rows.map((r) => r.series_lo)),
    Math.max(...rows.map((r) => r.series_hi)),
  );
  statement(db, 'insert into block_index (block_id, body) values (?, ?)').run(id, encoded);
  statement(db, 'insert into block_tail (block_id, tail) values (?, ?)').run(id, tail);
  insertParts(db, id, [{ partNumber: 1, offset: 0, length: bytes, sha256: digest, verified: false }]);
  const place = statement(
    db,
    `update segment set block_id = ?, block_offset = ? where id = ? and state = ${FROZEN} and block_id is null`,
  );
  for (const [i, row] of rows.entries())
    if (place.run(id, offsets[i] ?? 0, row.id).changes !== 1)
      throw new Error(`segment ${row.id} was planned elsewhere`);
  return id;
}

export function insertParts(db: Database.Database, id: string, parts: readonly PartInfo[]): void {
  const add = statement(
    db,
    'insert into part (block_id, part_number, offset, length, sha256, md5) values (?, ?, ?, ?, ?, ?)',
  );
  for (const part of parts) add.run(id, part.partNumber, part.offset, part.length, part.sha256, part.md5 ?? null);
}
