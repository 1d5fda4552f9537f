import { TidemarkError } from '../shared/errors.ts';

/** Streams of one connection at once: the screen has one for each of its eight series, and a few more. Each may have one answer under way, up to 1 MB. */
const MOST_STREAMS = 32;

/** The streams open on one connection. */
export class Streams {
  #open = 0;

  /** Hands the stream on while it is open; throws 'too-many-streams' instead of opening one too many. */
  async *limit<T>(stream: AsyncIterable<T>): AsyncGenerator<T> {
    if (this.#open >= MOST_STREAMS) {
      throw new TidemarkError('too-many-streams', `this connection has ${MOST_STREAMS} streams open already`, {
        retry: 'later',
        blame: 'client',
        action: 'end those that are not needed, or read them to their end',
      });
    }
    this.#open++;
    try {
      yield* stream;
    } finally {
      this.#open--;
    }
  }
}
