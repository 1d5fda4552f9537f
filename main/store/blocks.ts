import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { type BlockState, mayMove } from '../../shared/states.ts';
import { dayOf } from '../../shared/units.ts';
import type { FrameRef } from '../codec/types.ts';
import type { BlockFilter } from './block-filter.ts';
import { unsynced } from './database.ts';
import { statement } from './statements.ts';
import type { BlockInfo, BlockPatch, PartInfo } from './types.ts';

interface BlockRow {
  id: string;
  key: string;
  store_id: string;
  day: number;
  t_min: number;
  t_max: number;
  readings: number;
  series: number;
  segments: number;
  bytes: number;
  index_offset: number;
  part_bytes: number;
  parts: number;
  sha256: string;
  format_version: number;
  state: BlockState;
  upload_id: string | null;
  etag: string | null;
  attempts: number;
  next_attempt_us: number;
  error_code: string | null;
  error_message: string | null;
  error_at_us: number | null;
  verify: 'readback' | 'checksum' | null;
  planned_us: number;
  uploaded_us: number | null;
  verified_us: number | null;
  cold_us: number | null;
  damaged: number;
  parts_stored: number;
  parts_verified: number;
}

const SELECT = `select block.*,
  (select count(*) from part where block_id = block.id and etag is not null) parts_stored,
  (select count(*) from part where block_id = block.id and verified = 1) parts_verified from block`;

/** Column that remembers when a state was entered. */
const STAMPS: Partial<Record<BlockState, string>> = {
  uploaded: 'uploaded_us',
  verified: 'verified_us',
  cold: 'cold_us',
};

function info(r: BlockRow): BlockInfo {
  return {
    id: r.id,
    key: r.key,
    storeId: r.store_id,
    day: r.day,
    tMin: r.t_min,
    tMax: r.t_max,
    readings: r.readings,
    series: r.series,
    bytes: r.bytes,
    partBytes: r.part_bytes,
    parts: r.parts,
    sha256: r.sha256,
    formatVersion: r.format_version,
    state: r.state,
    attempts: r.attempts,
    nextAttemptUs: r.next_attempt_us,
    plannedUs: r.planned_us,
    damaged: r.damaged === 1,
    partsStored: r.parts_stored,
    partsVerified: r.parts_verified,
    ...(r.upload_id === null ? {} : { uploadId: r.upload_id }),
    ...(r.etag === null ? {} : { etag: r.etag }),
    ...(r.error_code === null
      ? {}
      : { lastError: { code: r.error_code, message: r.error_message ?? '', atUs: r.error_at_us ?? 0 } }),
    ...(r.verify === null ? {} : { verify: r.verify }),
    ...(r.uploaded_us === null ? {} : { uploadedUs: r.uploaded_us }),
    ...(r.verified_us === null ? {} : { verifiedUs: r.verified_us }),
    ...(r.cold_us === null ? {} : { coldUs: r.cold_us }),
  };
}

/** A cold block, and the first and last time in it. */
export interface ColdBlock {
  id: string;
  key: string;
  etag: string | null;
  day: number;
  tMin: number;
  tMax: number;
  formatVersion: number;
  /** Bytes of the object that its index is had again from; undefined while the index is on this gateway. */
  index: FrameRef | undefined;
}

interface ColdRow extends Omit<ColdBlock, 'index'> {
  index_from: number | null;
  index_length: number | null;
  index_digest: string | null;
}

const ALL_SERIES = { lo: 0, hi: Number.MAX_SAFE_INTEGER };

