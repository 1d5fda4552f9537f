import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { createReaderApi, type ReaderApi } from './query/reads.ts';
import { SnapshotReader } from './store/snapshot.ts';
import { serve } from './store/thread.ts';

/** Entry of the reader thread: snapshots of the store, read, merged and folded. It starts after the writer has opened the database; `close` is its last call. */
const { path } = z.object({ path: z.string() }).parse(workerData);
if (parentPort === null) throw new Error('main/reader.ts runs in a worker thread only');
const port = parentPort;
const store = new SnapshotReader(path);
const api: ReaderApi & { close(): void } = {
  ...createReaderApi(store),
  close() {
    store.close();
    // After the answer to this call has gone.
    setImmediate(() => port.close());
  },
};
serve(api, port);
flushCompileCache();
