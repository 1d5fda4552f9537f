import { bucketGrid } from '../../shared/buckets.ts';
import { TidemarkError } from '../../shared/errors.ts';
import type { CoverageSource } from '../../shared/states.ts';
import { MAX_TIMESTAMP_US } from '../../shared/units.ts';
import type { Remote } from '../store/remote.ts';
import type { Piece, StoreApi } from '../store/types.ts';
import { coverageOf, type ReadPiece } from './coverage.ts';
import { allocate, combine } from './downsample.ts';
import type { ColdCost, ColdSource, Fetched } from './fetch.ts';
import { planWindows, type Window } from './planner.ts';
import type { BucketColumns, CoverageSpan, ReadApi, WindowRequest, WindowResult } from './types.ts';

export interface Range {
  key: string;
  /** [from, to), integer microseconds. */
  from: number;
  to: number;
}

interface Answer {
  coverage: CoverageSpan[];
  cold: ColdCost & { totalBytes: number };
}
export interface QueryAnswer extends Answer {
  from: number;
  to: number;
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

export const MAX_POINTS = 100_000;

function checkRange({ from, to }: Range): void {
  const wrong = (message: string): TidemarkError =>
    new TidemarkError('bad-range', message, {
      retry: 'never',
      blame: 'client',
      action: 'give from < to, both within the years 1684 to 2255',
    });
  if (![from, to].every((t) => Number.isInteger(t) && Math.abs(t) <= MAX_TIMESTAMP_US))
    throw wrong('from and to must be whole microseconds');
  if (from >= to) throw wrong('from must be before to');
}

/** Times a window is read again because a piece moved meanwhile. */
const MOST_ROUNDS = 5;

/** History over all tiers (DESIGN.md section 6). What cannot be fetched is `unreachable` in the coverage, never an error. */
export class QueryService {
  readonly #writer: Remote<StoreApi & ReadApi>;
  readonly #cold: ColdSource;

  constructor(writer: Remote<StoreApi & ReadApi>, cold: ColdSource) {
    this.#writer = writer;
    this.#cold = cold;
  }

  async #plan(range: Range): Promise<{ pieces: Piece[]; windows: Window[]; totalBytes: number }> {
    checkRange(range);
    const { known, pieces } = await this.#writer.pieces(range.key, range.from, range.to);
    if (!known)
      throw new TidemarkError('unknown-series', `there is no series ${range.key}`, {
        retry: 'never',
        blame: 'client',
        action: 'list the series to see their keys',
      });
    const totalBytes = pieces.reduce(
      (n, p) => n + (p.cold === undefined ? 0 : p.cold.time.length + p.cold.value.length),
      0,
    );
    return { pieces, windows: planWindows(pieces, range.from, range.to), totalBytes };
  }