/** Block rows and their part tables: the manifest and the queue in one. `move` is the one place where a state changes. */
export class Blocks {
  readonly #db: Database.Database;
  readonly #coldBetween: Database.Statement<[number, number, number, number, number, number], ColdRow>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#coldBetween = db.prepare(
      `select id, key, etag, day, t_min tMin, t_max tMax, format_version formatVersion, index_from, index_length, index_digest from block
       where state = 'cold' and day between ? and ? and t_max >= ? and t_min < ? and (series_lo is null or (series_lo <= ? and series_hi >= ?)) order by day`,
    );
  }

  get(id: string): BlockInfo | undefined {
    const row = statement<[string], BlockRow>(this.#db, `${SELECT} where id = ?`).get(id);
    return row === undefined ? undefined : info(row);
  }

  /** See StoreApi.blocks. */
  list(o: BlockFilter): BlockInfo[] {
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    if (o.states !== undefined) {
      conditions.push(`state in (${o.states.map(() => '?').join(', ')})`);
      values.push(...o.states);
    }
    if (o.damaged === true) conditions.push('damaged = 1');
    if (o.attention === true) conditions.push(`(damaged = 1 or state = 'quarantined')`);
    if (o.day !== undefined) {
      conditions.push('day = ?');
      values.push(o.day);
    }
    if (o.after !== undefined) {
      conditions.push('(-day, -t_max, id) > (select -day, -t_max, id from block where id = ?)');
      values.push(o.after);
    }
    const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
    return statement<(string | number)[], BlockRow>(this.#db, `${SELECT} ${where} order by -day, -t_max, id limit ?`)
      .all(...values, o.limit ?? 1_000_000)
      .map(info);
  }

  /** Oldest day first, read as they are asked for; without blocks that can have none of the series (local ids, inclusive). */
  *coldBetween(from: number, to: number, { lo, hi } = ALL_SERIES): IterableIterator<ColdBlock> {
    for (const row of this.#coldBetween.iterate(dayOf(from), dayOf(to - 1), from, to, hi, lo)) {
      const { index_from: offset, index_length: length, index_digest: digest, ...block } = row;
      const isHere = offset === null || length === null || digest === null;
      yield { ...block, index: isHere ? undefined : { offset, length, digest } };
    }
  }

  /** At least `n` days of these are, in part at least, in the archive only. */
  hasColdDays(from: number, to: number, n: number): boolean {
    const { days } = statement<[number, number, number], { days: number }>(
      this.#db,
      `select count(*) days from (select distinct day from block where state = 'cold' and day between ? and ? limit ?)`,
    ).get(from, to, n) ?? { days: 0 };
    return days >= n;
  }

  /** Days of which some is in the archive only. */
  coldDays(from: number, to: number): Set<number> {
    const rows = statement<[number, number], { day: number }>(
      this.#db,
      `select distinct day from block where state = 'cold' and day between ? and ?`,
    ).all(from, to);
    return new Set(rows.map(({ day }) => day));
  }

  parts(id: string): PartInfo[] {
    return statement<
      [string],
      {
        part_number: number;
        offset: number;
        length: number;
        sha256: Buffer;
        md5: Buffer | null;
        etag: string | null;
        verified: number;
      }
    >(this.#db, 'select * from part where block_id = ? order by part_number')
      .all(id)
      .map((r) => ({
        partNumber: r.part_number,
        offset: r.offset,
        length: r.length,
        sha256: new Uint8Array(r.sha256),
        verified: r.verified === 1,
        ...(r.md5 === null ? {} : { md5: new Uint8Array(r.md5) }),
        ...(r.etag === null ? {} : { etag: r.etag }),
      }));
  }

  move(id: string, from: BlockState, to: BlockState, patch: BlockPatch, nowUs: number): boolean {
    if (!mayMove(from, to))
      throw new TidemarkError('illegal-move', `a block may not go from ${from} to ${to}`, {
        retry: 'never',
        blame: 'gateway',
      });
    const stamp = STAMPS[to];
    const { sets, values } = columnsOf(patch);
    const all = ['state = ?', ...(stamp === undefined ? [] : [`${stamp} = ?`]), ...sets];
    const update = statement(this.#db, `update block set ${all.join(', ')} where id = ? and state = ?`);
    const run = (): boolean =>
      update.run(to, ...(stamp === undefined ? [] : [nowUs]), ...values, id, from).changes === 1;
    // An upload whose end is forgotten is settled by asking for the object (T4), and a proof is made again.
    return to === 'uploaded' || to === 'verified' ? unsynced(this.#db, run) : run();
  }

  patch(id: string, patch: BlockPatch): void {
    const { sets, values } = columnsOf(patch);
    if (sets.length === 0) return;
    const run = (): unknown =>
      statement(this.#db, `update block set ${sets.join(', ')} where id = ?`).run(...values, id);
    // Nobody would know of an upload whose id is forgotten.
    if (patch.uploadId === undefined) unsynced(this.#db, run);
    else run();
  }

  /** Makes room for another part table, unless an upload or a read-back goes by the present one: false then. */
  cutInto(id: string, partBytes: number, parts: number): boolean {
    const cut = statement(
      this.#db,
      `update block set part_bytes = ?, parts = ? where id = ? and state in ('planned', 'uploading', 'uploaded') and upload_id is null
         and not exists (select * from part where block_id = block.id and verified = 1)`,
    ).run(partBytes, parts, id).changes;
    if (cut === 1) statement(this.#db, 'delete from part where block_id = ?').run(id);
    return cut === 1;
  }

  setPart(id: string, partNumber: number, column: 'etag' | 'verified', value: string | number): void {
    statement(this.#db, `update part set ${column} = ? where block_id = ? and part_number = ?`).run(
      value,
      id,
      partNumber,
    );
  }

  clearParts(id: string, column: 'etag' | 'verified'): void {
    statement(this.#db, `update part set ${column} = ${column === 'etag' ? 'null' : '0'} where block_id = ?`).run(id);
  }

  setDamaged(id: string, damaged: boolean): void {
    statement(this.#db, 'update block set damaged = ? where id = ?').run(damaged ? 1 : 0, id);
  }
}

function columnsOf(patch: BlockPatch): { sets: string[]; values: (string | number | null)[] } {
  const columns: [string, string | number | null | undefined][] = [
    ['upload_id', patch.uploadId],
    ['etag', patch.etag],
    ['verify', patch.verify],
    ['next_attempt_us', patch.nextAttemptUs],
    ['attempts', patch.attempts],
  ];
  if (patch.lastError !== undefined) {
    columns.push(
      ['error_code', patch.lastError?.code ?? null],
      ['error_message', patch.lastError?.message ?? null],
      ['error_at_us', patch.lastError?.atUs ?? null],
    );
  }
  const set = columns.filter((c): c is [string, string | number | null] => c[1] !== undefined);
  return { sets: set.map(([name]) => `${name} = ?`), values: set.map(([, value]) => value) };
}
