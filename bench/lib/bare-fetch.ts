import { buffer } from 'node:stream/consumers';
import { parentPort, workerData } from 'node:worker_threads';
import { createMinioStore } from '../../main/adapters/minio-store.ts';
import type { S3Options } from '../../main/adapters/s3-transport.ts';
import { decodeChunk } from '../../main/codec/segment.ts';
import type { Fetch } from '../../main/query/fetches.ts';
import { serve } from '../../main/store/thread.ts';
import type { Piece } from '../../main/store/types.ts';

/** Where the readings of one series and day lie in the bucket. */
export interface SeriesDay {
  key: string;
  from: number;
  to: number;
  cold: NonNullable<Piece['cold']>;
  fetches: Fetch[];
  bytes: number;
}

/** A fetch without a gateway, in a thread of its own: what it leaves to be cleared away is charged to nobody else. */
export interface BareFetchApi {
  /** Ranged GETs of the frames, and their decoding. `ms` is what these took, without the way to this thread and back. */
  fetch(day: SeriesDay): Promise<{ ms: number; readings: number }>;
  close(): Promise<void>;
}

if (parentPort === null) throw new Error('bench/lib/bare-fetch.ts runs in a worker thread only');
const port = parentPort;
const options: S3Options = workerData;
const store = createMinioStore(options);
const api: BareFetchApi = {
  async fetch(day) {
    const start = performance.now();
    const { t, v } = await readings(day);
    return { ms: performance.now() - start, readings: Math.min(t.length, v.length) };
  },
  async close() {
    await store.close();
    // After the answer to this call has gone.
    setImmediate(() => port.close());
  },
};
serve(api, port);

async function readings({ cold, fetches }: SeriesDay): Promise<ReturnType<typeof decodeChunk>> {
  const { key, etag } = cold.object;
  const call = etag === undefined ? {} : { ifMatch: etag };
  const got = await Promise.all(fetches.map(async (range) => buffer(await store.get(key, range, call))));
  const frame = ({ offset, length }: { offset: number; length: number }): Uint8Array => {
    const i = fetches.findIndex((f) => f.offset <= offset && offset + length <= f.offset + f.length);
    const start = offset - (fetches[i]?.offset ?? 0);
    return got[i]?.subarray(start, start + length) ?? new Uint8Array(0);
  };
  const [time, value] = cold.frames;
  if (value === undefined) throw new Error('the index of the block is not on this gateway');
  return decodeChunk(frame(time), frame(value));
}
