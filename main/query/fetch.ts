import PQueue from 'p-queue';
import type { ObjectStore } from '../ports/object-store.ts';
import { type Fetch, planFetches, type Wanted } from './fetches.ts';
import { type ColdCost, type Fetched, type RangedGetOptions, rangedGet } from './ranged-get.ts';

export interface ColdSourceOptions extends Omit<RangedGetOptions, 'archive'> {
  /** Undefined while no archive is set up: what is not in the cache is unreachable. */
  archive: ObjectStore | undefined;
}

/** What came of the frames that were asked for, by digest. */
export type FetchedFrames = ReadonlyMap<string, Fetched>;

/** The cold reads of one query. */
export interface ColdSession {
  /**
   * Brings frames from the cache or the archive, each checked against its digest: every wanted digest is in the answer. After repeated
   * faults of the link, and after the waiting time, only the cache is asked. Rejects only when the writer does.
   */
  fetch(wanted: readonly Wanted[]): Promise<FetchedFrames>;
  /** What this query cost so far; `spared` bytes came from the cache or from another query's fetch. */
  readonly cost: ColdCost & { spared: number };
  /** Ends the waiting; fetches that nobody else wants are aborted. */
  end(): void;
}

export interface ColdSource {
  /** `waitMs` bounds the time spent on the archive from now on; without it the query waits until its signal aborts. */
  session(o: { signal?: AbortSignal | undefined; waitMs?: number }): ColdSession;
  /** A session for what nobody asked for yet: `signal` aborts, and it ends, once another session needs the archive. Undefined while one does. */
  background(): (ColdSession & { signal: AbortSignal }) | undefined;
}

/** Ranged GETs at the same time, over all queries. */
const CONCURRENCY = 4;

/** Fetches in a row that the link may fail before the query tries no others. */
const MOST_FAILURES = 2;

/** Told as what aborted a session that ended: an abort without a reason of its own makes an error each time, which took longer than all else at the end. */
const ENDED = 'the session has ended';

/** A fetch waiting or under way, shared by all queries that want one of its frames. */
interface Job {
  digests: string[];
  controller: AbortController;
  started: boolean;
  users: Set<User>;
}

/** Told how the job ended, before the next job starts. */
interface User {
  resolve(result: Map<string, Fetched>): void;
  reject(error: unknown): void;
}

/** Cold frames over cache and archive; a frame that several queries want is fetched once, and until the last of them gives up. */
export function createColdSource(o: ColdSourceOptions): ColdSource {
  const queue = new PQueue({ concurrency: CONCURRENCY });
  const jobs = new Map<string, Job>();
  let background = new AbortController();

  function forget(job: Job): void {
    for (const digest of job.digests) if (jobs.get(digest) === job) jobs.delete(digest);
  }

  function begin(archive: ObjectStore, f: Fetch, cost: ColdCost): Job {
    const digests = f.frames.map((frame) => frame.digest);
    const job: Job = { digests, controller: new AbortController(), started: false, users: new Set() };
    for (const digest of digests) jobs.set(digest, job);
    void queue.add(async () => {
      job.started = true;
      try {
        const result = await rangedGet({ ...o, archive }, f, cost, job.controller.signal);
        for (const user of [...job.users]) user.resolve(result);
      } catch (error) {
        for (const user of [...job.users]) user.reject(error);
      } finally {
        forget(job);
      }
    });
    return job;
  }

  /**
   * Gives the job's result to `onResult`, and resolves; without one when `stop` aborts first, or `giveUp` before the job has started. The last
   * user to leave aborts the job, and nobody can join it any more.
   */
  function join(
    job: Job,
    stop: AbortSignal,
    giveUp: AbortSignal,
    onResult: (result: Map<string, Fetched>) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        done();
        if (job.users.size === 0) {
          forget(job);
          job.controller.abort();
        }
        resolve();
      };
      const leaveQueue = (): void => {
        if (!job.started) leave();
      };
      const user: User = {
        resolve: (result) => {
          done();
          onResult(result);
          resolve();
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      const done = (): void => {
        job.users.delete(user);
        stop.removeEventListener('abort', leave);
        giveUp.removeEventListener('abort', leaveQueue);
      };
      job.users.add(user);
      stop.addEventListener('abort', leave);
      giveUp.addEventListener('abort', leaveQueue);
    });
  }

  /** `own` marks a background session, and is what ends it. */
  function open({ signal, waitMs }: Parameters<ColdSource['session']>[0], own?: AbortController): ColdSession {
    const cost = { bytes: 0, requests: 0, spared: 0 };
    const waiting = new AbortController();
    const giveUp = new AbortController();
    const cancel = waitMs === undefined ? () => undefined : o.clock.after(waitMs, () => waiting.abort());
    const stop = signal === undefined ? waiting.signal : AbortSignal.any([signal, waiting.signal]);
    let failures = 0;

    /** Asks the archive; what does not come is left out. */
    async function ask(wanted: readonly Wanted[]): Promise<Map<string, Fetched>> {
      const found = new Map<string, Fetched>();
      const { archive } = o;
      if (archive === undefined || stop.aborted || giveUp.signal.aborted || o.linkAway()) return found;
      const used = new Set<Job>();
      const alone: Wanted[] = [];
      for (const want of wanted) {
        const job = jobs.get(want.frame.digest);
        if (job === undefined) alone.push(want);
        else {
          used.add(job);
          cost.spared += want.frame.length;
        }
      }
      for (const f of planFetches(alone)) used.add(begin(archive, f, cost));
      const take = (result: Map<string, Fetched>): void => {
        for (const [digest, fetched] of result) found.set(digest, fetched);
        failures = [...result.values()].some((f) => f.source === 'unreachable') ? failures + 1 : 0;
        if (failures >= MOST_FAILURES) giveUp.abort();
      };
      const joined = [...used].map((job) => join(job, stop, giveUp.signal, take));
      // After joining: what both want goes on.
      if (own === undefined && joined.length > 0) background.abort();
      await Promise.all(joined);
      return found;
    }

    return {
      cost,
      async fetch(wanted) {
        const found = new Map<string, Fetched>();
        const absent: Wanted[] = [];
        await Promise.all(
          wanted.map(async (want) => {
            const bytes = await o.cache.get(want.frame.digest);
            if (bytes === undefined) absent.push(want);
            else {
              found.set(want.frame.digest, { source: 'cache', bytes });
              cost.spared += bytes.length;
            }
          }),
        );
        const asked = await ask(absent);
        for (const { frame } of absent) found.set(frame.digest, asked.get(frame.digest) ?? { source: 'unreachable' });
        return found;
      },
      end() {
        cancel();
        waiting.abort(ENDED);
      },
    };
  }

  return {
    session: (options) => open(options),
    background() {
      if (jobs.size > 0) return undefined;
      background = new AbortController();
      const { signal } = background;
      return { ...open({ signal }, background), signal };
    },
  };
}
