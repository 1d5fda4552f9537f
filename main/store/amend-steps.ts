import { TidemarkError } from '../../shared/errors.ts';
import type { Run } from '../codec/merge.ts';
import { TimeColumns } from '../codec/time-columns.ts';
import { framesOf, indexesOf, type Piece, type Places, piecesOf, readPiece, runOf } from './amend-pieces.ts';
import { type HourWindow, hourWindows, without } from './amend-series.ts';
import type { AmendPause, ColdFrames } from './amend-types.ts';
import { SeriesWork } from './amend-work.ts';
import type { DirtyRows } from './rollup-dirty.ts';
import type { RollupRows } from './rollup-rows.ts';
import type { Built } from './rollup-stage.ts';
import { RollupView } from './rollup-view.ts';
import { rowSteps } from './rows.ts';
import type { NewSegment, SegmentRow } from './segments.ts';

/** One row of late data and the series in it; or, without a row, series of which only buckets are dirty. */
export interface Unit {
  day: number;
  row?: SegmentRow;
  series: readonly number[];
}

/** What an amendment is made of. */
export interface AmendParts extends Places {
  rows: RollupRows;
  dirty: DirtyRows;
}

/** What takes the place of a unit. */
export interface Amended {
  /** Undefined: nothing of the row is to go, it stays as it is. */
  segments: NewSegment[] | undefined;
  rollups: Built;
  kept: number;
  dropped: number;
}

/** Some hours of a series, and what has to be read for them. */
interface Job extends HourWindow<Piece> {
  of: SeriesWork;
}

type Steps<T> = Generator<AmendPause, T, ColdFrames | undefined>;

/** Readings that are in memory together: some 10 MB. An hour of one series that alone has more is not amended. */
const MOST_TOGETHER = 500_000;
/** A series or a piece of work costs as much as so many readings, however few it has. */
const EACH_WORK = 500;
const NOTHING: Run = { t: new Float64Array(0), v: new Float64Array(0) };

/** See Amendment. The frames it asks for are given to the next call; a piece of which one is damaged leaves its hours as they are. */
export function* amendSteps(parts: Omit<AmendParts, 'indexes'>, unit: Unit): Steps<Amended> {
  const wanted = indexesOf(parts.cold);
  const given = wanted.length === 0 ? undefined : yield { wanted };
  const p: AmendParts = { ...parts, indexes: given?.frames ?? new Map() };
  const times = new TimeColumns();
  const isDone = p.rows.isDone(unit.day);
  const works: SeriesWork[] = [];
  let batch: Job[] = [];
  let readings = 0;
  let whole = true;
  for (const series of unit.series) {
    const late = unit.row === undefined ? NOTHING : yield* runOf(p, unit.row, series, times);
    whole &&= late !== undefined;
    if (late === undefined) continue;
    const work = begin(p, unit.day, series, late, isDone);
    works.push(work);
    if (unit.row === undefined && work.isRaw) {
      work.clean();
      continue;
    }
    const pieces = yield* piecesOf(p, series);
    yield { work: EACH_WORK };
    for (const window of hourWindows(unit.day, work.hours(), pieces ?? [], MOST_TOGETHER)) {
      const more = window.pieces.reduce((n, { count }) => n + count, 0);
      if (readings + more > MOST_TOGETHER && batch.length > 0) {
        yield* amendBatch(p, unit, batch, times);
        [batch, readings] = [[], 0];
      }
      batch.push({ ...window, of: work });
      readings += more;
    }
  }
  yield* amendBatch(p, unit, batch, times);
  return yield* finish(unit, works, whole);
}

function begin({ dirty, rows }: AmendParts, day: number, series: number, late: Run, isDone: boolean): SeriesWork {
  const view = isDone ? new RollupView(rows, series, { from: day, to: day, dirty: new Map() }) : undefined;
  return new SeriesWork(day, series, late, dirty.of(series, day, day).get(day), view);
}

/** Fetches what the jobs need of the archive, and does them one after the other. */
function* amendBatch(p: AmendParts, unit: Unit, jobs: readonly Job[], times: TimeColumns): Steps<void> {
  const wanted = framesOf(jobs.flatMap(({ pieces }) => pieces));
  const given = wanted.length === 0 ? undefined : yield { wanted };
  const read = (piece: Piece): Run => readPiece(p, piece, given, times);
  for (const job of jobs) yield* amendJob(unit, job, read);
}

/** Of an hour of which a piece cannot be read nothing can be said: what came late stays as it is, and its buckets dirty. */
function* amendJob(unit: Unit, { of, hours, pieces }: Job, read: (piece: Piece) => Run): Steps<void> {
  try {
    yield* of.amend(unit.row, hours, pieces, read);
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error;
    const each = hours.length > 1 ? hours : [];
    for (const hour of each)
      for (const window of hourWindows(unit.day, new Set([hour]), pieces, MOST_TOGETHER))
        yield* amendJob(unit, { ...window, of }, read);
  }
  yield { work: EACH_WORK };
}

/** Encodes what is left of the row anew, if anything of it is to go (T9), and the rollups. A row that was not read `whole` stays as it is. */
function* finish({ day, row }: Unit, works: readonly SeriesWork[], whole: boolean): Steps<Amended> {
  const rollups: Built = { frames: { minutes: new Map(), hours: new Map() }, dirty: new Map() };
  let [kept, dropped] = [0, 0];
  for (const work of works) {
    const gone = whole ? work.drop.reduce((n, bit) => n + bit, 0) : 0;
    dropped += gone;
    kept += work.drop.length - gone;
    if (!work.hasRollups) continue;
    rollups.dirty.set(work.series, work.dirty);
    work.putFrames(rollups.frames);
    yield { work: EACH_WORK };
  }
  if (row === undefined || dropped === 0) return { segments: undefined, rollups, kept, dropped };
  const age = { epoch: row.epoch, seqLo: row.seq_lo, seqHi: row.seq_hi, receivedUs: row.received_us };
  const left = works
    .map(({ series, late, drop }) => ({ series, ...without(late, drop) }))
    .filter(({ t }) => t.length > 0);
  const segments: NewSegment[] = [];
  for (const { work, row: built } of rowSteps(left)) {
    if (built !== undefined) segments.push({ day, final: true, ...age, built });
    yield { work };
  }
  return { segments, rollups, kept, dropped };
}
