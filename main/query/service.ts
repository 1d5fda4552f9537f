import { type BucketGrid, bucketGrid } from '../../shared/buckets.ts';
import type { CoverageSource } from '../../shared/states.ts';
import { gaps, type Stretch } from '../../shared/stretch.ts';
import type { Piece } from '../store/types.ts';
import { FetchAhead } from './ahead.ts';
import { coverageOf, readPiece } from './coverage.ts';
import { combine, join } from './downsample.ts';
import type { ColdSession, ColdSource, FetchedFrames } from './fetch.ts';
import { openedPieces } from './opened.ts';
import { planWindows, type Window } from './planner.ts';
import type { ColdCost } from './ranged-get.ts';
import { checkPoints, checkRange, type Range, unknownSeries } from './ranges.ts';
import type { QueryReads } from './reads.ts';
import { LITTLE, levelsFor } from './rollups.ts';
import { type Filled, readBuckets, summariesOf } from './summary.ts';
import { type Turn, Turns, weightOf } from './turns.ts';
import type { BucketColumns, CoverageSpan, ReadPiece, RollupAnswer } from './types.ts';
import { readWindow } from './window.ts';
import { runsOf } from './zones.ts';

interface Answer {
  /** '' when the series has none. */
  unit: string;
  coverage: CoverageSpan[];
  /** What was received of what has to be; `totalBytes` shrinks as frames turn out to be cached. */
  cold: ColdCost & { totalBytes: number };
}

export interface QueryAnswer extends Answer {
  from: number;
  to: number;
  /** Buckets of the grid: fewer than asked for when they would be narrower than 1 microsecond. */
  points: number;
  buckets: BucketColumns;
  /** False while cold parts are still on their way (streamed answers only). */
  done: boolean;
  /** Some of it is only a summary, coarser than the buckets: the full detail is on its way, or cannot be reached. */
  coarse: boolean;
}

export interface RawAnswer extends Answer {
  t: Float64Array;
  v: Float64Array;
  /** First timestamp that was not delivered. */
  next?: number;
}

/** How long a whole answer waits for the archive. */
const COLD_WAIT_MS = 60_000;
/** Raw readings a page of an export. */
const PAGE = 100_000;

interface Plan {
  pieces: Piece[];
  windows: Window[];
  /** Stretches between windows that are known already, each with where it begins. */
  zoned: (Filled & { from: number })[];
  totalBytes: number;
  /** Undefined when nothing had to be looked for. */
  unit?: string;
  /** Where the plan ends, when it found enough before the end of the range. */
  next?: number;
}

/** A page of raw readings in the making. */
interface Page {
  read: ReadPiece[];
  runs: { t: Float64Array; v: Float64Array }[];
  /** Readings that are still wanted. */
  left: number;
  next: number | undefined;
}

/**
 * History over all tiers. What cannot be fetched is `unreachable` in the coverage, never an error. Each window is read at one
 * moment and windows do not overlap, so no reading is seen twice (T5), whatever moves meanwhile.
 *
 * Rejects with 'bad-range', 'bad-points', 'unknown-series'; 'busy' when too many large queries wait; 'cancelled' after an abort; else with what the writer rejects with.
 */
export class QueryService {
  readonly #reads: QueryReads;
  readonly #cold: ColdSource;
  readonly #turns = new Turns();

  constructor(reads: QueryReads, cold: ColdSource) {
    this.#reads = reads;
    this.#cold = cold;
  }

  /** The answer as it sharpens: the local part, then again after each cold window; the last one is `done`. Ends early, without one, when aborted. */
  async *buckets(range: Range & { points: number }, signal?: AbortSignal): AsyncGenerator<QueryAnswer> {
    const session = this.#cold.session({ signal });
    const turn = this.#turns.begin();
    try {
      for await (const answer of this.#steps(range, session, turn, signal, 'as it comes')) {
        if (signal?.aborted === true) return;
        // Whoever reads slowly, or not at all, holds up nobody.
        turn.end();
        yield answer();
      }
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    } finally {
      turn.end();
      session.end();
    }
  }

