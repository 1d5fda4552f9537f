import type Database from 'better-sqlite3';
import { dayOf, dayStart } from '../../shared/units.ts';
import { encodeDirectory } from '../codec/directory.ts';
import type { Chunk } from '../codec/types.ts';
import { Bodies } from './bodies.ts';
import { statement } from './statements.ts';
import type { OpenSegment, SeqMark } from './types.ts';
import { isCorrupt } from './unreadable.ts';

export const OPEN = 0;
export const FROZEN = 1;
/** Set aside by compaction because chunks of it fail their digest; what could be read of it was written anew. */
export const DAMAGED = 2;
/**
 * Frozen, and found rotten before it was planned: compaction writes anew what can be read of it. It is rewritten alone, never with rows that came later:
 * the age of what it holds stays as it was, and so does its order among the other frozen rows and the blocks of the day.
 */
export const ROTTEN = 3;

const ALL: SeqMark = { epoch: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };

export interface SegmentRow {
  id: number;
  day: number;
  state: number;
  final: number;
  block_id: string | null;
  block_offset: number | null;
  epoch: number;
  seq_lo: number;
  seq_hi: number;
  /** Compaction takes up a row series by series: chunks of series below this one are written anew elsewhere, and count no more. */
  series_lo: number;
  series_hi: number;
  t_min: number;
  t_max: number;
  readings: number;
  bytes: number;
  received_us: number;
  directory: Buffer;
  /** Whether rollups know what it holds: 0 no, 1 yes, 2 they never will. */
  rolled: 0 | 1 | 2;
}

/** What the codec built, and the age of what is in it. */
export interface NewSegment {
  day: number;
  final: boolean;
  epoch: number;
  seqLo: number;
  seqHi: number;
  receivedUs: number;
  built: { directory: Uint8Array; body: Uint8Array; chunks: Chunk[]; readings: number; tMin: number; tMax: number };
}

/** A row as it is added: in no block, and known to no rollup. */
type NewRow = Omit<SegmentRow, 'id' | 'block_id' | 'block_offset' | 'rolled' | 'directory'> & { directory: Uint8Array };

/** What is left of a row that cannot be read. */
const LOST = {
  state: DAMAGED,
  final: 0,
  block_id: null,
  block_offset: null,
  epoch: 0,
  seq_lo: 0,
  seq_hi: 0,
  series_lo: 0,
  series_hi: Number.MAX_SAFE_INTEGER,
  readings: 0,
  bytes: 0,
  received_us: 0,
  directory: Buffer.alloc(0),
  rolled: 0,
} as const;

/** Of a new row: behind all rows, and behind bodies whose rows the disk lost, which nobody can tell from one of the new row. */
const NEXT_ID =
  'select 1 + max(coalesce((select max(id) from segment), 0), coalesce((select max(id) from segment_body), 0)) id';
/** The same at the other end. */
const ID_BEFORE =
  'select min(coalesce((select min(id) from segment), 0), coalesce((select min(id) from segment_body), 0), 0) - 1 id';

/** Rows of segments: immutable but for their state and their place in a block. */
export class Segments {
  /** New rows come before all others, see mendBodies. */
  goesDown = false;
  readonly #db: Database.Database;
  readonly #insert: Database.Statement<[NewRow & { id: number }]>;
  readonly #bodies: Bodies;
  readonly #forSeries: Database.Statement<[number, number, number, number, number, number], SegmentRow>;

