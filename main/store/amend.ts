import type Database from 'better-sqlite3';
import { dayStart } from '../../shared/units.ts';
import { isOlder } from './amend-pieces.ts';
import { type Amended, amendSteps, type Unit } from './amend-steps.ts';
import type { AmendStep, ColdFrame, ColdFrames } from './amend-types.ts';
import type { Blocks, ColdBlock } from './blocks.ts';
import { Manifest } from './manifest.ts';
import { inventory } from './rollup-build.ts';
import type { DirtyRows } from './rollup-dirty.ts';
import type { RollupRows } from './rollup-rows.ts';
import type { RollupStage } from './rollup-stage.ts';
import { BAND, STEP_WORK } from './rows.ts';
import { FROZEN, type SegmentRow, type Segments } from './segments.ts';
import type { SeriesRegistry } from './series.ts';

interface AmendmentParts {
  segments: Segments;
  blocks: Blocks;
  series: SeriesRegistry;
  rows: RollupRows;
  dirty: DirtyRows;
  rollups: RollupStage;
  /** Called before open rows become frozen. */
  beforeFreeze(): void;
}

interface Current {
  unit: Unit;
  /** What it is made of. */
  stamp: string;
  steps: ReturnType<typeof amendSteps>;
  /** It cannot go on without these. */
  waits: ColdFrame[] | undefined;
}

const DONE: AmendStep = { more: false, wanted: [], kept: 0, dropped: 0 };

/**
 * Amends days of which some is in the archive only (docs/decisions/amendments.md): late rows one by one, then series that have dirty buckets for another
 * reason. What repeats the archive is dropped, the hours that are touched are summed up anew from all tiers, and the row becomes frozen, due for planning:
 * all in one transaction. Until then everything is in memory only; after a crash, or when what it is made of changed meanwhile, it begins again.
 */
export class Amendment {
  readonly #db: Database.Database;
  readonly #p: AmendmentParts;
  #current: Current | undefined;
  /** Series up to this one were looked at for dirty buckets; what is still dirty of them cannot be had. */
  #seen: { day: number; series: number } | undefined;

  constructor(db: Database.Database, parts: AmendmentParts) {
    this.#db = db;
    this.#p = parts;
  }

  /** One step. See StoreApi.amendDay. */
  step(day: number, given: ColdFrames | undefined): AmendStep {
    const current = this.#current?.unit.day === day ? this.#current : this.#begin(day);
    this.#current = current;
    if (current === undefined) return DONE;
    let frames = given;
    for (let done = 0; done < STEP_WORK; ) {
      if (current.waits !== undefined && frames === undefined) return { ...DONE, more: true, wanted: current.waits };
      const step = current.steps.next(frames);
      [current.waits, frames] = [undefined, undefined];
      if (step.done === true) return this.#end(current, step.value);
      if ('wanted' in step.value) current.waits = step.value.wanted;
      else done += step.value.work;
    }
    return { ...DONE, more: true };
  }

  #end({ unit, stamp }: Current, amended: Amended): AmendStep {
    this.#current = undefined;
    if (this.#stampOf(unit, this.#coldOf(unit)) !== stamp) return { ...DONE, more: true };
    this.#commit(unit, amended);
    if (unit.row === undefined) this.#seen = { day: unit.day, series: unit.series.at(-1) ?? 0 };
    return { more: true, wanted: [], kept: amended.kept, dropped: amended.dropped };
  }

  /** What is to be done next of the day; undefined when there is nothing. */
  #begin(day: number): Current | undefined {
    const isCold = this.#p.blocks.coldDays(day, day).size > 0;
    const unit = isCold ? (this.#lateUnit(day) ?? this.#dirtyUnit(day)) : undefined;
    if (unit === undefined) {
      this.#seen = undefined;
      return undefined;
    }
    const { segments, series, rows, dirty } = this.#p;
    const cold = this.#coldOf(unit);
    const steps = amendSteps(
      {
        segments,
        rows,
        dirty,
        manifest: new Manifest(this.#db),
        keys: series.identities(unit.series),
        cold,
        local: inventory(this.#summed(unit), segments.damagedOfDay(day, ...rangeOf(unit))),
      },
      unit,
    );
    return { unit, stamp: this.#stampOf(unit, cold), steps, waits: undefined };
  }

  #lateUnit(day: number): Unit | undefined {
    const row = this.#p.segments.oldestOpen(day);
    if (row === undefined) return undefined;
    // An older one that is not summed up (it rotted, and is written anew) may have the value between: what repeats the archive would not be a repetition.
    const local = this.#p.segments.localOfDay(day, row.series_lo, row.series_hi);
    if (local.some((other) => other.rolled === 0 && isOlder({ epoch: other.epoch, seqLo: other.seq_lo }, row)))
      return undefined;
    return { day, row, series: [...inventory([row], []).chunks.keys()] };
  }

  #dirtyUnit(day: number): Unit | undefined {
    const after = this.#seen?.day === day ? this.#seen.series : -1;
    const series = this.#p.dirty.seriesOf(day, after, BAND);
    return series.length === 0 ? undefined : { day, series };
  }

  #coldOf(unit: Unit): ColdBlock[] {
    const [lo, hi] = rangeOf(unit);
    return [...this.#p.blocks.coldBetween(dayStart(unit.day), dayStart(unit.day + 1), { lo, hi })];
  }

  /** What is on this gateway and in the rollups; the rest marks its buckets when it is put in place. */
  #summed(unit: Unit): SegmentRow[] {
    return this.#p.segments.localOfDay(unit.day, ...rangeOf(unit)).filter(({ rolled }) => rolled !== 0);
  }

  #stampOf(unit: Unit, cold: readonly ColdBlock[]): string {
    const rows = this.#summed(unit).map(({ id, series_lo: lo, state }) => `${id}:${lo}:${state}`);
    return [...rows, ...cold.map(({ id, index }) => `${id}:${index?.digest}`)].join();
  }

  #commit({ day, row }: Unit, { segments, rollups }: Amended): void {
    const { segments: table, beforeFreeze } = this.#p;
    beforeFreeze();
    this.#db.transaction(() => {
      if (row !== undefined && segments === undefined) table.freezeRow(row.id);
      else if (row !== undefined) {
        for (const segment of segments ?? []) table.setRolled([{ id: table.insert(segment, FROZEN) }], row.rolled);
        table.remove(row.id);
      }
      this.#p.rollups.put(day, rollups);
    })();
  }
}

function rangeOf({ row, series }: Unit): [lo: number, hi: number] {
  return row === undefined ? [Math.min(...series), Math.max(...series)] : [row.series_lo, row.series_hi];
}
