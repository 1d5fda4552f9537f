import type Database from 'better-sqlite3';
import { messageOf, TidemarkError } from '../../shared/errors.ts';
import { Ahead } from './ahead.ts';
import { Amendment } from './amend.ts';
import type { AmendStep, ColdFrames } from './amend-types.ts';
import { Blocks } from './blocks.ts';
import { Compaction } from './compaction.ts';
import { Cutter } from './cutter.ts';
import { Damage, SOME_SERIES } from './damage.ts';
import { reading } from './damaged-database.ts';
import { damagedLogEvent } from './damaged-log.ts';
import { openDatabase, unsynced, vacuumSlice } from './database.ts';
import { Events } from './events.ts';
import { evict } from './evict.ts';
import type { Head } from './head.ts';
import { HeadDays } from './head-days.ts';
import { Journal, type JournalRow } from './journal.ts';
import { describeDamage } from './journal-pages.ts';
import { dropOldest } from './make-room.ts';
import { Mender } from './mend.ts';
import { beginStart, keepLastReceived, lastReceived, Meta } from './meta.ts';
import { ObjectBytes } from './object-bytes.ts';
import { Planner } from './planner.ts';
import { Reads } from './reads.ts';
import { DirtyRows } from './rollup-dirty.ts';
import { mergeMonths } from './rollup-month.ts';
import { markLate } from './rollup-read.ts';
import { RollupRows } from './rollup-rows.ts';
import { RollupStage } from './rollup-stage.ts';
import { STEP_WORK } from './rows.ts';
import { type NewSegment, Segments } from './segments.ts';
import { SeriesRegistry } from './series.ts';
import { readDays, readKept, readSize, readStats } from './stats.ts';
import type { Batch, BlockInfo, CutStep, PlanOptions, PlanStep, SeqMark, StartReport, StoreApi } from './types.ts';

export interface StoreOptions {
  /** The database file. */
  path: string;
  maxSeries: number;
  nowUs: number;
  hasRun?: boolean; // Something else in the data folder shows that the database is not new.
  /** What the store is to stay below, bytes; without one there is no limit. */
  limitBytes?: number | undefined;
  /** Of a `HeadDays` that other threads look at. */
  headDays?: SharedArrayBuffer;
}

/** Of a small limit the log, the journal of what is in memory and a slice of compaction may take this share each; large limits do not change what is best. */
const PART_OF_LIMIT = 1 / 40;

/** StoreApi over one SQLite file; `series` is for the ingestor beside it. All methods are synchronous. */
export class Store implements StoreApi {
  readonly series: SeriesRegistry;
  readonly headDays: HeadDays;
  readonly #db: Database.Database;
  readonly #meta: Meta;
  readonly #journal: Journal;
  readonly #cutter: Cutter;
  readonly #segments: Segments;
  readonly #compaction: Compaction;
  readonly #blocks: Blocks;
  readonly #objects: ObjectBytes;
  readonly #planner: Planner;
  readonly #events: Events;
  readonly #damage: Damage;
  readonly #ahead: Ahead;
  readonly #reads: Reads;
  readonly #rollups: RollupRows;
  readonly #dirty: DirtyRows;
  readonly #rollupStage: RollupStage;
  readonly #amendment: Amendment;
  readonly #report: StartReport;
  readonly #mender: Mender;
  #ingested = 0;
  /** Newest wall time anybody told us, for events that arise inside a read. */
  #nowUs: number;

