import { TidemarkError } from '../../shared/errors.ts';
import { goOn } from './reads.ts';

/** How many pieces a plan has, some 4 KB each, and as much again as readings or buckets of the answer take. */
export function weightOf(pieces: number, answered: number): number {
  return pieces + answered / 100;
}

/** Queries from this weight on are large: so many of them at once, and so many may wait. */
const LARGE = { from: 500, atOnce: 8, mostWaiting: 32 };
/** Of the large ones the largest, some 16 MB each and more. */
const HUGE = { from: 4_000, atOnce: 2, mostWaiting: LARGE.atOnce };

/** A query's place among the large ones. */
export interface Turn {
  /** It weighs so much. From the moment that makes it a large one on it waits until it may go on. */
  grownTo(weight: number, signal: AbortSignal | undefined): Promise<void>;
  end(): void;
}

/**
 * Large queries go on a few at a time, so that memory holds few of their plans and answers however many come; small ones never wait. Rejects with 'busy' when too many
 * wait already, with 'cancelled' after an abort.
 */
export class Turns {
  readonly #gates = [new Gate(LARGE), new Gate(HUGE)];

  begin(): Turn {
    const passed: Gate[] = [];
    return {
      grownTo: async (weight, signal) => {
        for (const gate of this.#gates) {
          if (weight < gate.from || passed.includes(gate)) continue;
          await gate.take(signal);
          passed.push(gate);
        }
      },
      end: () => {
        for (const gate of passed.splice(0)) gate.give();
      },
    };
  }
}

class Gate {
  readonly from: number;
  readonly #mostWaiting: number;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(o: typeof LARGE) {
    this.from = o.from;
    this.#free = o.atOnce;
    this.#mostWaiting = o.mostWaiting;
  }

  async take(signal: AbortSignal | undefined): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.length >= this.#mostWaiting)
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
      if (signal?.aborted === true) this.give();
    } else this.#waiting.splice(at, 1);
    goOn(signal);
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