  /** Reads one window, fetching what is cold; a piece evicted since it was planned is simply missing and fetched in the next round. */
  async #window(
    request: Omit<WindowRequest, 'frames' | 'without'>,
    cost: ColdCost,
    signal: AbortSignal | undefined,
  ): Promise<{ result: WindowResult; read: ReadPiece[] }> {
    const fetched = new Map<string, Fetched>();
    for (let round = 0; ; round++) {
      const frames = new Map<string, Uint8Array>();
      const without = new Set<string>();
      for (const [digest, f] of fetched) {
        if ('bytes' in f) frames.set(digest, f.bytes);
        else without.add(digest);
      }
      const result = await this.#writer.readWindow({ ...request, frames, without });
      if (result.missing.length === 0)
        return { result, read: result.pieces.map((piece) => ({ piece, source: sourceOf(piece, fetched) })) };
      if (round === MOST_ROUNDS)
        throw new TidemarkError('busy', 'the data moved while it was read', { retry: 'now', blame: 'gateway' });
      const wanted = result.missing.flatMap((p) =>
        p.cold === undefined
          ? []
          : [p.cold.time, p.cold.value].map((frame) => ({ blockId: p.cold?.blockId ?? '', frame })),
      );
      for (const [digest, f] of await this.#cold.fetch(wanted, cost, signal)) fetched.set(digest, f);
    }
  }

  /** The answer as it sharpens: after the local part, and after each cold window. The last one is `done`. */
  async *buckets(range: Range & { points: number }, signal?: AbortSignal): AsyncGenerator<QueryAnswer> {
    const { key, from, to } = range;
    if (!Number.isInteger(range.points) || range.points < 1 || range.points > MAX_POINTS) {
      throw new TidemarkError('bad-points', `points must be a whole number from 1 to ${MAX_POINTS}`, {
        retry: 'never',
        blame: 'client',
      });
    }
    const { pieces, windows, totalBytes } = await this.#plan(range);
    const { points } = bucketGrid(from, to, range.points);
    const cost = { bytes: 0, requests: 0 };
    // Windows of one bucket must be combined in time order: kept apart until the end of each step.
    const parts = new Map<number, BucketColumns>();
    const read = new Map<number, ReadPiece[]>();
    const answer = (done: boolean): QueryAnswer => ({
      from,
      to,
      points,
      done,
      buckets: [...parts].sort(([a], [b]) => a - b).reduce((sum, [, part]) => combine(sum, part), allocate(0)),
      coverage: coverageOf(
        done ? [...read.values()].flat() : [...read.values(), pending(pieces, windows, read)].flat(),
        from,
        to,
      ),
      cold: { ...cost, totalBytes },
    });
    const ordered = [...windows].sort((a, b) => Number(a.cold) - Number(b.cold) || a.from - b.from);
    for (const [i, w] of ordered.entries()) {
      if (signal?.aborted === true) return;
      const { result, read: pieces } = await this.#window(
        { key, from: w.from, to: w.to, shape: { kind: 'buckets', origin: from, end: to, points } },
        cost,
        signal,
      );
      if (result.buckets !== undefined) parts.set(w.from, result.buckets);
      read.set(w.from, pieces);
      const last = i === ordered.length - 1;
      if (!last && ordered[i + 1]?.cold === true) yield answer(false);
    }
    yield answer(true);
  }

  /** The whole downsampled answer. */
  async wholeBuckets(range: Range & { points: number }, signal?: AbortSignal): Promise<QueryAnswer> {
    for await (const answer of this.buckets(range, signal)) if (answer.done) return answer;
    throw new TidemarkError('cancelled', 'the query was cancelled', { retry: 'now', blame: 'client' });
  }

  /** One page of raw readings, oldest first. */
  async raw(range: Range & { limit: number }, signal?: AbortSignal): Promise<RawAnswer> {
    const { key, from, to, limit } = range;
    const { windows, totalBytes } = await this.#plan(range);
    const cost = { bytes: 0, requests: 0 };
    const pages: { t: Float64Array; v: Float64Array }[] = [];
    const read: ReadPiece[] = [];
    let got = 0;
    let next: number | undefined;
    for (const w of windows) {
      const { result, read: pieces } = await this.#window(
        { key, from: w.from, to: w.to, shape: { kind: 'raw', limit: limit - got } },
        cost,
        signal,
      );
      if (result.raw !== undefined) {
        pages.push(result.raw);
        got += result.raw.t.length;
        next = result.raw.next;
      }
      read.push(...pieces);
      if (next !== undefined) break;
      if (got >= limit && w !== windows.at(-1)) {
        next = w.to;
        break;
      }
    }
    const end = next ?? to;
    return {
      ...concat(pages, got),
      coverage: coverageOf(read, from, end),
      cold: { ...cost, totalBytes },
      ...(next === undefined ? {} : { next }),
    };
  }
}

function sourceOf(piece: Piece, fetched: ReadonlyMap<string, Fetched>): CoverageSource {
  if (piece.damaged === true) return 'damaged';
  if (piece.cold === undefined) return piece.tier;
  const sources = [piece.cold.time, piece.cold.value].map((ref) => fetched.get(ref.digest)?.source ?? 'unreachable');
  for (const worst of ['damaged', 'unreachable', 'cold'] as const) if (sources.includes(worst)) return worst;
  return 'cache';
}

/** Pieces of windows that are still on their way show as cold. */
function pending(
  pieces: readonly Piece[],
  windows: readonly Window[],
  read: ReadonlyMap<number, unknown>,
): ReadPiece[] {
  const open = windows.filter((w) => !read.has(w.from));
  return pieces
    .filter((p) => open.some((w) => p.tMax >= w.from && p.tMin < w.to))
    .map((piece) => ({ piece, source: piece.cold === undefined ? piece.tier : 'cold' }));
}

function concat(
  pages: readonly { t: Float64Array; v: Float64Array }[],
  n: number,
): { t: Float64Array; v: Float64Array } {
  const t = new Float64Array(n);
  const v = new Float64Array(n);
  let at = 0;
  for (const page of pages) {
    t.set(page.t, at);
    v.set(page.v, at);
    at += page.t.length;
  }
  return { t, v };
}
