import type { QueryUpdate } from '../../../shared/schemas.ts';
import type { Range } from '../../charts/range.ts';
import { type Picture, sharpen } from '../../charts/trace.ts';
import { type CallError, toCallError } from '../../transport/errors.ts';

export interface Want {
  key: string;
  range: Range;
  points: number;
}

export type Ask = (want: Want, signal: AbortSignal) => AsyncIterable<QueryUpdate>;

/**
 * asking    no update of the present question yet (an older picture may be there)
 * fetching  updates come, more are on their way from the archive
 * done      the whole answer is there
 * stopped   a person stopped it
 * failed    it ended with an error
 */
export type Phase = 'asking' | 'fetching' | 'done' | 'stopped' | 'failed';

export interface Feed {
  key: string;
  phase: Phase;
  picture: Picture | undefined;
  /** When the present question was asked, ms. */
  since: number;
  error: CallError | undefined;
}

interface Running {
  want: Want;
  stop: AbortController;
}

/** The streamed answers of the chosen series: one stream each; a new question ends the one before and keeps its picture until the first update. */
export class Feeds {
  readonly #ask: Ask;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<string, Running>();
  #feeds: ReadonlyMap<string, Feed> = new Map();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  readonly state = (): ReadonlyMap<string, Feed> => this.#feeds;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** From now on exactly these; what is already being asked goes on. */
  want(wants: readonly Want[]): void {
    const keys = new Set(wants.map((w) => w.key));
    for (const [key, running] of this.#running) {
      if (keys.has(key)) continue;
      running.stop.abort();
      this.#running.delete(key);
      this.#set(key, undefined);
    }
    for (const want of wants) {
      const now = this.#running.get(want.key)?.want;
      if (now === undefined || !same(now, want)) this.#start(want);
    }
  }

  /** Asks again, for those feeds that `which` picks. */
  again(which: (feed: Feed) => boolean = () => true): void {
    for (const { want } of [...this.#running.values()]) {
      const feed = this.#feeds.get(want.key);
      if (feed === undefined || which(feed)) this.#start(want);
    }
  }

  /** Ends what is not done; the pictures stay as they are. */
  cancel(): void {
    for (const [key, { stop }] of this.#running) {
      const feed = this.#feeds.get(key);
      if (feed === undefined || (feed.phase !== 'asking' && feed.phase !== 'fetching')) continue;
      stop.abort();
      this.#set(key, { ...feed, phase: 'stopped' });
    }
  }

  stop(): void {
    for (const { stop } of this.#running.values()) stop.abort();
    this.#running.clear();
  }

  #start(want: Want): void {
    this.#running.get(want.key)?.stop.abort();
    const running = { want, stop: new AbortController() };
    this.#running.set(want.key, running);
    const picture = this.#feeds.get(want.key)?.picture;
    this.#set(want.key, { key: want.key, phase: 'asking', picture, since: Date.now(), error: undefined });
    void this.#read(running);
  }

  async #read({ want, stop }: Running): Promise<void> {
    const change = (part: Partial<Feed>): void => {
      const feed = this.#feeds.get(want.key);
      if (!stop.signal.aborted && feed !== undefined) this.#set(want.key, { ...feed, ...part });
    };
    try {
      for await (const update of this.#ask(want, stop.signal)) {
        const picture = sharpen(this.#feeds.get(want.key)?.picture, update, want.points);
        change({ picture, phase: update.done ? 'done' : 'fetching' });
      }
    } catch (error) {
      change({ phase: 'failed', error: toCallError(error) });
    }
  }

  #set(key: string, feed: Feed | undefined): void {
    const next = new Map(this.#feeds);
    if (feed === undefined) next.delete(key);
    else next.set(key, feed);
    this.#feeds = next;
    for (const listener of this.#listeners) listener();
  }
}

function same(a: Want, b: Want): boolean {
  return a.points === b.points && a.range.from === b.range.from && a.range.to === b.range.to;
}
