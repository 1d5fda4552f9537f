import type Database from 'better-sqlite3';
import { formatSeriesKey, type SeriesIdentity, sourceKey } from '../../shared/series-key.ts';
import { grown } from './columns.ts';
import { LastValues } from './last-values.ts';
import { statement } from './statements.ts';
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

/**
 * Local ids of series. New ones are handed out at once but become durable only with the next append (`savePending` inside its transaction);
 * when that fails, `dropPending` takes them back and `generation` changes, so that callers forget ids they cached.
 */
export class SeriesRegistry {
  generation = 0;
  readonly #db: Database.Database;
  readonly #max: number;
  /** In memory: everything but the identity, which is read when somebody asks. */
  readonly #byKey = new Map<string, number>();
  readonly last = new LastValues();
  #sourceIds = new Uint32Array(1_024);
  readonly #sources = new Map<string, number>();
  #pending: { id: number; key: string; identity: SeriesIdentity; unit: string; source: string }[] = [];
  #nextId = 1;
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
      this.#keep(row.key, row.id, row.source_id);
      if (row.last_t !== null) this.last.set(row.id, row.last_t, row.last_v?.readDoubleLE(0) ?? Number.NaN);
    }
  }

  get count(): number {
    return this.#byKey.size;
  }

  #keep(key: string, id: number, sourceId: number): void {
    this.#byKey.set(key, id);
    this.last.reach(id);
    if (id >= this.#sourceIds.length) this.#sourceIds = grown(this.#sourceIds, id + 1);
    this.#sourceIds[id] = sourceId;
    this.#nextId = id + 1;
  }

  /** The id of a series, new if need be; undefined when it is new and `max_series` are there. */
  resolve(identity: SeriesIdentity, unit = ''): number | undefined {
    const key = formatSeriesKey(identity);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.#byKey.size >= this.#max) return undefined;
    const source = sourceKey(identity);
    let sourceId = this.#sources.get(source);
    if (sourceId === undefined) {
      sourceId = this.#nextSource++;
      this.#sources.set(source, sourceId);
    }
    const id = this.#nextId;
    this.#keep(key, id, sourceId);
    this.#pending.push({ id, key, identity, unit, source });
    return id;
  }

  /** Inside a transaction: makes the new series durable. */
  savePending(): void {
    if (this.#pending.length === 0) return;
    const addSource = statement(this.#db, 'insert or ignore into source (id, key) values (?, ?)');
    const add = statement(
      this.#db,
      'insert into series (id, source_id, key, measurement, field, tags, unit) values (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const { id, key, identity, unit, source } of this.#pending) {
      const sourceId = this.sourceOf(id);
      addSource.run(sourceId, source);
      add.run(id, sourceId, key, identity.measurement, identity.field, JSON.stringify(identity.tags), unit);
    }
  }

  /** After the transaction. */
  pendingSaved(): void {
    this.#pending = [];
  }

  dropPending(): void {
    for (const { key } of this.#pending) this.#byKey.delete(key);
    this.#nextId = this.#pending[0]?.id ?? this.#nextId;
    const alive = new Set(this.#sourceIds.subarray(0, this.#nextId));
    for (const { id, source } of this.#pending) if (!alive.has(this.sourceOf(id))) this.#sources.delete(source);
    this.#pending = [];
    this.generation++;
  }

  idOf(key: string): number | undefined {
    return this.#byKey.get(key);
  }

  sourceOf(id: number): number {
    return this.#sourceIds[id] ?? 0;
  }

  identities(ids: Iterable<number>): Map<number, { key: string; unit: string }> {
    const rows = this.#db.prepare<[string], Pick<SeriesRow, 'id' | 'key' | 'unit'>>(
      'select id, key, unit from series where id in (select value from json_each(?))',
    );
    const found = new Map<number, { key: string; unit: string }>();
    for (const { id, key, unit } of rows.iterate(JSON.stringify([...ids]))) found.set(id, { key, unit });
    return found;
  }

  byKey(key: string): SeriesInfo | undefined {
    const row = statement<[string], SeriesRow>(this.#db, 'select * from series where key = ?').get(key);
    return row === undefined ? undefined : this.#info(row);
  }

  list(o: { search?: string; after?: string; limit: number }): { series: SeriesInfo[]; total: number } {
    const pattern = `%${(o.search ?? '').replace(/[\\%_]/g, '\\$&')}%`;
    const total =
      statement<[string], { n: number }>(this.#db, `select count(*) n from series where key like ? escape '\\'`).get(
        pattern,
      )?.n ?? 0;
    const rows = statement<[string, string, number], SeriesRow>(
      this.#db,
      `select * from series where key like ? escape '\\' and key > ? order by key limit ?`,
    ).all(pattern, o.after ?? '', o.limit);
    return { series: rows.map((row) => this.#info(row)), total };
  }

  #info(row: SeriesRow): SeriesInfo {
    const last = this.last.get(row.id);
    return {
      id: row.id,
      key: row.key,
      measurement: row.measurement,
      field: row.field,
      tags: parseTags(row.tags),
      unit: row.unit,
      ...(last === undefined ? {} : { last }),
    };
  }
}

function parseTags(json: string): [string, string][] {
  const tags: unknown = JSON.parse(json);
  return Array.isArray(tags) ? tags.map((pair): [string, string] => [String(pair[0]), String(pair[1])]) : [];
}
