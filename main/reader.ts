import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { createReaderApi, type ReaderApi } from './query/reads.ts';
import { SnapshotReader } from './store/snapshot.ts';
import type { StoreOptions } from './store/store.ts';
import { serve } from './store/thread.ts';

/**
 * Entry of the reader thread: snapshots of the store, read, merged and folded. It starts beside the writer, and opens the database at its first call, which
 * is to come when the writer has; `close` is its last call.
 */
const { path }: Pick<StoreOptions, 'path'> = workerData;
if (parentPort === null) throw new Error('main/reader.ts runs in a worker thread only');
const port = parentPort;
let store: SnapshotReader | undefined;
const opened = (): SnapshotReader => {
  store ??= new SnapshotReader(path);
  return store;
};
const api: ReaderApi & { close(): void } = {
  ...createReaderApi({ read: (heads, read) => opened().read(heads, read) }),
  close() {
    store?.close();
    // After the answer to this call has gone.
    setImmediate(() => port.close());
  },
};
serve(api, port);
flushCompileCache();