  /** The whole downsampled answer, the archive waited for up to `waitMs`. */
  async wholeBuckets(
    range: Range & { points: number },
    signal?: AbortSignal,
    waitMs = COLD_WAIT_MS,
  ): Promise<QueryAnswer> {
    const session = this.#cold.session({ signal, waitMs });
    const turn = this.#turns.begin();
    try {
      let last: (() => QueryAnswer) | undefined;
      for await (last of this.#steps(range, session, turn, signal, 'whole'));
      if (last === undefined) throw new Error('a query has at least one step');
      return last();
    } finally {
      turn.end();
      session.end();
    }
  }

  /** One page of at most `limit` raw readings, oldest first, the archive waited for up to `waitMs`. Coverage is of the page: [from, next ?? to). */
  async raw(range: Range & { limit: number }, signal?: AbortSignal, waitMs = COLD_WAIT_MS): Promise<RawAnswer> {
    checkPoints('limit', range.limit);
    const session = this.#cold.session({ signal, waitMs });
    const turn = this.#turns.begin();
    try {
      return await this.#page(range, session, turn, signal);
    } finally {
      turn.end();
      session.end();
    }
  }

  /** All raw readings of the range, page by page. */
  async *readings(range: Range, signal?: AbortSignal): AsyncGenerator<RawAnswer> {
    for (let from: number | undefined = range.from; from !== undefined; ) {
      const page: RawAnswer = await this.raw({ ...range, from, limit: PAGE }, signal);
      yield page;
      from = page.next;
    }
  }

  /**
   * Windows over what the rollups do not know (all of it, without them) and, in the buckets of a grid, zone maps do not tell; no further than `enough` readings. `most`: as
   * many buckets or readings are answered.
   */
  async #plan(
    range: Range,
    o: {
      rollups?: Pick<RollupAnswer, 'known'> | undefined;
      grid?: BucketGrid;
      maxReadings?: number;
      most: number;
      enough?: number;
    },
    turn: Turn,
    signal: AbortSignal | undefined,
  ): Promise<Plan> {
    let [pieces, readings] = [0, 0];
    const plan: Plan = { pieces: [], windows: [], zoned: [], totalBytes: 0 };
    for (const open of gaps(o.rollups?.known ?? [], range)) {
      const own: Piece[] = [];
      for (let from: number | undefined = open.from; from !== undefined; ) {
        const page = await this.#reads.pieces(range.key, from, open.to, signal);
        if (!page.known) throw unknownSeries(range.key);
        plan.unit = page.unit;
        own.push(...page.pieces);
        pieces += page.pieces.length;
        readings += page.pieces.reduce((n, { count }) => n + count, 0);
        await turn.grownTo(weightOf(pieces, Math.min(readings, o.most)), signal);
        from = page.next;
        if (from === undefined || readings < (o.enough ?? Number.POSITIVE_INFINITY)) continue;
        addParts(plan, own, { ...open, to: from }, o);
        return { ...plan, next: from, totalBytes: bytesOf(plan.pieces) };
      }
      addParts(plan, own, open, o);
    }
    return { ...plan, totalBytes: bytesOf(plan.pieces) };
  }