  constructor(o: StoreOptions) {
    const part = (o.limitBytes ?? Number.POSITIVE_INFINITY) * PART_OF_LIMIT;
    const { db, lostLog } = openDatabase(o.path, part, o.hasRun === true);
    this.#db = db;
    this.#nowUs = o.nowUs;
    this.#events = new Events(db);
    this.#mender = new Mender(db, this.#events);
    this.#mender.run(o.nowUs);
    this.headDays = new HeadDays(o.headDays);
    this.#meta = new Meta(this.#db);
    this.series = reading(o.path, 'the names of the series', () => new SeriesRegistry(this.#db, o.maxSeries));
    this.#journal = new Journal(this.#db);
    this.#segments = new Segments(this.#db);
    this.#compaction = new Compaction(this.#db, this.#segments, (series) => this.series.sourceOf(series), part);
    this.#blocks = new Blocks(this.#db);
    this.#objects = new ObjectBytes(this.#db, this.#segments);
    this.#damage = new Damage(this.#db, this.#events);
    this.#ahead = new Ahead(
      (id) => this.series.identities([id]).get(id)?.key ?? SOME_SERIES,
      (event) => this.addEvent(event),
    );
    this.#rollups = new RollupRows(this.#db, (day, { message }) => this.tellDamage([{ of: 'rollup', day, message }]));
    this.#dirty = new DirtyRows(this.#db);
    this.#rollupStage = new RollupStage(this.#db, this.#segments, this.#rollups, this.#dirty);
    const rollups = { rows: this.#rollups, dirty: this.#dirty };
    const parts = { series: this.series, blocks: this.#blocks, bytes: this.#objects, rollups };
    this.#planner = new Planner(this.#db, this.#segments, parts);
    this.#amendment = new Amendment(this.#db, {
      segments: this.#segments,
      blocks: this.#blocks,
      series: this.series,
      rows: this.#rollups,
      dirty: this.#dirty,
      rollups: this.#rollupStage,
      beforeFreeze: () => this.#compaction.forget(),
    });
    this.#report = reading(o.path, 'what this gateway is', () => beginStart(this.#meta, lostLog !== undefined));
    if (lostLog !== undefined) this.addEvent(damagedLogEvent(lostLog, o.nowUs));
    const commit = (head: Head, segments: NewSegment[]) => this.#commitCut(head, segments);
    this.#cutter = new Cutter(this.#report.epoch, commit, this.headDays, part);
    this.#reads = new Reads(this.#db, {
      epoch: this.#report.epoch,
      series: this.series,
      onDamage: (found) => this.tellDamage([found]),
    });
    reading(o.path, 'the journal', () => this.#replay());
  }

