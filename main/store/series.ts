import type Database from 'better-sqlite3';
import { formatSeriesKey, type SeriesIdentity, sourceKey } from '../../shared/series-key.ts';
import type { SeriesInfo } from './types.ts';

interface SeriesRow {
  id: number;
  source_id: number;
  key: string;
  measurement: string;
  field: string;
  tags: string;
  unit: string;
  last_t: number | null;
  last_v: Buffer | null;
}

/** In memory: everything but the identity, which is read when somebody asks. */
interface Entry {
  id: number;
  sourceId: number;
  lastT: number;
  lastV: number;
}

/**
 * Local ids of series. New ones are handed out at once but become durable only with the next append (`savePending` inside its transaction);
 * when that fails, `dropPending` takes them back and `generation` changes, so that callers forget ids they cached.
 */
export class SeriesRegistry {
  generation = 0;
  readonly #db: Database.Database;
  readonly #max: number;
  readonly #byKey = new Map<string, Entry>();
  readonly #byId: (Entry & { key: string })[] = [];
  readonly #sources = new Map<string, number>();
  readonly #touched = new Set<number>();
  #pending: { entry: Entry; key: string; identity: SeriesIdentity; unit: string; source: string }[] = [];
  #nextSource = 1;

  constructor(db: Database.Database, maxSeries: number) {
    this.#db = db;
    this.#max = maxSeries;
    for (const { id, key } of db.prepare<[], { id: number; key: string }>('select id, key from source').iterate()) {
      this.#sources.set(key, id);
      this.#nextSource = Math.max(this.#nextSource, id + 1);
    }
    const rows = db.prepare<[], Pick<SeriesRow, 'id' | 'source_id' | 'key' | 'last_t' | 'last_v'>>(
      'select id, source_id, key, last_t, last_v from series order by id',
    );
    for (const row of rows.iterate()) {
      this.#keep(row.key, {
        id: row.id,
        sourceId: row.source_id,
        lastT: row.last_t ?? Number.NEGATIVE_INFINITY,
        lastV: row.last_v?.readDoubleLE(0) ?? Number.NaN,
      });
    }
  }

  get count(): number {
    return this.#byKey.size;
  }

  #keep(key: string, entry: Entry): void {
    this.#byKey.set(key, entry);
    this.#byId[entry.id] = Object.assign(entry, { key });
  }

  /** The id of a series, new if need be; undefined when it is new and `max_series` are there. */
  resolve(identity: SeriesIdentity, unit = ''): number | undefined {
    const key = formatSeriesKey(identity);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known.id;
    if (this.#byKey.size >= this.#max) return undefined;
    const source = sourceKey(identity);
    let sourceId = this.#sources.get(source);
    if (sourceId === undefined) {
      sourceId = this.#nextSource++;
      this.#sources.set(source, sourceId);
    }
    const entry: Entry = {
      id: Math.max(1, this.#byId.length),
      sourceId,
      lastT: Number.NEGATIVE_INFINITY,
      lastV: Number.NaN,
    };
    this.#keep(key, entry);
    this.#pending.push({ entry, key, identity, unit, source });
    return entry.id;
  }

  /** Inside a transaction: makes the new series durable. */
  savePending(): void {
    if (this.#pending.length === 0) return;
    const addSource = this.#db.prepare('insert or ignore into source (id, key) values (?, ?)');
    const add = this.#db.prepare(
      'insert into series (id, source_id, key, measurement, field, tags, unit) values (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const { entry, key, identity, unit, source } of this.#pending) {
      addSource.run(entry.sourceId, source);
      add.run(entry.id, entry.sourceId, key, identity.measurement, identity.field, JSON.stringify(identity.tags), unit);
    }
  }

  /** After the transaction. */
  pendingSaved(): void {
    this.#pending = [];
  }

  dropPending(): void {
    for (const { key } of this.#pending) this.#byKey.delete(key);
    const first = this.#pending[0];
    if (first !== undefined) this.#byId.length = first.entry.id;
    const alive = new Set(Array.from(this.#byKey.values(), (entry) => entry.sourceId));
    for (const { entry, source } of this.#pending) if (!alive.has(entry.sourceId)) this.#sources.delete(source);
    this.#pending = [];
    this.generation++;
  }

  idOf(key: string): number | undefined {
    return this.#byKey.get(key)?.id;
  }

  sourceOf(id: number): number {
    return this.#byId[id]?.sourceId ?? 0;
  }

  /** A reading was stored: keeps the newest. */
  touch(id: number, t: number, v: number): void {
    const entry = this.#byId[id];
    if (entry === undefined || t < entry.lastT) return;
    entry.lastT = t;
    entry.lastV = v;
    this.#touched.add(id);
  }

  /** Inside the cut's transaction: newest readings survive the journal. */
  saveLast(): void {
    const save = this.#db.prepare('update series set last_t = ?, last_v = ? where id = ?');
    for (const id of this.#touched) {
      const entry = this.#byId[id];
      if (entry === undefined) continue;
      const v = Buffer.alloc(8);
      v.writeDoubleLE(entry.lastV);
      save.run(entry.lastT, v, id);
    }
  }

  lastSaved(): void {
    this.#touched.clear();
  }

  /** Keys and units of the series given; those that are unknown are left out. */
  identities(ids: Iterable<number>): Map<number, { key: string; unit: string }> {
    const rows = this.#db.prepare<[string], Pick<SeriesRow, 'id' | 'key' | 'unit'>>(
      'select id, key, unit from series where id in (select value from json_each(?))',
    );
    const found = new Map<number, { key: string; unit: string }>();
    for (const { id, key, unit } of rows.iterate(JSON.stringify([...ids]))) found.set(id, { key, unit });
    return found;
  }

  byKey(key: string): SeriesInfo | undefined {
    const row = this.#db.prepare<[string], SeriesRow>('select * from series where key = ?').get(key);
    return row === undefined ? undefined : this.#info(row);
  }

  list(o: { search?: string; after?: string; limit: number }): { series: SeriesInfo[]; total: number } {
    const pattern = `%${(o.search ?? '').replace(/[\\%_]/g, '\\$&')}%`;
    const total =
      this.#db
        .prepare<[string], { n: number }>(`select count(*) n from series where key like ? escape '\\'`)
        .get(pattern)?.n ?? 0;
    const rows = this.#db
      .prepare<[string, string, number], SeriesRow>(
        `select * from series where key like ? escape '\\' and key > ? order by key limit ?`,
      )
      .all(pattern, o.after ?? '', o.limit);
    return { series: rows.map((row) => this.#info(row)), total };
  }

  #info(row: SeriesRow): SeriesInfo {
    const entry = this.#byId[row.id];
    const last =
      entry === undefined || entry.lastT === Number.NEGATIVE_INFINITY
        ? {}
        : { last: { t: entry.lastT, v: entry.lastV } };
    return {
      id: row.id,
      key: row.key,
      measurement: row.measurement,
      field: row.field,
      tags: parseTags(row.tags),
      unit: row.unit,
      ...last,
    };
  }
}

function parseTags(json: string): [string, string][] {
  const tags: unknown = JSON.parse(json);
  return Array.isArray(tags) ? tags.map((pair): [string, string] => [String(pair[0]), String(pair[1])]) : [];
}
