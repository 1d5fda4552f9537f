import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import { MAGIC } from '../codec/trailer.ts';
import type { Blocks } from './blocks.ts';
import { unsynced } from './database.ts';
import { checkRolled } from './evict.ts';
import { release } from './memory.ts';
import type { ObjectBytes } from './object-bytes.ts';
import { PartTable } from './part-table.ts';
import { insertParts, type PlannedRow, planBlock, rowsOfBlock, soundChunks } from './plan.ts';
import type { DirtyRows } from './rollup-dirty.ts';
import type { RollupRows } from './rollup-rows.ts';
import type { Segments } from './segments.ts';
import type { SeriesRegistry } from './series.ts';
import type { PlanOptions, PlanStep } from './types.ts';

/** After so much is planned the writer thread turns to other calls: with the row that exceeds it, some 10 ms of work. Uploads wait for their bytes meanwhile. */
const STEP_BYTES = 2_000_000;

/** Yields bytes hashed; returns the block planned, if any. */
type Steps = Generator<number, string | undefined>;

/**
 * Plans blocks, and cuts them into parts, in steps. What is under way is in memory only, until one transaction puts it in place: frozen rows stay as they
 * were read, and after a crash or a fault it begins again.
 */
export class Planner {
  readonly #db: Database.Database;
  readonly #segments: Segments;
  readonly #series: SeriesRegistry;
  readonly #blocks: Blocks;
  readonly #bytes: ObjectBytes;
  readonly #rollups: { rows: RollupRows; dirty: DirtyRows };
  /** By what they work on. */
  readonly #underWay = new Map<string, Steps>();

  constructor(
    db: Database.Database,
    segments: Segments,
    o: { series: SeriesRegistry; blocks: Blocks; bytes: ObjectBytes; rollups: { rows: RollupRows; dirty: DirtyRows } },
  ) {
    this.#db = db;
    this.#segments = segments;
    this.#series = o.series;
    this.#blocks = o.blocks;
    this.#bytes = o.bytes;
    this.#rollups = o.rollups;
  }

  /** See StoreApi.planStep. */
  plan(day: number, o: PlanOptions): PlanStep {
    const done = this.#step(`day ${day}`, () => this.#planSteps(day, o));
    if (done === undefined) return { more: true };
    const block = done.id === undefined ? undefined : this.#blocks.get(done.id);
    return block === undefined ? { more: false } : { more: true, block };
  }

  /** See StoreApi.splitStep. */
  split(id: string, partBytes: number): boolean {
    return this.#step(`block ${id} by ${partBytes}`, () => this.#splitSteps(id, partBytes)) === undefined;
  }

  /** Undefined while there is more to do. */
  #step(name: string, begin: () => Steps): { id: string | undefined } | undefined {
    const steps = this.#underWay.get(name) ?? begin();
    this.#underWay.delete(name);
    for (let done = 0; done < STEP_BYTES; ) {
      const step = steps.next();
      if (step.done === true) return { id: step.value };
      done += step.value;
    }
    this.#underWay.set(name, steps);
    return undefined;
  }

  *#planSteps(day: number, o: PlanOptions): Steps {
    const rows = rowsOfBlock(this.#segments.frozenOfDay(day), o.targetBytes);
    const whole = createHash('sha256').update(MAGIC);
    const planned: PlannedRow[] = [];
    const memory = new Uint8Array(Math.max(0, ...rows.map((row) => row.bytes)));
    for (const row of rows) {
      const read = (): Uint8Array => {
        const body = memory.subarray(0, row.bytes);
        this.#segments.fillBody(row.id, 0, body);
        return body;
      };
      const chunks = soundChunks(row, read, whole);
      // Bytes that went bad since they were frozen must not be proven in the archive: compaction saves what can be read of them.
      if (chunks === undefined) this.#segments.markRotten(row.id);
      else planned.push({ row, chunks });
      yield row.bytes;
    }
    release(memory);
    if (planned.length === 0 || planned.length < rows.length) return undefined;
    checkRolled(rows);
    const [db, segments, series, rollups] = [this.#db, this.#segments, this.#series, this.#rollups];
    // On the disk when the block begins to go, or nobody would know of its object.
    return unsynced(db, () => planBlock(db, segments, series, rollups, planned, whole, o));
  }

  *#splitSteps(id: string, partBytes: number): Steps {
    const block = this.#blocks.get(id);
    if (block === undefined) return undefined;
    const table = new PartTable(partBytes);
    const memory = new Uint8Array(Math.min(block.bytes, STEP_BYTES));
    for (let at = 0; at < block.bytes; ) {
      const length = this.#bytes.fill(id, at, block.bytes, memory);
      table.add(memory.subarray(0, length));
      at += length;
      yield length;
    }
    const { parts, sha256 } = table.end();
    if (sha256.toString('hex') !== block.sha256)
      throw new TidemarkError('damaged-block', `what is stored of block ${id} is not what was planned`, {
        retry: 'later',
        blame: 'gateway',
        action: 'check the disk',
      });
    this.#db.transaction(() => {
      if (this.#blocks.cutInto(id, partBytes, parts.length)) insertParts(this.#db, id, parts);
    })();
    return undefined;
  }
}
