import Database from 'better-sqlite3';
import { DAY_US } from '../../shared/units.ts';
import { counted } from '../../shared/words.ts';
import { decodeIndex } from '../codec/block.ts';
import { FORMAT_VERSION } from '../codec/trailer.ts';
import type { Chunk } from '../codec/types.ts';
import type { Events } from './events.ts';
import { mendBodies } from './mend-bodies.ts';
import type { Segments } from './segments.ts';
import { statement } from './statements.ts';
import { by, changingTrees, isWhole, renewIndex, renewTable, type Tree, tableOf, treesOf } from './trees.ts';
import type { EventRow } from './types.ts';
import { isCorrupt, unlessCorrupt } from './unreadable.ts';

/** Without these nothing is moved, or nothing is told: what can be read of one with lost pages goes into a new one. The first is made whole first. */
const RENEWED = ['event', 'segment', 'block', 'part', 'block_index', 'block_tail'];
/** Of these only indexes are made anew: names that are lost refuse the start, and for rollups the readings stand in. */
const INDEXED = ['series', 'source', 'rollup', 'rollup_month', 'rollup_dirty'];
/** A table of which no index can be read is looked through up to this row. */
const MOST_ROWS = 1_000_000;

type Told = Pick<EventRow, 'code' | 'level' | 'text' | 'detail'>;

/**
 * Looks for tables and indexes that SQLite cannot follow, because the disk lost pages of them, and makes them anew, all at once or nothing: indexes from their
 * tables, tables from the rows that can be read and from what indexes say of the others.
 */
export class Mender {
  readonly #db: Database.Database;
  readonly #events: Events;
  #failed = false;

  constructor(db: Database.Database, events: Events) {
    this.#db = db;
    this.#events = events;
  }

  /** False when nothing was mended; what cannot be is told, and not tried again. */
  run(atUs: number): boolean {
    return this.#mend(atUs, (old) => mendFrom(this.#db, old));
  }

  /** The same after something failed: the bodies of segments are looked at, too. */
  runAll(atUs: number, segments: Pick<Segments, 'goesDown'>): boolean {
    const mended = this.run(atUs);
    const bodies = this.#mend(atUs, (old) =>
      mendBodies(this.#db, old, segments.goesDown).map(({ how, table }) => {
        if (how === 'below') segments.goesDown = true;
        return how === 'below' ? tellBelow(table) : tell(table, LOST_BODIES);
      }),
    );
    return bodies || mended;
  }

  #mend(atUs: number, mend: (old: Database.Database) => Told[]): boolean {
    if (this.#failed) return false;
    const told = this.#mendFrom(mend);
    for (const each of told) this.#events.add({ ...each, atUs });
    return told.length > 0 && !this.#failed;
  }

  #mendFrom(mend: (old: Database.Database) => Told[]): Told[] {
    // A transaction in which a read failed cannot go on: what is read, and may be lost, is read beside it.
    const old = new Database(this.#db.name, { readonly: true });
    try {
      return mend(old);
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      this.#failed = true;
      return [NOT_MENDED];
    } finally {
      old.close();
    }
  }
}

function mendFrom(db: Database.Database, old: Database.Database): Told[] {
  const broken = treesOf(db, 'table', RENEWED).filter((table) => !isWhole(old, table));
  const renewed = RENEWED.flatMap((name) => broken.filter((table) => table.name === name));
  const indexes = treesOf(db, 'index', [...RENEWED, ...INDEXED]);
  // The other tables grow with the years: they are read through only when an index of theirs is worn.
  const worn = indexes.filter(
    (index) => !broken.some(({ name }) => name === index.table) && !isWhole(old, index) && isWhole(old, tableOf(index)),
  );
  if (renewed.length + worn.length === 0) return [];
  const told: Told[] = [];
  changingTrees(db, () => {
    for (const index of worn) renewIndex(db, index);
    for (const table of renewed) {
      const own = indexes.filter((index) => index.table === table.name);
      const whole = own.filter((index) => isWhole(old, index));
      const blocks = table.name === 'block' ? namesOfBlocks(old, whole) : [];
      renewTable(db, table, own, (into) => {
        copyRows(db, old, table, whole, into);
        if (table.name === 'segment') restoreSegments(db, whole, into);
      });
      const text = table.name === 'block' ? restoreBlocks(db, old, blocks) : CONSEQUENCES[table.name];
      told.push(tell(table.name, text ?? ''));
    }
  });
  if (worn.length > 0) told.push(tellIndexes(worn.map(({ name }) => name)));
  return told;
}

const CONSEQUENCES: Record<string, string> = {
  event: 'Events that were on them are lost.',
  segment: 'Stored readings whose directory was on them are shown as damaged.',
  part: 'Blocks that lack it are uploaded and proven anew.',
  block_index: 'Days in the archive whose index was on them are shown as damaged.',
  block_tail: 'Blocks that lack it cannot be uploaded: they are set aside.',
};

