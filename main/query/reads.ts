import PQueue from 'p-queue';
import { TidemarkError } from '../../shared/errors.ts';
import type { HeadDays } from '../store/head-days.ts';
import type { Remote } from '../store/remote.ts';
import type { DamageFound, Frames, HeadPart, Piece, SnapshotView, StoreApi } from '../store/types.ts';
import { createReader } from './reader.ts';
import type { RollupAnswer, RollupQuery, WindowRequest, WindowResult } from './types.ts';

/** With the unit of the series, which so needs no question of its own. */
type WithUnit<T> = T & { unit: string };
type Pieces = WithUnit<ReturnType<StoreApi['pieces']>>;

/** The reader thread: every call reads one snapshot, together with the copies of heads that came with it. */
export interface ReaderApi {
  pieces(heads: readonly HeadPart[], ...of: Parameters<StoreApi['pieces']>): Told<Pieces>;
  readWindow(heads: readonly HeadPart[], request: WindowRequest): Told<WindowResult>;
  readRollups(heads: readonly HeadPart[], request: RollupQuery): Told<WithUnit<RollupAnswer>>;
  readSummaries(heads: readonly HeadPart[], requests: readonly RollupQuery[]): Told<RollupAnswer[]>;
}

/** An answer, and the damage met on the way, which only the writer can put down. */
interface Told<T> {
  value: T;
  damage: DamageFound[];
}

/** What queries read, as the main thread asks for it. A question whose signal aborts before its turn is dropped: it rejects with 'cancelled'. */
export interface QueryReads {
  pieces(key: string, from: number, to: number, signal?: AbortSignal, given?: Frames): Promise<Pieces>;
  /** `planned`: what a plan found in the window; without a piece in memory the writer is not asked. */
  readWindow(request: WindowRequest, planned?: readonly Piece[], signal?: AbortSignal): Promise<WindowResult>;
  /** What rollups know of a stretch. */
  readRollups(request: RollupQuery, signal?: AbortSignal): Promise<WithUnit<RollupAnswer>>;
  /** The same of several stretches of one series, in order of time. */
  readSummaries(requests: readonly RollupQuery[], signal?: AbortSignal): Promise<RollupAnswer[]>;
}

/** The reader thread's side, over whatever takes the snapshots. */
export function createReaderApi(store: {
  read<T>(heads: readonly HeadPart[], read: (view: SnapshotView) => T): Told<T>;
}): ReaderApi {
  return {
    pieces: (heads, key, ...range) =>
      store.read(heads, (view) => ({ ...view.pieces(key, ...range), unit: view.unitOf(key) })),
    readWindow: (heads, request) => store.read(heads, (view) => createReader(view).readWindow(request)),
    readRollups: (heads, request) =>
      store.read(heads, (view) => ({ ...createReader(view).readRollups(request), unit: view.unitOf(request.key) })),
    readSummaries: (heads, requests) =>
      store.read(heads, (view) => requests.map((request) => createReader(view).readRollups(request))),
  };
}

/** Questions under way: while one is answered the next already waits in the reader, and all others can still be dropped. */
const CONCURRENCY = 2;
/** Stretches summed up in one call: some 20 ms of the reader. */
const SUMMARIES = 32;

/**
 * The heads are copied first, where they have readings of those days, then the reader opens its snapshot: what a cut moves in between is in the snapshot,
 * and the reader leaves the copy out.
 * Readings that came after the copy may be missing: they were acknowledged after the question.
 */
export function createReads(
  writer: Remote<Pick<StoreApi, 'heads' | 'tellDamage'>>,
  reader: Remote<ReaderApi>,
  headDays: Pick<HeadDays, 'mayHave'>,
): QueryReads {
  const queue = new PQueue({ concurrency: CONCURRENCY });
  const headsOf = async (key: string, from: number, to: number): Promise<HeadPart[]> =>
    headDays.mayHave(from, to) ? writer.heads(key, from, to) : [];

  function ask<T>(signal: AbortSignal | undefined, question: () => Promise<Told<T>>): Promise<T> {
    return queue.add(async () => {
      goOn(signal);
      const { value, damage } = await question();
      if (damage.length > 0) await writer.tellDamage(damage);
      return value;
    });
  }

  return {
    pieces: (key, from, to, signal, given) =>
      ask(signal, async () => reader.pieces(await headsOf(key, from, to), key, from, to, given)),
    readWindow: (request, planned, signal) =>
      ask(signal, async () => {
        const { key, from, to } = request;
        const none = planned?.every((piece) => piece.tier !== 'head' || piece.tMin >= to || piece.tMax < from) === true;
        return reader.readWindow(none ? [] : await headsOf(key, from, to), request);
      }),
    readRollups: (request, signal) =>
      ask(signal, async () => reader.readRollups(await headsOf(request.key, request.from, request.to), request)),
    async readSummaries(requests, signal) {
      const answers: RollupAnswer[] = [];
      for (let i = 0; i < requests.length; i += SUMMARIES) {
        const some = requests.slice(i, i + SUMMARIES);
        const [first, last] = [some[0], some.at(-1)];
        if (first === undefined || last === undefined) break;
        answers.push(
          ...(await ask(signal, async () => reader.readSummaries(await headsOf(first.key, first.from, last.to), some))),
        );
      }
      return answers;
    },
  };
}

/** Throws 'cancelled' after an abort. */
export function goOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new TidemarkError('cancelled', 'the query was cancelled', { retry: 'now', blame: 'client' });
}
