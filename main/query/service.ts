import { bucketGrid } from '../../shared/buckets.ts';
import { TidemarkError } from '../../shared/errors.ts';
import type { Piece, StoreApi } from '../store/types.ts';
import { coverageOf, type ReadPiece, readPiece } from './coverage.ts';
import { join } from './downsample.ts';
import type { ColdSession, ColdSource } from './fetch.ts';
import { coldBytes, planWindows, type Window } from './planner.ts';
import type { ColdCost } from './ranged-get.ts';
import { checkPoints, checkRange, type Range } from './ranges.ts';
import type { QueryReads } from './reads.ts';
import type { BucketColumns, CoverageSpan } from './types.ts';
import { readWindow } from './window.ts';

interface Answer {
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
  totalBytes: number;
}

/**
 * History over all tiers. What cannot be fetched is `unreachable` in the coverage, never an error. Each window is read at one
 * moment and windows do not overlap, so no reading is seen twice (T5), whatever moves meanwhile.
 *
 * Rejects with 'bad-range', 'bad-points', 'unknown-series'; 'cancelled' after an abort; else with what the writer rejects with.
 */
export class QueryService {
  readonly #reads: QueryReads;
  readonly #cold: ColdSource;

  constructor(reads: QueryReads, cold: ColdSource) {
    this.#reads = reads;
    this.#cold = cold;
  }

  /** The answer as it sharpens: the local part, then again after each cold window; the last one is `done`. Ends early, without one, when aborted. */
  async *buckets(range: Range & { points: number }, signal?: AbortSignal): AsyncGenerator<QueryAnswer> {
    const session = this.#cold.session({ signal });
    try {
      for await (const answer of this.#steps(range, session, signal)) {
        if (signal?.aborted === true) return;
        yield answer();
      }
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    } finally {
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
    try {
      let last: (() => QueryAnswer) | undefined;
      for await (last of this.#steps(range, session, signal));
      if (last === undefined) throw new Error('a query has at least one step');
      return last();
    } finally {
      session.end();
    }
  }

  /** One page of at most `limit` raw readings, oldest first, the archive waited for up to `waitMs`. Coverage is of the page: [from, next ?? to). */
  async raw(range: Range & { limit: number }, signal?: AbortSignal, waitMs = COLD_WAIT_MS): Promise<RawAnswer> {
    checkPoints('limit', range.limit);
    const session = this.#cold.session({ signal, waitMs });
    try {
      return await this.#page(range, session, signal);
    } finally {
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

  async #plan(range: Range, signal: AbortSignal | undefined, maxReadings?: number): Promise<Plan> {
    checkRange(range);
    const pieces: Piece[] = [];
    let known = true;
    for (let from: number | undefined = range.from; from !== undefined; ) {
      const page: ReturnType<StoreApi['pieces']> = await this.#reads.pieces(range.key, from, range.to, signal);
      known = page.known;
      pieces.push(...page.pieces);
      from = page.next;
    }
    if (!known) {
      throw new TidemarkError('unknown-series', `there is no series ${range.key}`, {
        retry: 'never',
        blame: 'client',
        action: 'GET /api/v1/series lists them',
      });
    }
    return {
      pieces,
      windows: planWindows(pieces, range.from, range.to, maxReadings),
      totalBytes: pieces.reduce((bytes, piece) => bytes + coldBytes(piece), 0),
    };
  }

  /** One step before each cold window, when what is local was read, and one at the end; the answer is made only when it is asked for. */
  async *#steps(
    range: Range & { points: number },
    session: ColdSession,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<() => QueryAnswer> {
    const { key, from, to } = range;
    checkPoints('points', range.points);
    const plan = await this.#plan(range, signal);
    const { points } = bucketGrid(from, to, range.points);
    const shape = { kind: 'buckets', origin: from, end: to, points } as const;
    const parts = new Map<Window, BucketColumns | undefined>();
    const read: ReadPiece[] = [];
    const answer = (): QueryAnswer => ({
      from,
      to,
      points,
      done: parts.size === plan.windows.length,
      buckets: join(plan.windows.flatMap((w) => parts.get(w) ?? [])),
      coverage: coverageOf([...read, ...awaited(plan, (w) => !parts.has(w))], from, to),
      cold: costOf(plan, session),
    });
    for (const w of [...plan.windows].sort((a, b) => Number(a.cold) - Number(b.cold))) {
      if (w.cold) yield answer;
      const { result, read: stretches } = await readWindow(
        this.#reads,
        { key, ...w, shape },
        plan.pieces,
        session,
        signal,
      );
      parts.set(w, result.buckets);
      read.push(...stretches);
    }
    yield answer;
  }

  async #page(
    range: Range & { limit: number },
    session: ColdSession,
    signal: AbortSignal | undefined,
  ): Promise<RawAnswer> {
    const { key, from, to, limit } = range;
    const plan = await this.#plan(range, signal, limit);
    const read: ReadPiece[] = [];
    const pages: { t: Float64Array; v: Float64Array }[] = [];
    let left = limit;
    let next: number | undefined;
    for (const w of plan.windows) {
      if (left === 0) next ??= w.from;
      if (next !== undefined) break;
      const shape = { kind: 'raw', limit: left } as const;
      const { result, read: stretches } = await readWindow(
        this.#reads,
        { key, ...w, shape },
        plan.pieces,
        session,
        signal,
      );
      read.push(...stretches);
      if (result.raw === undefined) continue;
      pages.push(result.raw);
      left -= result.raw.t.length;
      next = result.raw.next;
    }
    const end = next ?? to;
    return {
      ...concat(pages, limit - left),
      coverage: coverageOf(
        read.flatMap((r) => readPieceWithin(r, end)),
        from,
        end,
      ),
      cold: costOf(plan, session),
      ...(next === undefined ? {} : { next }),
    };
  }
}

/** What of a stretch lies before the end of the page. */
function readPieceWithin(r: ReadPiece, end: number): ReadPiece[] {
  return r.from < end ? [{ ...r, to: Math.min(r.to, end) }] : [];
}

function costOf(plan: Plan, { cost }: ColdSession): Answer['cold'] {
  const { bytes, requests, spared } = cost;
  return { bytes, requests, totalBytes: Math.max(bytes, plan.totalBytes - spared) };
}

/** Pieces of windows that are still on their way show as what they will be when they have come. */
function awaited(plan: Plan, open: (w: Window) => boolean): ReadPiece[] {
  return plan.windows
    .filter(open)
    .flatMap((w) =>
      plan.pieces.flatMap((piece) => readPiece(piece, piece.cold === undefined ? piece.tier : 'cold', w) ?? []),
    );
}

function concat(
  pages: readonly { t: Float64Array; v: Float64Array }[],
  length: number,
): { t: Float64Array; v: Float64Array } {
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
