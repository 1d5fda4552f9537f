import type { PartInfo } from '../store/types.ts';
import type { Pass } from './context.ts';

/** The smallest parts fit. */
const PIECE_BYTES = 5 << 20;

/**
 * Memory that objects pass through on their way from the writer thread to the archive, used again and again: fresh memory for each piece would have both
 * threads collect garbage all the time.
 */
export class PieceMemory {
  readonly #free: SharedArrayBuffer[] = [];

  take(): SharedArrayBuffer {
    return this.#free.pop() ?? new SharedArrayBuffer(PIECE_BYTES);
  }

  /** Nobody uses it any more. */
  give(memory: SharedArrayBuffer): void {
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
  memory: PieceMemory,
): AsyncGenerator<Uint8Array> {
  const end = offset + length;
  const fill = async (at: number): Promise<{ into: SharedArrayBuffer; bytes: number }> => {
    const into = memory.take();
    return { into, bytes: await p.writer.fillFrom(id, at, end, into) };
  };
  let ahead = fill(offset);
  for (let at = offset; at < end; ) {
    const { into, bytes } = await ahead;
    at += bytes;
    if (at < end) ahead = fill(at);
    // A failure is that of whoever asks for the piece, if anybody still does.
    ahead.catch(() => undefined);
    yield new Uint8Array(into, 0, bytes);
    memory.give(into);
  }
}