/** A new tree begins on the page behind the others' first: whatever is there is moved away, which cannot be when it is lost. */
const NOT_MENDED: Told = {
  code: 'TM-DATABASE-DAMAGED',
  level: 'error',
  detail: {},
  text: 'The disk lost pages of the database that cannot be made anew beside the others: what hangs on them does not move to the archive. Everything else goes on. Check the disk, and see docs/OPERATIONS.md, "A database that cannot be opened".',
};

function tell(table: string, consequence: string): Told {
  const text = `The disk lost pages of the database, of the table "${table}": what can be read of it was put into a new one. ${consequence} Check the disk.`;
  return { code: 'TM-DATABASE-DAMAGED', level: 'error', detail: { table }, text };
}

const LOST_BODIES = 'Stored readings that were on them are shown as damaged.';

function tellBelow(table: string): Told {
  const text = `The disk lost the last page of the database's table "${table}": what comes is stored before the first one. ${LOST_BODIES} Check the disk.`;
  return { code: 'TM-DATABASE-DAMAGED', level: 'error', detail: { table }, text };
}

function tellIndexes(names: readonly string[]): Told {
  const text = `The disk lost pages of the database, of ${names.join(', ')}: made anew from the tables, nothing is lost. Check the disk.`;
  return { code: 'TM-DATABASE-MENDED', level: 'warning', detail: { indexes: names.length }, text };
}

function copyRows(
  db: Database.Database,
  old: Database.Database,
  table: Tree,
  whole: readonly Tree[],
  into: string,
): void {
  const rows = /without rowid$/i.test(table.sql ?? '') ? fromBothEnds(old, table) : oneByOne(old, table, whole);
  for (const row of rows)
    statement(db, `insert or ignore into ${into} values (${row.map(() => '?').join()})`).run(...row);
}

function* oneByOne(old: Database.Database, table: Tree, whole: readonly Tree[]): Generator<unknown[]> {
  const select = old.prepare<[number], unknown[]>(`select * from ${by(table)} where rowid = ?`).raw();
  for (const id of idsOf(old, table, whole)) {
    const row = unlessCorrupt(() => select.get(id));
    if (row !== undefined) yield row;
  }
}

function* idsOf(db: Database.Database, { name }: Tree, whole: readonly Tree[]): Iterable<number> {
  const [index] = whole.filter(({ sql }) => !/ where /i.test(sql ?? ''));
  if (index !== undefined) {
    yield* db
      .prepare<[], number>(`select rowid from ${by(index)} order by rowid`)
      .pluck()
      .all();
    return;
  }
  const last = db.prepare<[string], number>('select seq from sqlite_sequence where name = ?').pluck().get(name);
  for (let id = Math.max(1, (last ?? MOST_ROWS) - MOST_ROWS); id <= (last ?? MOST_ROWS); id++) yield id;
}

/** Its rows are in the order of its key, and nothing else says where they are. */
function fromBothEnds(old: Database.Database, { name }: Tree): unknown[][] {
  const rows: unknown[][] = [];
  for (const order of ['asc', 'desc']) {
    const read = old
      .prepare<[], unknown[]>(`select * from ${name} order by block_id ${order}, part_number ${order}`)
      .raw();
    unlessCorrupt(() => {
      for (const row of read.iterate()) rows.push(row);
    });
  }
  return rows;
}

/** Columns of a segment whose directory is lost: any series may be in it, of any age. */
const NOTHING_KNOWN = `0 epoch, 0 seq_lo, 0 seq_hi, 0 series_lo, ${Number.MAX_SAFE_INTEGER} series_hi, x'' directory, 1 rolled`;

/**
 * Rows that are lost, of what indexes know of them. In a block they still have all that the object is made of; others only tell that there was something (state 2).
 */
function restoreSegments(db: Database.Database, whole: readonly Tree[], into: string): void {
  const has = (name: string): boolean => whole.some((index) => index.name === name);
  const columns =
    'id, day, state, final, block_id, epoch, seq_lo, seq_hi, series_lo, series_hi, directory, rolled, t_min, t_max, readings, bytes, received_us';
  const missing = `id not in (select id from ${into})`;
  if (has('segment_figures'))
    db.exec(`insert into ${into} (${columns}) select id, day, iif(block_id is null, 2, state), final, block_id, ${NOTHING_KNOWN}, t_min, t_max,
      iif(block_id is null, 0, readings), bytes, received_us from segment indexed by segment_figures where ${missing}`);
  if (has('segment_by_day'))
    db.exec(`insert into ${into} (${columns}) select id, day, 2, 0, null, ${NOTHING_KNOWN}, day * ${DAY_US}, (day + 1) * ${DAY_US} - 1, 0, 0, 0
      from segment indexed by segment_by_day where ${missing}`);
  if (!has('segment_by_block')) return;
  const places = db
    .prepare<[], [number, number]>(
      'select block_offset, id from segment indexed by segment_by_block where block_id is not null',
    )
    .raw()
    .all();
  const place = db.prepare(`update ${into} set block_offset = ? where id = ? and block_offset is null`);
  for (const row of places) place.run(...row);
}

