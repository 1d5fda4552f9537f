import { createHash, randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { dayName } from '../../shared/units.ts';
import { encodeBareTail, encodeIndex, encodeTail, isSmall, rebase } from '../codec/block.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { digest128 } from '../codec/frame.ts';
import { FORMAT_VERSION, MAGIC, MAX_TRAILER_BYTES, magicOf } from '../codec/trailer.ts';
import type { BlockIndex } from '../codec/types.ts';
import { ROLLUP_SHARE, rollupsOfBlock } from './block-rollups.ts';
import type { DirtyRows } from './rollup-dirty.ts';
import type { RollupRows } from './rollup-rows.ts';
import type { SegmentRow, Segments } from './segments.ts';
import type { SeriesRegistry } from './series.ts';
import type { PartInfo, PlanOptions } from './types.ts';

/** Frozen segments, in order, that fit one object; always at least one. */
export function rowsOfBlock(rows: readonly SegmentRow[], targetBytes: number): SegmentRow[] {
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

/** The body goes to `table`; true when it and the directory of its segment can be read, and every frame still has its digest. */
export function isSound(row: SegmentRow, read: () => Uint8Array, table: PartTable): boolean {
  try {
    const body = read();
    table.add(body);
    const frames = decodeDirectory(row.directory).flatMap(({ time, value }) => [time, value]);
    // Timestamps that chunks share are hashed once.
    return [...new Map(frames.map((ref) => [ref.offset, ref])).values()].every(
      (ref) => digest128(body.subarray(ref.offset, ref.offset + ref.length)) === ref.digest,
    );
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    return false;
  }
}

/** Index of a block without its rollups. */
type ReadingsIndex = Omit<BlockIndex, 'rollups'>;

/** The index of a block of these rows, series in order of their first chunk, their local ids, and where each row's body lies in the object. */
function buildIndex(
  rows: readonly SegmentRow[],
  registry: SeriesRegistry,
): { index: ReadingsIndex; ids: number[]; offsets: number[] } {
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
  return { index: { series, segments, chunks }, ids: [...position.keys()], offsets };
}

/** What follows the bodies in the object, and the full index. */
function endOf(
  rollups: { rows: RollupRows; dirty: DirtyRows },
  day: number,
  { index, ids }: { index: ReadingsIndex; ids: readonly number[] },
  bodies: { bytes: number; read(): Iterable<Uint8Array> },
): { tail: Uint8Array; encoded: Uint8Array; indexOffset: number } {
  const offset = MAGIC.length + bodies.bytes;
  if (isSmall(index, bodies.bytes)) {
    const bare = encodeBareTail(index, Buffer.concat([MAGIC, ...bodies.read()]));
    if (bare !== undefined) return { tail: bare, encoded: encodeIndex({ ...index, rollups: [] }), indexOffset: offset };
  }
  const { rollups: refs, frames } = rollupsOfBlock(rollups, day, { ids, chunks: index.chunks }, offset);
  const encoded = encodeIndex({ ...index, rollups: refs });
  const tail = Buffer.concat([...frames, encodeTail(encoded)]);
  return { tail, encoded, indexOffset: offset + frames.reduce((n, frame) => n + frame.length, 0) };
}

/** Hashes an object in order, whole and by parts of a fixed size. */
export class PartTable {
  readonly #partBytes: number;
  readonly #whole = createHash('sha256');
  readonly #parts: PartInfo[] = [];
  #sha = createHash('sha256');
  #md5 = createHash('md5');
  #offset = 0;
  #length = 0;

  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  add(piece: Uint8Array): void {
    this.#whole.update(piece);
    for (let at = 0; at < piece.length; ) {
      const slice = piece.subarray(at, at + this.#partBytes - this.#length);
      this.#sha.update(slice);
      this.#md5.update(slice);
      this.#length += slice.length;
      at += slice.length;
      if (this.#length === this.#partBytes) this.#closePart();
    }
  }

  #closePart(): void {
    const [offset, length] = [this.#offset, this.#length];
    const digests = { sha256: this.#sha.digest(), md5: this.#md5.digest() };
    this.#parts.push({ partNumber: this.#parts.length + 1, offset, length, ...digests, verified: false });
    this.#offset += length;
    [this.#sha, this.#md5, this.#length] = [createHash('sha256'), createHash('md5'), 0];
  }

  end(): { parts: PartInfo[]; sha256: Buffer; bytes: number } {
    if (this.#length > 0) this.#closePart();
    return { parts: this.#parts, sha256: this.#whole.digest(), bytes: this.#offset };
  }
}

/**
 * Freezes one block of the rows given (at least one, of one day): which segments at which offsets, the end of the object, the full index, the part table, the whole digest and the key. To be
 * called inside a transaction. `head` has MAGIC and the rows' bodies in it already, so that each was read only once. Returns the block's id.
 */
export function planBlock(
  db: Database.Database,
  segments: Segments,
  series: SeriesRegistry,
  rollups: { rows: RollupRows; dirty: DirtyRows },
  rows: readonly SegmentRow[],
  head: PartTable,
  o: PlanOptions,
): string {
  const id = randomBytes(8).toString('hex');
  const { index, ids, offsets } = buildIndex(rows, series);
  const day = rows[0]?.day ?? 0;
  const bodies = {
    bytes: rows.reduce((n, row) => n + row.bytes, 0),
    *read(): Iterable<Uint8Array> {
      for (const row of rows) yield segments.body(row.id);
    },
  };
  const { tail, encoded, indexOffset } = endOf(rollups, day, { index, ids }, bodies);
  head.add(tail);
  const table = head.end();
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
    indexOffset,
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
    .prepare<[string], { bytes: number; format_version: number; tail: Buffer }>(
      'select bytes, format_version, tail from block join block_tail on block_id = id where id = ?',
    )
    .get(id);
  if (block === undefined || offset < 0 || length < 0 || offset + length > block.bytes)
    throw new Error(`block ${id} has no bytes ${offset}+${length}`);
  const out = new Uint8Array(length);
  /** `read` gives a range of the piece that lies at `from`. */
  const copy = (from: number, bytes: number, read: (offset: number, length: number) => Uint8Array): void => {
    const lo = Math.max(from, offset);
    const hi = Math.min(from + bytes, offset + length);
    if (lo < hi) out.set(read(lo - from, hi - lo), lo - offset);
  };
  const within = (whole: Uint8Array) => (at: number, n: number) => whole.subarray(at, at + n);
  const magic = magicOf(block.format_version);
  copy(0, magic.length, within(magic));
  for (const row of segments.inBlock(id, offset, offset + length))
    copy(row.block_offset ?? 0, row.bytes, (at, n) => segments.bodyRange(row.id, at, n));
  copy(block.bytes - block.tail.length, block.tail.length, within(block.tail));
  return out;
}
