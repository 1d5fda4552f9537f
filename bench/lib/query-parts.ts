import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createDiskFrameCache } from '../../main/adapters/disk-frame-cache.ts';
import { systemClock } from '../../main/adapters/system-clock.ts';
import { digest128 } from '../../main/codec/frame.ts';
import type { ObjectStore } from '../../main/ports/object-store.ts';
import { createColdSource } from '../../main/query/fetch.ts';
import { createReads, type ReaderApi } from '../../main/query/reads.ts';
import { QueryService } from '../../main/query/service.ts';
import { HeadDays } from '../../main/store/head-days.ts';
import { type Connection, connectWorker } from '../../main/store/thread.ts';
import type { WriterApi } from '../../main/writer-api.ts';
import { MB } from '../../shared/units.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'main');

/**
 * History in this process: the gateway's own parts for it and their threads, on the data folder of a gateway that does not run, with an empty cache. `settle`
 * ends what goes on behind an answer.
 */
export async function openQuery(
  data: string,
  archive: ObjectStore,
  cacheFolder: string,
): Promise<{ query: QueryService; settle(): Promise<void>; close(): Promise<void> }> {
  const headDays = new HeadDays();
  const threads: Connection<{ close(): void }>[] = [];
  const start = <Api extends object>(name: string): Connection<Api & { close(): void }>['api'] => {
    const workerData = {
      path: join(data, 'tidemark.db'),
      maxSeries: 1_000,
      nowUs: systemClock.nowUs(),
      headDays: headDays.memory,
    };
    const thread = connectWorker<Api & { close(): void }>(new Worker(join(MAIN, `${name}.ts`), { workerData }));
    threads.push(thread as Connection<{ close(): void }>);
    return thread.api;
  };
  const writer = start<WriterApi>('writer');
  await writer.startReport();
  const reader = start<ReaderApi>('reader');
  const cache = await createDiskFrameCache({ folder: cacheFolder, limitBytes: 512 * MB, digest: digest128 });
  const cold = createColdSource({
    writer,
    archive,
    cache,
    clock: systemClock,
    linkAway: () => false,
    onFault: (error) => {
      throw error;
    },
  });
  return {
    query: new QueryService(createReads(writer, reader, headDays), cold),
    settle: () => cache.flush(),
    async close() {
      await cache.flush();
      for (const { api, ended } of threads.reverse()) {
        await api.close();
        await ended;
      }
    },
  };
}