interface BlockName {
  id?: string;
  key?: string;
  state?: string;
  day?: number;
}

/** What the indexes say of each block, lost or not. */
function namesOfBlocks(db: Database.Database, whole: readonly Tree[]): BlockName[] {
  const names = new Map<number, BlockName>();
  const columns = { sqlite_autoindex_block_1: 'id', sqlite_autoindex_block_2: 'key', block_by_state: 'state, day' };
  for (const index of whole) {
    const wanted = Object.entries(columns).find(([name]) => name === index.name)?.[1];
    if (wanted === undefined) continue;
    for (const { n, ...known } of db
      .prepare<[], BlockName & { n: number }>(`select rowid n, ${wanted} from ${by(index)}`)
      .all())
      names.set(n, { ...names.get(n), ...known });
  }
  return [...names.values()];
}

/**
 * Blocks that are lost: those in the archive come back of their index, under the key that they had; what was on its way is planned anew. Returns what became of them.
 */
function restoreBlocks(db: Database.Database, old: Database.Database, names: readonly BlockName[]): string {
  const lost = names.filter(
    ({ id }) => id !== undefined && db.prepare('select 1 from block where id = ?').get(id) === undefined,
  );
  const anew: string[] = [];
  const gone: string[] = [];
  for (const { id = '', key, state, day } of lost) {
    const isLocal = db.prepare('select 1 from segment where block_id = ?').get(id) !== undefined;
    if (isLocal) {
      anew.push(id);
      db.prepare('update segment set block_id = null, block_offset = null where block_id = ?').run(id);
      for (const table of ['part', 'block_tail', 'block_index'])
        db.prepare(`delete from ${table} where block_id = ?`).run(id);
    } else if (key === undefined || (state ?? 'cold') !== 'cold' || !insertCold(db, old, id, key, day)) gone.push(id);
  }
  const back = lost.length - anew.length - gone.length;
  return [
    `${counted(back, 'block in the archive is known again by its index', 'blocks in the archive are known again by their indexes')}.`,
    ...(anew.length > 0
      ? [`${counted(anew.length, 'block that was on its way is', 'blocks that were on their way are')} planned anew.`]
      : []),
    ...(gone.length > 0 || lost.length === 0
      ? [
          `Of others nothing is known, and their readings are in the archive only: ${gone.join(', ') || 'how many cannot be told'}.`,
        ]
      : []),
  ].join(' ');
}

/** False when not enough is known of it. */
function insertCold(
  db: Database.Database,
  old: Database.Database,
  id: string,
  key: string,
  day: number | undefined,
): boolean {
  const store = db.prepare<[], string>('select store_id from block limit 1').pluck().get();
  const body = unlessCorrupt(() =>
    old.prepare<[string], Buffer>('select body from block_index where block_id = ?').pluck().get(id),
  );
  if (store === undefined) return false;
  const [version, chunks] = chunksOf(body);
  const [tMin, tMax] = chunks.reduce(
    ([min, max], chunk) => [Math.min(min, chunk.tMin), Math.max(max, chunk.tMax)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const of = day ?? Math.floor(tMin / DAY_US);
  if (!Number.isFinite(of)) return false;
  const sum = old.prepare<[string], { bytes: number | null; part: number | null; n: number }>(
    'select sum(length) bytes, max(length) part, count(*) n from part where block_id = ?',
  );
  const parts = unlessCorrupt(() => sum.get(id));
  db.prepare(
    `insert into block (id, key, store_id, day, t_min, t_max, readings, series, segments, bytes, index_offset, part_bytes, parts, sha256, format_version, state, planned_us)
     values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?, ?, '', ?, 'cold', 0)`,
  ).run(
    id,
    key,
    store,
    of,
    Number.isFinite(tMin) ? tMin : of * DAY_US,
    Number.isFinite(tMax) ? tMax : (of + 1) * DAY_US - 1,
    chunks.reduce((n, chunk) => n + chunk.count, 0),
    new Set(chunks.map(({ series }) => series)).size,
    parts?.bytes ?? 0,
    parts?.part ?? 0,
    parts?.n ?? 0,
    version,
  );
  return true;
}

function chunksOf(body: Buffer | undefined): [version: number, chunks: readonly Chunk[]] {
  for (let version = FORMAT_VERSION; body !== undefined && version > 0; version--) {
    try {
      return [version, decodeIndex(body, version).chunks];
    } catch {
      // Of an older version, or damaged: then its day is shown so.
    }
  }
  return [FORMAT_VERSION, []];
}