  /** Puts the journal back into the head. */
  #replay(): void {
    const found = this.#journal.replay((batch, row) => {
      this.#keep(batch, row);
      this.#report.replayed += batch.count;
    });
    const lastUs = this.#cutter.lastReceivedUs ?? lastReceived(this.#db, this.#meta);
    if (lastUs !== undefined) this.#report.lastReceivedUs = lastUs;
    for (const { seq, text } of describeDamage(found))
      this.addEvent({ atUs: this.#nowUs, code: 'TM-JOURNAL-DAMAGED', level: 'error', detail: { seq }, text });
  }

  #keep(batch: Batch, row: JournalRow): void {
    this.#cutter.add(batch, row);
    this.series.last.touch(batch);
  }

  append(batch: Batch, receivedUs: number): { seq: number } {
    this.#nowUs = receivedUs;
    let added = { seq: 0, bytes: 0 };
    try {
      this.#cutter.checkRoom();
      this.#db.transaction(() => {
        this.series.savePending();
        added = this.#journal.add(batch, receivedUs);
      })();
    } catch (error) {
      this.series.dropPending();
      if (error instanceof TidemarkError) throw error;
      throw new TidemarkError('store-failed', `the readings could not be stored: ${messageOf(error)}`, {
        retry: 'later',
        blame: 'gateway',
        action: 'check the disk of the gateway',
        cause: error,
      });
    }
    this.series.pendingSaved();
    this.#keep(batch, { ...added, receivedUs });
    this.#ingested += batch.count;
    this.#ahead.look(batch, receivedUs);
    return { seq: added.seq };
  }

  /** Readings come in faster than they are cut: take no more of them until a cut step says otherwise. */
  get isBehind(): boolean {
    return this.#cutter.isBehind;
  }

  cutStep(nowUs: number, when: 'due' | 'always'): CutStep {
    this.#nowUs = nowUs;
    return this.#cutter.step(nowUs, when);
  }

  cut(nowUs: number, when: 'due' | 'always'): { readings: number; segments: number } {
    const total = { readings: 0, segments: 0 };
    for (const each of when === 'due' ? [when] : (['due', when] as const)) {
      for (let more = true; more; ) {
        const step = this.cutStep(nowUs, each);
        total.readings += step.readings;
        total.segments += step.segments;
        more = step.more;
      }
    }
    return total;
  }

  /** In steps: yields work done. */
  *#commitCut(head: Head, segments: NewSegment[]): Generator<number> {
    // Newest readings survive the journal: they are saved before its rows go.
    for (let from = this.series.last.saveSome(this.#db, 0); from !== undefined; ) {
      yield STEP_WORK / 2;
      from = this.series.last.saveSome(this.#db, from);
    }
    unsynced(this.#db, () => {
      for (const segment of segments) this.#segments.insert(segment);
      markLate(head, this.#rollups, this.#dirty);
      keepLastReceived(this.#meta, head.lastReceivedUs);
      this.#journal.drop(head.seqHi);
    });
  }

  listSeries(o: { search?: string; after?: string; limit: number }): ReturnType<StoreApi['listSeries']> {
    return this.series.list(o);
  }

  pieces(...args: Parameters<StoreApi['pieces']>): ReturnType<StoreApi['pieces']> {
    return this.#reads.view(this.#cutter.heads).pieces(...args);
  }

  runs(...args: Parameters<StoreApi['runs']>): ReturnType<StoreApi['runs']> {
    return this.#reads.view(this.#cutter.heads).runs(...args);
  }

  rollups(...args: Parameters<StoreApi['rollups']>): ReturnType<StoreApi['rollups']> {
    return this.#reads.view(this.#cutter.heads).rollups(...args);
  }

  heads(key: string, from: number, to: number): ReturnType<StoreApi['heads']> {
    const series = this.series.idOf(key);
    return series === undefined ? [] : this.#cutter.parts(series, from, to);
  }

  tellDamage(found: Parameters<StoreApi['tellDamage']>[0]): void {
    for (const each of found) this.#damage.tell(each, this.#nowUs);
  }

  days(): ReturnType<StoreApi['days']> {
    return readDays(this.#db, this.#cutter.heads);
  }

  openSegments(day: number): ReturnType<StoreApi['openSegments']> {
    return this.#segments.ageOfOpen(day);
  }

  compactDay(day: number, nowUs: number, upTo?: SeqMark): boolean {
    this.#nowUs = nowUs;
    const { more, damaged } = this.#compaction.step(day, upTo);
    const names = this.series.identities(damaged.flatMap(({ series }) => series ?? []));
    for (const { series, error } of damaged) {
      const key = series === undefined ? undefined : names.get(series)?.key;
      this.tellDamage([{ of: 'readings', series: key ?? SOME_SERIES, day, message: error.message }]);
    }
    return more;
  }

  rollUpDay(day: number, nowUs: number): boolean {
    this.#nowUs = nowUs;
    return this.#rollupStage.step(day);
  }

  amendDay(day: number, nowUs: number, given?: ColdFrames): AmendStep {
    this.#nowUs = nowUs;
    return this.#amendment.step(day, given);
  }

  dropKept(mostBytes: number, nowUs: number): ReturnType<StoreApi['dropKept']> {
    this.#nowUs = nowUs;
    return readKept(this.#db) > mostBytes ? dropOldest(this.#db, this.#rollups, nowUs) : undefined;
  }

  mergeRollups(nowUs: number): boolean {
    this.#nowUs = nowUs;
    return mergeMonths(this.#db, this.#rollups, nowUs);
  }

  freezeDay(day: number, upTo?: SeqMark): number {
    if (this.#segments.hasUncompacted(day, upTo)) return 0;
    this.#compaction.forget();
    return unsynced(this.#db, () => this.#segments.freeze(day, upTo));
  }

  planStep(day: number, o: PlanOptions): PlanStep {
    this.#nowUs = o.nowUs;
    return this.#planner.plan(day, o);
  }

  /** The next block, at once; undefined when none is left. */
  planBlock(day: number, o: PlanOptions): BlockInfo | undefined {
    for (;;) {
      const { more, block } = this.planStep(day, o);
      if (block !== undefined || !more) return block;
    }
  }

  blocks(o: Parameters<StoreApi['blocks']>[0] = {}): BlockInfo[] {
    return this.#blocks.list(o);
  }

  block(id: string): BlockInfo | undefined {
    return this.#blocks.get(id);
  }

  fillFrom(...[id, offset, end, memory]: Parameters<StoreApi['fillFrom']>): ReturnType<StoreApi['fillFrom']> {
    return { memory, bytes: this.#objects.fill(id, offset, end, memory) };
  }

  splitStep(id: string, partBytes: number): boolean {
    return this.#planner.split(id, partBytes);
  }

  parts(id: string): ReturnType<StoreApi['parts']> {
    return this.#blocks.parts(id);
  }

  moveBlock(...args: Parameters<StoreApi['moveBlock']>): boolean {
    // Only evictBlock may make a block cold: the local data goes in the same transaction (T1).
    if (args[2] === 'cold')
      throw new TidemarkError('illegal-move', 'only eviction makes a block cold', { retry: 'never', blame: 'gateway' });
    return this.#blocks.move(...args);
  }

  patchBlock(...args: Parameters<StoreApi['patchBlock']>): void {
    this.#blocks.patch(...args);
  }

  setPartsStored(id: string, parts: Parameters<StoreApi['setPartsStored']>[1]): void {
    this.#db.transaction(() => {
      for (const { partNumber, etag } of parts) this.#blocks.setPart(id, partNumber, 'etag', etag);
    })();
  }

  clearStoredParts(id: string): void {
    this.#blocks.clearParts(id, 'etag');
  }

  setPartVerified(id: string, partNumber: number): void {
    unsynced(this.#db, () => this.#blocks.setPart(id, partNumber, 'verified', 1));
  }

  clearVerifiedParts(id: string): void {
    unsynced(this.#db, () => this.#blocks.clearParts(id, 'verified'));
  }

  evictBlock(id: string, nowUs: number): { bytes: number } | undefined {
    return unsynced(this.#db, () => evict(this.#db, this.#blocks, this.#segments, id, nowUs));
  }

  markDamaged(id: string, damaged: boolean): void {
    this.#blocks.setDamaged(id, damaged);
  }

  vacuum(pages: number, mostBytes = Number.POSITIVE_INFINITY): boolean {
    return vacuumSlice(this.#db, pages, mostBytes);
  }

  localSize(): ReturnType<StoreApi['localSize']> {
    return readSize(this.#db);
  }

  stats(): ReturnType<StoreApi['stats']> {
    return readStats(this.#db, this.#cutter.heads, {
      series: this.series.count,
      ingested: this.#ingested,
      damaged: this.#damage.any(),
    });
  }

  addEvent(e: Parameters<StoreApi['addEvent']>[0]): void {
    this.#events.add(e);
  }

  /** Mends what of the database can be mended after the disk lost pages of it. False when nothing was. */
  mend(): boolean {
    this.#compaction.forget();
    return this.#mender.runAll(this.#nowUs, this.#segments);
  }

  events(o: Parameters<StoreApi['events']>[0]): ReturnType<StoreApi['events']> {
    return this.#events.list(o);
  }

  getState(name: string): string | undefined {
    const value = this.#meta.get(`state:${name}`);
    return value === '' ? undefined : value;
  }

  setState(name: string, json: string): void {
    this.#meta.set(`state:${name}`, json);
  }

  startReport(): StartReport {
    return this.#report;
  }

  /** Leaves the mark of a clean end. The journal stays: the next start replays it. */
  close(): void {
    try {
      this.#meta.set('running', 'no');
      this.#db.pragma('wal_checkpoint(TRUNCATE)');
    } catch {
      // A full disk: the next start takes it for a power cut and replays the journal just the same.
    }
    this.#db.close();
  }
}
