import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StoreOptions } from '../store/store.ts';
import { type Connection, connectWorker } from '../store/thread.ts';
import { MOVES, type WriterApi } from '../writer-api.ts';

/** The real writer thread, without a gateway around it. */
export function startWriter(workerData: StoreOptions): Connection<WriterApi & { close(): void }> {
  return connectWorker(new Worker(join(import.meta.dirname, '..', 'writer.ts'), { workerData }), MOVES);
}
