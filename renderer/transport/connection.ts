import type { Status } from '../../shared/schemas.ts';
import { backoffMs } from './backoff.ts';
import type { Channel, Client, Ended } from './channel.ts';
import { withDeadline } from './deadline.ts';
import { gone, toCallError } from './errors.ts';
import { readStream } from './stream.ts';

/**
 * connecting  never had a status since the page was loaded
 * live        statuses come
 * lost        had the gateway, lost it; tries again by itself
 * refused     the gateway does not know this browser: a person must open the printed address
 */
export type Phase = 'connecting' | 'live' | 'lost' | 'refused';

export interface ConnectionState {
  phase: Phase;
  status: Status | undefined;
  /** When the last status came, ms since the epoch by this screen's clock. */
  heardAt: number | undefined;
  /** When the next attempt begins, same clock; undefined while one runs. */
  retryAt: number | undefined;
  /** Attempts that failed since the gateway was last heard. */
  failures: number;
  /** Grows each time the gateway comes back: what was subscribed before is gone and must be subscribed again. */
  generation: number;
}

export interface ConnectionOptions {
  /** Runs before each attempt; its failure fails the attempt. */
  prepare: (signal: AbortSignal) => Promise<void>;
  open: () => Channel;
  random?: () => number;
}

interface Open {
  channel: Channel;
  /** Aborts when the channel ended. */
  broken: AbortSignal;
}

/** A call that is not answered within this time has failed. */
const CALL_MS = 15_000;
/** Statuses come every second; after this silence the gateway is asked, and has as long again to answer. */
const SILENCE_MS = 4_000;
/** A refused WebSocket fails its first call a moment before its close event, which says why. */
const CLOSE_EVENT_MS = 100;

const later = <T>(ms: number, value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, ms, value));

/** The page's one connection: a deadline on every call, a heartbeat, and reconnecting with backoff. */
export class Connection {
  readonly #o: ConnectionOptions;
  readonly #listeners = new Set<() => void>();
  readonly #stopped = new AbortController();
  #state: ConnectionState = {
    phase: 'connecting',
    status: undefined,
    heardAt: undefined,
    retryAt: undefined,
    failures: 0,
    generation: 0,
  };
  #open: Open | undefined;
  #hurry: () => void = () => {};

  constructor(options: ConnectionOptions) {
    this.#o = options;
  }

  readonly state = (): ConnectionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Ends a wait between attempts. */
  readonly retryNow = (): void => this.#hurry();

  stop(): void {
    this.#stopped.abort();
    this.#open?.channel.close();
    this.#hurry();
  }

  /** One call with a deadline. Rejects with CallError; at once with `gone` while there is no gateway. */
  async call<T>(run: (client: Client, signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { channel, broken } = this.#live();
    try {
      return await withDeadline(CALL_MS, (s) => run(channel.client, s), broken, signal);
    } catch (error) {
      throw toCallError(error);
    }
  }

  /** A stream of the contract; throws `gone` with the connection. Whoever reads it watches `generation` and asks again. */
  async *stream<T>(
    run: (client: Client, signal: AbortSignal) => Promise<AsyncIterable<T>>,
    signal: AbortSignal,
  ): AsyncGenerator<T> {
    const { channel, broken } = this.#live();
    try {
      // The caller's signal, not the deadline's: it also ends the stream after its first answer.
      const source = await withDeadline(CALL_MS, () => run(channel.client, signal), broken, signal);
      yield* readStream(source, AbortSignal.any([signal, broken]));
    } catch (error) {
      if (!signal.aborted) throw toCallError(error);
    }
  }

  /** Connects and stays connected until `stop`. */
  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const ended = await this.#once().catch((): Ended => 'broken');
      if (this.#stopped.signal.aborted) return;
      if (ended === 'no-session') await this.#wait('refused', Number.POSITIVE_INFINITY);
      else {
        const wait = backoffMs(this.#state.failures, (this.#o.random ?? Math.random)());
        await this.#wait(this.#state.status === undefined ? 'connecting' : 'lost', wait);
      }
    }
  }

  #live(): Open {
    if (this.#open === undefined || this.#state.phase !== 'live') throw gone('there is no connection to the gateway');
    return this.#open;
  }

  /** One attempt, and its life if it succeeds. */
  async #once(): Promise<Ended> {
    await withDeadline(CALL_MS, (signal) => this.#o.prepare(signal), this.#stopped.signal);
    const channel = this.#o.open();
    const broken = new AbortController();
    this.#open = { channel, broken: broken.signal };
    try {
      return await Promise.race([channel.ended, this.#listen(this.#open)]);
    } finally {
      this.#open = undefined;
      broken.abort();
      channel.close();
    }
  }

  /** Takes statuses; after a silence it asks. Ends when neither comes. */
  async #listen({ channel, broken }: Open): Promise<Ended> {
    const stop = AbortSignal.any([broken, this.#stopped.signal]);
    const ask = (signal: AbortSignal): Promise<Status> => channel.client.status(undefined, { signal });
    try {
      const watch = (): Promise<AsyncIterable<Status>> => channel.client.watchStatus(undefined, { signal: stop });
      const iterator = (await withDeadline(SILENCE_MS, watch, stop))[Symbol.asyncIterator]();
      let pending = iterator.next();
      for (;;) {
        const next = await Promise.race([pending, later(SILENCE_MS, undefined)]);
        if (next?.done === true) return 'broken';
        this.#heard(next === undefined ? await withDeadline(SILENCE_MS, ask, stop) : next.value);
        if (next !== undefined) pending = iterator.next();
      }
    } catch {
      return await Promise.race([channel.ended, later(CLOSE_EVENT_MS, 'broken' as const)]);
    }
  }

  #heard(status: Status): void {
    const generation = this.#state.generation + (this.#state.phase === 'live' ? 0 : 1);
    this.#set({ phase: 'live', status, heardAt: Date.now(), failures: 0, generation });
  }

  async #wait(phase: Phase, ms: number): Promise<void> {
    const retryAt = Number.isFinite(ms) ? Date.now() + ms : undefined;
    const hurried = new Promise<void>((resolve) => {
      const timer = retryAt === undefined ? undefined : setTimeout(resolve, ms);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#set({ phase, retryAt, failures: this.#state.failures + 1 });
    await hurried;
    this.#set({ retryAt: undefined });
  }

  #set(change: Partial<ConnectionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
