import type { ColdFrame, ColdFrames } from '../store/amend-types.ts';
import type { ColdSource } from './fetch.ts';

/** Cold frames for other uses than a query's: through the same cache and the same few requests. Undefined when one of them could not be asked for. */
export async function fetchColdFrames(
  cold: ColdSource,
  wanted: readonly ColdFrame[],
  signal: AbortSignal,
): Promise<ColdFrames | undefined> {
  const session = cold.session({ signal });
  const fetched = await session.fetch(wanted).finally(() => session.end());
  const frames = new Map<string, Uint8Array>();
  const damaged = new Set<string>();
  for (const [digest, found] of fetched) {
    if ('bytes' in found) frames.set(digest, found.bytes);
    else if (found.source === 'damaged') damaged.add(digest);
    else return undefined;
  }
  return { frames, damaged };
}