  /** One step before each cold window, when what is local was read, and one at the end; the answer is made only when it is asked for. */
  async *#steps(
    range: Range & { points: number },
    session: ColdSession,
    turn: Turn,
    signal: AbortSignal | undefined,
    wanted: 'whole' | 'as it comes',
  ): AsyncGenerator<() => QueryAnswer> {
    const { key, from, to } = range;
    checkRange(range);
    checkPoints('points', range.points);
    const grid = bucketGrid(from, to, range.points);
    const levels = levelsFor(grid);
    const rollups =
      levels.length === 0
        ? undefined
        : await this.#reads.readRollups({ key, from, to, grid, levels, ...LITTLE }, signal);
    const plan = await this.#plan(range, { rollups, grid, most: grid.points }, turn, signal);
    const cold = plan.windows.filter((w) => w.cold);
    const known = wanted === 'whole' ? [] : await summariesOf(this.#reads, key, cold, grid, signal);
    const summaries = new Map(known.map((summary, i) => [cold[i], summary]));
    const parts = new Map<Window, Filled>();
    const answer = (): QueryAnswer => {
      const filled = [...plan.zoned, ...plan.windows]
        .sort((a, b) => a.from - b.from)
        .map((part) => ('cold' in part ? (parts.get(part) ?? awaited(part, plan, summaries.get(part))) : part));
      const columns = join(filled.map((f) => f.columns));
      return {
        from,
        to,
        unit: plan.unit ?? rollups?.unit ?? '',
        points: grid.points,
        done: parts.size === plan.windows.length,
        buckets: rollups === undefined ? columns : combine(rollups.buckets, columns),
        coverage: coverageOf([...(rollups?.read ?? []), ...filled.flatMap((f) => f.read)], from, to),
        coarse: filled.some((f) => f.coarse),
        cold: costOf(plan, session),
      };
    };
    const ahead = new FetchAhead(cold, plan.pieces, session);
    for (const w of [...plan.windows.filter((each) => !each.cold), ...cold]) {
      if (w.cold) yield answer;
      const fetched = w.cold ? await ahead.next() : undefined;
      const opened = await this.#opened(key, w, plan, { grid }, session, signal, fetched);
      const sources = { reads: this.#reads, key, grid, planned: opened.pieces, session, signal };
      const read: (Filled & { from: number })[] = [...opened.zoned];
      for (const each of opened.windows) {
        const filled = await readBuckets(sources, each, each === w ? fetched : undefined);
        read.push({ ...filled, from: each.from });
      }
      parts.set(w, joined(read));
    }
    yield answer;
  }

  /** A window of a plan, planned again once it is known what the blocks in it have of the series. */
  async #opened(
    key: string,
    window: Window,
    plan: Plan,
    o: { grid?: BucketGrid; maxReadings?: number },
    session: ColdSession,
    signal: AbortSignal | undefined,
    fetched?: FetchedFrames,
  ): Promise<Pick<Plan, 'pieces' | 'windows' | 'zoned'>> {
    const pieces = await openedPieces(this.#reads, key, window, plan.pieces, session, signal, fetched);
    if (pieces === undefined) return { pieces: plan.pieces, windows: [window], zoned: [] };
    const opened: Plan = { pieces: [], windows: [], zoned: [], totalBytes: 0 };
    addParts(opened, pieces, window, o);
    plan.totalBytes += bytesOf(opened.pieces);
    return opened;
  }

  async #page(
    range: Range & { limit: number },
    session: ColdSession,
    turn: Turn,
    signal: AbortSignal | undefined,
  ): Promise<RawAnswer> {
    const { from, to, limit } = range;
    checkRange(range);
    const page: Page = { read: [], runs: [], left: limit, next: undefined };
    let [unit, totalBytes] = ['', 0];
    // Planned only as far as the page may reach: what follows is for the pages that follow.
    for (let at: number | undefined = from; at !== undefined && page.next === undefined; ) {
      const o = { maxReadings: limit, most: limit, enough: page.left };
      const plan: Plan = await this.#plan({ ...range, from: at }, o, turn, signal);
      for (const w of plan.windows) await this.#addWindow(page, range, w, plan, session, signal);
      unit = plan.unit ?? unit;
      totalBytes += plan.totalBytes;
      at = plan.next;
      if (page.left === 0) page.next ??= at;
    }
    const { read, runs, left, next } = page;
    const end = next ?? to;
    return {
      unit,
      ...concat(runs, limit - left),
      coverage: coverageOf(
        read.flatMap((r) => readPieceWithin(r, end)),
        from,
        end,
      ),
      cold: costOf({ totalBytes }, session),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** Adds what a window of a plan has to a page that is not full. */
  async #addWindow(
    page: Page,
    { key, limit }: Range & { limit: number },
    planned: Window,
    plan: Plan,
    session: ColdSession,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (page.left === 0) page.next ??= planned.from;
    if (page.next !== undefined) return;
    const opened = await this.#opened(key, planned, plan, { maxReadings: limit }, session, signal);
    for (const w of opened.windows) {
      if (page.left === 0) page.next ??= w.from;
      if (page.next !== undefined) return;
      const window = { key, ...w, shape: { kind: 'raw', limit: page.left } as const };
      const { result, read } = await readWindow(this.#reads, window, opened.pieces, session, signal);
      page.read.push(...read);
      if (result.raw === undefined) continue;
      page.runs.push(result.raw);
      page.left -= result.raw.t.length;
      page.next = result.raw.next;
    }
  }
}

/** Parts of a window as one. */
function joined(parts: readonly (Filled & { from: number })[]): Filled {
  const sorted = [...parts].sort((a, b) => a.from - b.from);
  return {
    columns: join(sorted.map((part) => part.columns)),
    read: sorted.flatMap((part) => part.read),
    coarse: sorted.some((part) => part.coarse),
  };
}

/** Adds the pieces of a stretch to a plan: those that zone maps tell are known, the others are windows to read. */
function addParts(
  plan: Plan,
  pieces: readonly Piece[],
  open: Stretch,
  { grid, maxReadings }: { grid?: BucketGrid; maxReadings?: number },
): void {
  const runs = grid === undefined ? [{ ...open, pieces }] : runsOf(pieces, open, grid);
  for (const run of runs) {
    if ('filled' in run) {
      plan.zoned.push({ from: run.from, ...run.filled });
      continue;
    }
    plan.pieces.push(...run.pieces);
    plan.windows.push(...planWindows(run.pieces, run.from, run.to, maxReadings));
  }
}

/** What of a stretch lies before the end of the page. */
function readPieceWithin(r: ReadPiece, end: number): ReadPiece[] {
  return r.from < end ? [{ ...r, to: Math.min(r.to, end) }] : [];
}

function costOf(plan: Pick<Plan, 'totalBytes'>, { cost }: ColdSession): Answer['cold'] {
  const { bytes, requests, spared } = cost;
  return { bytes, requests, totalBytes: Math.max(bytes, plan.totalBytes - spared) };
}

/** A window that is still on its way: its summary, and around it pieces as what they will be when they have come. */
function awaited(w: Window, { pieces }: Plan, summary: RollupAnswer | undefined): Filled {
  const sourceOf = (piece: Piece): CoverageSource => (piece.cold === undefined ? piece.tier : 'cold');
  const read = gaps(summary?.known ?? [], w).flatMap((open) =>
    pieces.flatMap((piece) => readPiece(piece, sourceOf(piece), open) ?? []),
  );
  const known = summary ?? NOTHING;
  return { columns: known.buckets, read: [...known.read, ...read], coarse: known.known.length > 0 };
}

const NOTHING: RollupAnswer = { known: [], buckets: join([]), read: [] };

function bytesOf(pieces: readonly Piece[]): number {
  const frames = new Map(
    pieces.flatMap(({ cold }) => (cold === undefined ? [] : cold.frames)).map((f) => [f.digest, f.length]),
  );
  return [...frames.values()].reduce((sum, length) => sum + length, 0);
}

function concat(
  pages: readonly { t: Float64Array; v: Float64Array }[],
  length: number,
): { t: Float64Array; v: Float64Array } {
  const [first] = pages;
  if (first?.t.length === length) return { t: first.t, v: first.v };
  const t = new Float64Array(length);
  const v = new Float64Array(length);
  let at = 0;
  for (const page of pages) {
    t.set(page.t, at);
    v.set(page.v, at);
    at += page.t.length;
  }
  return { t, v };
}
