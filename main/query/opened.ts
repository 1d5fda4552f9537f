import type { Piece } from '../store/types.ts';
import type { ColdSession } from './fetch.ts';
import type { Window } from './planner.ts';
import type { QueryReads } from './reads.ts';
import { wantedOf } from './window.ts';

/** Of such a piece nobody knows what the block has of the series until its index has come. */
function isUnopened({ cold }: Piece): boolean {
  return cold?.frames.length === 1;
}

/**
 * The pieces of a window that a plan found, after the indexes of blocks that are only in the archive were fetched. What does not come stays as it is: a piece that the window
 * reads as unreachable or damaged. Undefined when there was nothing to fetch.
 */
export async function openedPieces(
  reads: Pick<QueryReads, 'pieces'>,
  key: string,
  { from, to }: Window,
  planned: readonly Piece[],
  session: ColdSession,
  signal: AbortSignal | undefined,
): Promise<Piece[] | undefined> {
  const unopened = planned.filter((piece) => isUnopened(piece) && piece.tMin < to && piece.tMax >= from);
  if (unopened.length === 0) return undefined;
  const indexes = new Map<string, Uint8Array>();
  for (const [digest, fetched] of await session.fetch(unopened.flatMap(wantedOf)))
    if ('bytes' in fetched) indexes.set(digest, fetched.bytes);
  const pieces: Piece[] = [];
  for (let start: number | undefined = from; start !== undefined; ) {
    const page = await reads.pieces(key, start, to, signal, indexes);
    pieces.push(...page.pieces);
    start = page.next;
  }
  return pieces;
}