  constructor(db: Database.Database) {
    this.#db = db;
    // One cut may insert many thousands.
    this.#insert = db.prepare(
      `insert into segment (id, day, state, final, epoch, seq_lo, seq_hi, series_lo, series_hi, t_min, t_max, readings, bytes, received_us, directory)
       values (@id, @day, @state, @final, @epoch, @seq_lo, @seq_hi, @series_lo, @series_hi, @t_min, @t_max, @readings, @bytes, @received_us, @directory)`,
    );
    this.#bodies = new Bodies(db);
    this.#forSeries = db.prepare(
      `select * from segment where day between ? and ? and series_lo <= ? and series_hi >= ? and t_max >= ? and t_min < ? order by day`,
    );
  }

  /** Returns its id. */
  insert(s: NewSegment, state: typeof OPEN | typeof FROZEN = OPEN): number {
    let lo = Number.MAX_SAFE_INTEGER;
    let hi = 0;
    for (const { series } of s.built.chunks) {
      lo = Math.min(lo, series);
      hi = Math.max(hi, series);
    }
    const { built } = s;
    const id = this.#add({
      day: s.day,
      state,
      final: s.final ? 1 : 0,
      epoch: s.epoch,
      seq_lo: s.seqLo,
      seq_hi: s.seqHi,
      series_lo: lo,
      series_hi: hi,
      t_min: built.tMin,
      t_max: built.tMax,
      readings: built.readings,
      bytes: built.body.length,
      received_us: s.receivedUs,
      directory: built.directory,
    });
    this.#bodies.insert(id, built.body);
    return id;
  }

  /** Returns the id of the new row. */
  #add(row: NewRow): number {
    const [found] = statement<[], { id: number }>(this.#db, this.goesDown ? ID_BEFORE : NEXT_ID).all();
    if (found === undefined) throw new Error('an aggregate has one row');
    this.#insert.run({ ...row, id: found.id });
    return found.id;
  }

  /**
   * Local segments that may hold the series in [from, to), oldest day first, read as they are asked for. A row whose pages the disk lost comes as one of the
   * whole day with a directory that cannot be read.
   */
  *forSeries(series: number, from: number, to: number): Generator<SegmentRow> {
    const seen = new Set<number>();
    try {
      for (const row of this.#forSeries.iterate(dayOf(from), dayOf(to - 1), series, series, from, to)) {
        seen.add(row.id);
        yield row;
      }
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      for (const { id, day } of this.#placesOf(series, from, to)) {
        if (seen.has(id)) continue;
        const row = this.#rowUnlessLost(id, day);
        if (row.series_hi >= series && row.t_max >= from && row.t_min < to) yield row;
      }
    }
  }

  /** From the index alone, which is apart from the rows. */
  #placesOf(series: number, from: number, to: number): { id: number; day: number }[] {
    return this.#db
      .prepare<[number, number, number], { id: number; day: number }>(
        'select id, day from segment indexed by segment_by_day where day between ? and ? and series_lo <= ? order by day',
      )
      .all(dayOf(from), dayOf(to - 1), series);
  }

  #rowUnlessLost(id: number, day: number): SegmentRow {
    try {
      const row = this.#db.prepare<[number], SegmentRow>('select * from segment where id = ?').get(id);
      if (row !== undefined) return row;
    } catch (error) {
      if (!isCorrupt(error)) throw error;
    }
    return { ...LOST, id, day, t_min: dayStart(day), t_max: dayStart(day + 1) - 1 };
  }

  /** The first row of the day that rotted since it was frozen. */
  rottenOfDay(day: number): SegmentRow | undefined {
    return statement<[number], SegmentRow>(
      this.#db,
      `select * from segment where day = ? and state = ${ROTTEN} order by id limit 1`,
    ).get(day);
  }

  openOfDay(day: number, upTo = ALL): SegmentRow[] {
    return statement<[number, number, number], SegmentRow>(
      this.#db,
      `select * from segment where day = ? and state = ${OPEN} and (epoch, seq_hi) <= (?, ?) order by series_lo, epoch, seq_lo`,
    ).all(day, upTo.epoch, upTo.seq);
  }

  hasUncompacted(day: number, upTo = ALL): boolean {
    return (
      statement(
        this.#db,
        `select 1 from segment where day = ? and (state = ${ROTTEN} or (state = ${OPEN} and final = 0 and (epoch, seq_hi) <= (?, ?))) limit 1`,
      ).get(day, upTo.epoch, upTo.seq) !== undefined
    );
  }

  /** Without their directories. */
  ageOfOpen(day: number): OpenSegment[] {
    return statement<[number], Omit<OpenSegment, 'final'> & { final: number }>(
      this.#db,
      `select epoch, seq_lo seqLo, seq_hi seqHi, t_max tMax, bytes, received_us receivedUs, final from segment
         where day = ? and state = ${OPEN} order by epoch, seq_lo`,
    )
      .all(day)
      .map((row) => ({ ...row, final: row.final === 1 }));
  }

  freeze(day: number, upTo = ALL): number {
    return statement(
      this.#db,
      `update segment set state = ${FROZEN} where day = ? and state = ${OPEN} and (epoch, seq_hi) <= (?, ?)`,
    ).run(day, upTo.epoch, upTo.seq).changes;
  }

  /** One open row. */
  freezeRow(id: number): void {
    statement(this.#db, `update segment set state = ${FROZEN} where id = ? and state = ${OPEN}`).run(id);
  }

  /** The oldest open row of a day in its final form that rollups know. */
  oldestOpen(day: number): SegmentRow | undefined {
    return statement<[number], SegmentRow>(
      this.#db,
      `select * from segment where day = ? and state = ${OPEN} and final = 1 and rolled <> 0 order by epoch, seq_lo, series_lo limit 1`,
    ).get(day);
  }

  /** Read as they are asked for. */
  frozenOfDay(day: number): IterableIterator<SegmentRow> {
    return this.#db
      .prepare<[number], SegmentRow>(
        `select * from segment where day = ? and state = ${FROZEN} and block_id is null order by series_lo, epoch, seq_lo`,
      )
      .iterate(day);
  }

  /** Days of [from, to] that have rows, oldest first. */
  days(from: number, to: number): number[] {
    return statement<[number, number], { day: number }>(
      this.#db,
      'select distinct day from segment where day between ? and ? order by day',
    )
      .all(from, to)
      .map(({ day }) => day);
  }

  /** Segments in their final form that the rollups do not know yet, by their first series. */
  unrolledOfDay(day: number): SegmentRow[] {
    return statement<[number], SegmentRow>(
      this.#db,
      `select * from segment where day = ? and rolled = 0 and (state = ${FROZEN} or (state = ${OPEN} and final = 1)) order by series_lo`,
    ).all(day);
  }

  /** All of a day that can be read on this gateway and may hold series of [lo, hi]. */
  localOfDay(day: number, lo = 0, hi = Number.MAX_SAFE_INTEGER): SegmentRow[] {
    return this.#ofDay(`state <> ${DAMAGED}`, day, lo, hi);
  }

  damagedOfDay(day: number, lo: number, hi: number): SegmentRow[] {
    return this.#ofDay(`state = ${DAMAGED}`, day, lo, hi);
  }

  #ofDay(condition: string, day: number, lo: number, hi: number): SegmentRow[] {
    return statement<[number, number, number], SegmentRow>(
      this.#db,
      `select * from segment where day = ? and series_hi >= ? and series_lo <= ? and ${condition}`,
    ).all(day, lo, hi);
  }

  setRolled(rows: readonly Pick<SegmentRow, 'id'>[], rolled: SegmentRow['rolled']): void {
    const set = statement(this.#db, 'update segment set rolled = ? where id = ?');
    for (const { id } of rows) set.run(rolled, id);
  }

  /** Segments of a block that touch the byte range, in object order. */
  inBlock(blockId: string, from: number, to: number): Pick<SegmentRow, 'id' | 'block_offset' | 'bytes' | 'rolled'>[] {
    return statement<[string, number, number], Pick<SegmentRow, 'id' | 'block_offset' | 'bytes' | 'rolled'>>(
      this.#db,
      `select id, block_offset, bytes, rolled from segment where block_id = ? and block_offset < ? and block_offset + bytes > ? order by block_offset`,
    ).all(blockId, to, from);
  }

  /** A copy of the bytes [offset, offset + length) of a body. Throws 'damaged-frame' when they cannot be read. */
  body(id: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#bodies.read(id, offset, length);
  }

  /** The same, into memory of the caller. */
  fillBody(id: number, offset: number, out: Uint8Array): void {
    this.#bodies.fill(id, offset, out);
  }

  /** Compaction has written the series up to `upTo` (`readings` of them) anew: the row begins behind them, and goes when nothing is left. */
  consume(row: SegmentRow, upTo: number, readings: number): void {
    if (row.series_hi <= upTo) this.remove(row.id);
    else
      statement(this.#db, 'update segment set series_lo = ?, readings = readings - ?, final = 0 where id = ?').run(
        upTo + 1,
        readings,
        row.id,
      );
  }

  /** Keeps what compaction could not read of a row, for the support desk and to tell the gap, in a row of its own that nothing takes up again. */
  setAside(row: SegmentRow, upTo: number): void {
    const aside = { ...row, state: DAMAGED, series_hi: Math.min(row.series_hi, upTo), readings: 0 };
    this.#bodies.copy(row.id, this.#add(aside));
  }

  /** Tells that these chunks of a row are lost, in a row of its own without a body: the row's cannot be copied. */
  tellLost(row: SegmentRow, chunks: readonly Chunk[]): void {
    const series = chunks.map((chunk) => chunk.series);
    const [series_lo, series_hi] = [Math.min(...series), Math.max(...series)];
    const directory = encodeDirectory(chunks);
    this.#add({ ...row, state: DAMAGED, series_lo, series_hi, readings: 0, bytes: 0, directory });
  }

  /** A frozen segment that is in no block goes back to compaction, see ROTTEN. */
  markRotten(id: number): void {
    statement(this.#db, `update segment set state = ${ROTTEN}, final = 0 where id = ? and block_id is null`).run(id);
  }

  /** Sets a row aside of which nothing can be read. */
  markLost(id: number): void {
    statement(this.#db, `update segment set state = ${DAMAGED}, readings = 0 where id = ?`).run(id);
  }

  remove(id: number): void {
    this.#bodies.remove(id);
    statement(this.#db, 'delete from segment where id = ?').run(id);
  }
}
