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
        raw: { t: first(t, n), v: first(v, n), ...(next === undefined ? {} : { next }) },
      };
    },
  };
}

/**
 * The first `n`, on their way to another thread: as they are where nothing else is in their memory, which moves, or where it is shared (TimeColumns); else a copy,
 * or all of that memory would go along.
 */
function first(column: Float64Array, n: number): Float64Array {
  if (column.buffer instanceof SharedArrayBuffer) return column.subarray(0, n);
  return n * column.BYTES_PER_ELEMENT === column.buffer.byteLength ? column : column.slice(0, n);
}
