import { TidemarkError } from '../../shared/errors.ts';
import type { CoverageSource } from '../../shared/states.ts';
import type { Stretch } from '../../shared/stretch.ts';
import type { Piece } from '../store/types.ts';
import { readPiece } from './coverage.ts';
import type { ColdSession, FetchedFrames } from './fetch.ts';
import type { Wanted } from './fetches.ts';
import type { Fetched } from './ranged-get.ts';
import { goOn, type QueryReads } from './reads.ts';
import type { ReadPiece, WindowRequest, WindowResult } from './types.ts';

/** Times a window is planned again because a piece moved to the archive between two reads: each is a whole tiering pass later. */
const MOST_ROUNDS = 5;

/** The pieces of a plan that reach into a window. */
export function piecesIn(planned: readonly Piece[], { from, to }: Stretch): Piece[] {
  return planned.filter((piece) => piece.tMin < to && piece.tMax >= from);
}

/**
 * Reads one window, after fetching what is cold as `planned`, unless that was `fetched` already. A piece that was evicted since then is missing in that
 * read: it is fetched, and read in the next round.
 */
export async function readWindow(
  reads: Pick<QueryReads, 'readWindow'>,
  { key, from, to, shape }: Omit<WindowRequest, 'frames' | 'without'>,
  planned: readonly Piece[],
  session: ColdSession,
  signal: AbortSignal | undefined,
  fetched?: FetchedFrames,
): Promise<{ result: WindowResult; read: ReadPiece[] }> {
  const sources = new Map<string, CoverageSource>();
  const frames = new Map<string, Uint8Array>();
  const without = new Set<string>();
  const take = (found: FetchedFrames): void => {
    for (const [digest, each] of found) {
      sources.set(digest, each.source);
      keep(digest, each, frames, without);
    }
  };
  goOn(signal);
  take(fetched ?? (await session.fetch(piecesIn(planned, { from, to }).flatMap(wantedOf))));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    goOn(signal);
    const result = await reads.readWindow({ key, from, to, shape, frames, without }, planned, signal);
    if (result.missing.length === 0) {
      const read = result.pieces.flatMap((piece) => readPiece(piece, sourceOf(piece, sources), { from, to }) ?? []);
      return { result, read };
    }
    take(await session.fetch(result.missing.flatMap(wantedOf)));
  }
  throw new TidemarkError('busy', 'the data moved while it was read', {
    retry: 'now',
    blame: 'gateway',
    action: 'ask again',
  });
}

export function wantedOf({ cold }: Piece): Wanted[] {
  return cold === undefined ? [] : cold.frames.map((frame) => ({ blockId: cold.blockId, object: cold.object, frame }));
}

function keep(digest: string, fetched: Fetched, frames: Map<string, Uint8Array>, without: Set<string>): void {
  if ('bytes' in fetched) frames.set(digest, fetched.bytes);
  else without.add(digest);
}

/** A piece is as good as the worse of its frames. */
function sourceOf(piece: Piece, sources: ReadonlyMap<string, CoverageSource>): CoverageSource {
  if (piece.damaged === true) return 'damaged';
  if (piece.cold === undefined) return piece.tier;
  const found = piece.cold.frames.map((frame) => sources.get(frame.digest));
  return (['damaged', 'unreachable', 'cold'] as const).find((source) => found.includes(source)) ?? 'cache';
}
