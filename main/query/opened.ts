import type { Stretch } from '../../shared/stretch.ts';
import type { Piece } from '../store/types.ts';
import type { ColdSession, FetchedFrames } from './fetch.ts';
import type { Wanted } from './fetches.ts';
import type { Window } from './planner.ts';
import type { QueryReads } from './reads.ts';
import { piecesIn, wantedOf } from './window.ts';

/** Of such a piece nobody knows what the block has of the series until its index has come. */
function isUnopened({ cold }: Piece): boolean {
  return cold?.frames.length === 1;
}

/** What to fetch first for a window: the indexes of blocks that are only in the archive where there are such, else all of its frames. */
export function firstWanted(planned: readonly Piece[], window: Stretch): Wanted[] {
  const within = piecesIn(planned, window);
  const unopened = within.filter(isUnopened);
  return (unopened.length > 0 ? unopened : within).flatMap(wantedOf);
}

/**
 * The pieces of a window that a plan found, after the indexes of blocks that are only in the archive were fetched. What does not come stays as it is: a piece that the window
 * reads as unreachable or damaged. Undefined when there was nothing to fetch. `fetched`: what was wanted first (`firstWanted`), when it has come already.
 */
export async function openedPieces(
  reads: Pick<QueryReads, 'pieces'>,
  key: string,
  { from, to }: Window,
  planned: readonly Piece[],
  session: ColdSession,
  signal: AbortSignal | undefined,
  fetched?: FetchedFrames,
): Promise<Piece[] | undefined> {
  const unopened = piecesIn(planned, { from, to }).filter(isUnopened);
  if (unopened.length === 0) return undefined;
  const indexes = new Map<string, Uint8Array>();
  for (const [digest, found] of fetched ?? (await session.fetch(unopened.flatMap(wantedOf))))
    if ('bytes' in found) indexes.set(digest, found.bytes);
  const pieces: Piece[] = [];
  for (let start: number | undefined = from; start !== undefined; ) {
    const page = await reads.pieces(key, start, to, signal, indexes);
    pieces.push(...page.pieces);
    start = page.next;
  }
  return pieces;
}
