import { mergeRuns } from '../codec/merge.ts';
import type { StoreApi } from '../store/types.ts';
import { downsample } from './downsample.ts';
import { createRollupReader } from './rollups.ts';
import type { ReadApi, WindowRequest, WindowResult } from './types.ts';

/** Reads windows in the thread that holds the store: decode, merge (the later (epoch, seq) wins), then fold or page. */
export function createReader(store: Pick<StoreApi, 'runs' | 'rollups'>): ReadApi {
  return {
    ...createRollupReader(store),
    readWindow({ key, from, to, shape, frames, without }: WindowRequest): WindowResult {
      const { known, pieces, missing, runs } = store.runs(key, from, to, frames, without);
      if (missing.length > 0) return { known, pieces, missing };
      const { t, v } = mergeRuns(runs);
      if (shape.kind === 'buckets') {
        return {
          known,
          pieces,
          missing,
          buckets: downsample(t, v, { from: shape.origin, to: shape.end, points: shape.points }),
        };
      }
      const n = Math.min(t.length, shape.limit);
      const next = t[n];
      return {
        known,
        pieces,
        missing,
        // Times may be kept for the next question; values are nobody else's, and may move to another thread.
        raw: { t: t.slice(0, n), v: isAlone(v, n) ? v : v.slice(0, n), ...(next === undefined ? {} : { next }) },
      };
    },
  };
}

/** Whether the first `n` are all that is in the memory of the column: a part takes all of that along to another thread. */
function isAlone(column: Float64Array, n: number): boolean {
  return n * column.BYTES_PER_ELEMENT === column.buffer.byteLength;
}
