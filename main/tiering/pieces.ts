import type { Filled, PartInfo } from '../store/types.ts';
import type { Pass } from './context.ts';

/** The smallest parts fit. */
const PIECE_BYTES = 5 << 20;

type Memory = Filled['memory'];

/**
 * Memory that objects pass through on their way from the writer thread to the archive. It moves between the threads, as V8 is slow to
 * copy into memory that threads share, and is used again and again: fresh memory for each piece would have both threads collect garbage all the time.
 */
export class PiecePool {
  readonly #free: Memory[] = [];

  take(): Memory {
    return this.#free.pop() ?? new Uint8Array(PIECE_BYTES);
  }

  /** Nobody uses it any more. */
  give(memory: Memory): void {
    this.#free.push(memory);
  }
}

/**
 * A part of a block's object in pieces, the next made while one is sent. Each is to be done with when the next is asked for. Whoever stops early may still
 * use the last one: its memory is not used again.
 */
export async function* piecesOf(
  p: Pick<Pass, 'writer'>,
  id: string,
  { offset, length }: Pick<PartInfo, 'offset' | 'length'>,
  pool: PiecePool,
): AsyncGenerator<Uint8Array> {
  const end = offset + length;
  const fill = (at: number): Promise<Filled> => p.writer.fillFrom(id, at, end, pool.take());
  let ahead = fill(offset);
  for (let at = offset; at < end; ) {
    const { memory, bytes } = await ahead;
    at += bytes;
    if (at < end) ahead = fill(at);
    // A failure is that of whoever asks for the piece, if anybody still does.
    ahead.catch(() => undefined);
    yield memory.subarray(0, bytes);
    pool.give(memory);
  }
}
