import { mergeRuns, type Run } from '../codec/merge.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Store } from '../store/store.ts';

/** Every reading of a series and range, over all tiers, cold ones from the archive itself: indexes that are gone first, then what these name. */
export async function readAll(store: Store, archive: ObjectStore, key: string, from: number, to: number): Promise<Run> {
  const frames = new Map<string, Uint8Array>();
  for (let round = 0; ; round++) {
    const { missing, runs } = store.runs(key, from, to, frames, new Set());
    if (missing.length === 0) return mergeRuns(runs);
    if (round === 2) throw new Error(`${missing.length} pieces of ${key} are missing still`);
    for (const { cold } of missing) {
      for (const ref of cold?.frames ?? []) {
        const pieces: Uint8Array[] = [];
        for await (const piece of await archive.get(store.block(cold?.blockId ?? '')?.key ?? '', ref))
          pieces.push(piece);
        frames.set(ref.digest, Buffer.concat(pieces));
      }
    }
  }
}
