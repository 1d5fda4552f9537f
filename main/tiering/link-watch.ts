import type { Clock } from '../ports/clock.ts';
import { type ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import type { Remote } from '../store/remote.ts';
import type { StoreApi } from '../store/types.ts';
import { tell } from './context.ts';
import { afterFault, afterSuccess, afterWork, type Link, probeDelayMs, UNSET } from './link.ts';
import type { LinkState, TieringStatus } from './types.ts';

/** An idle gateway asks its archive this often, so that what the screen says of the link is never much older. */
const STALE_MS = 5 * 60_000;

/** The way to the archive as it shows in the outcome of calls; what changes is told in Events, once. */
export class LinkWatch {
  readonly #o: { writer: Remote<StoreApi>; clock: Clock; random: () => number };
  #link: Link = UNSET;
  #retryAfterS: number | undefined;
  #staleFromMs = 0;
  /** The trouble that Events told last; undefined after they told that it is over. */
  #toldDown: LinkState | undefined;

  constructor(o: { writer: Remote<StoreApi>; clock: Clock; random: () => number }) {
    this.#o = o;
  }

  /** True while reading from the archive would only time out. */
  get away(): boolean {
    return !this.#link.reachable;
  }

  /** True from a fault until a pass or a probe without one: tried again after `probeDelayMs`. */
  get failing(): boolean {
    return this.#link.failures > 0;
  }

  get clockIsWrong(): boolean {
    return this.#link.state === 'clock';
  }

  get stale(): boolean {
    return this.#o.clock.monotonicMs() >= this.#staleFromMs;
  }

  /** What is known of it may be wrong: a probe tells. */
  doubt(): void {
    this.#staleFromMs = 0;
  }

  probeDelayMs(): number {
    return probeDelayMs(this.#link, this.#o.random, this.#retryAfterS);
  }

  status(): TieringStatus['link'] {
    const { state, sinceUs, lastSuccessUs, lastError } = this.#link;
    return {
      state: state === 'unset' ? 'ok' : state,
      ...(sinceUs === 0 ? {} : { sinceUs }),
      ...(lastSuccessUs === undefined ? {} : { lastSuccessUs }),
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  /** Asks the archive whether it is there; what is wrong with the way to it, if anything is. */
  async probe(archive: ObjectStore, signal: AbortSignal): Promise<ObjectStoreError | undefined> {
    let serverTimeUs: number | undefined;
    try {
      ({ serverTimeUs } = await archive.probe({ signal }));
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
      if (error.fault !== 'aborted') await this.fault(error, false);
      return error;
    }
    this.#staleFromMs = this.#o.clock.monotonicMs() + STALE_MS;
    const wasWrong = this.clockIsWrong;
    this.#link = afterSuccess(this.#link, this.#o.clock.nowUs(), serverTimeUs);
    this.#retryAfterS = undefined;
    await this.#tellUp();
    if (this.clockIsWrong && !wasWrong) {
      const text =
        'The clocks of this gateway and of the archive differ by more than 15 minutes. Nothing new is moved until they agree.';
      await tell(this.#o, 'error', 'TM-CLOCK', text);
    }
    return undefined;
  }

  /** A pass came through all its stages. */
  async worked(): Promise<void> {
    this.#link = afterWork(this.#link, this.#o.clock.nowUs());
    await this.#tellUp();
  }

  /** A call failed: one of a pass (`ofWork`), or a probe or a cold fetch. */
  async fault(error: ObjectStoreError, ofWork: boolean): Promise<void> {
    this.#link = afterFault(this.#link, this.#o.clock.nowUs(), error, ofWork);
    this.#retryAfterS = error.retryAfterS;
    if (this.#toldDown === this.#link.state) return;
    this.#toldDown = this.#link.state;
    const level = error.blame === 'operator' ? 'error' : 'warning';
    const text = `The archive cannot be used: ${error.message}. Data stays on this gateway.`;
    await tell(this.#o, level, 'TM-LINK-DOWN', text, { fault: error.fault });
  }

  async #tellUp(): Promise<void> {
    if (this.#toldDown === undefined || this.failing) return;
    this.#toldDown = undefined;
    await tell(this.#o, 'info', 'TM-LINK-UP', 'The archive can be reached again; what waited goes now.');
  }
}
