import { TidemarkError } from '../../shared/errors.ts';
import { goOn } from './reads.ts';

/** Pieces of a plan from which on a query is a large one: some 5 MB for its plan, and as much again for its answer. */
const LARGE_PIECES = 4_000;
const AT_ONCE = 2;
const MOST_WAITING = 32;

/** A query's place among the large ones. */
export interface Turn {
  /** Its plan has so many pieces. From the moment that makes it a large one on it waits until it may go on. */
  grownTo(pieces: number, signal: AbortSignal | undefined): Promise<void>;
  end(): void;
}

/**
 * Large queries go on a few at a time, so that memory holds few of their plans however many come; small ones never wait. Rejects with 'busy' when too many
 * wait already, with 'cancelled' after an abort.
 */
export class Turns {
  #free = AT_ONCE;
  readonly #waiting: (() => void)[] = [];

  begin(): Turn {
    let taken = false;
    return {
      grownTo: async (pieces, signal) => {
        if (taken || pieces < LARGE_PIECES) return;
        await this.#take(signal);
        taken = true;
      },
      end: () => {
        if (taken) this.#give();
        taken = false;
      },
    };
  }

  async #take(signal: AbortSignal | undefined): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.length >= MOST_WAITING)
      throw new TidemarkError('busy', 'too many queries over long ranges are under way', {
        retry: 'later',
        blame: 'gateway',
        action: 'ask again in some seconds, or for a shorter range',
      });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    signal?.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    const at = this.#waiting.indexOf(resolve);
    if (at === -1) {
      // Its turn had come, maybe in the moment of the abort.
      if (signal?.aborted === true) this.#give();
    } else this.#waiting.splice(at, 1);
    goOn(signal);
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
