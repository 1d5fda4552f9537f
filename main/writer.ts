import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { createIngestor } from './ingest/ingestor.ts';
import { createReader } from './query/reader.ts';
import { Store } from './store/store.ts';
import { serve } from './store/thread.ts';
import type { WriterApi } from './writer-api.ts';

/** Entry of the writer thread: the store, and what parses into it and reads out of it. `close` is its last call. */
const options = z.object({ path: z.string(), maxSeries: z.number(), nowUs: z.number() }).parse(workerData);
const store = new Store(options);
const ingestor = createIngestor(store);
const reader = createReader(store);

if (parentPort === null) throw new Error('main/writer.ts runs in a worker thread only');
const port = parentPort;

const added: Omit<WriterApi, keyof Store> = {
  ingest: (requests, receivedUs) => ingestor.ingest(requests, receivedUs),
  readWindow: (request) => reader.readWindow(request),
};
const closing = {
  close(): void {
    store.close();
    port.close();
  },
};
/** The store's methods live on its prototype: bound here, so that one plain object answers all calls. */
serve(
  new Proxy(added, { get: (own, name) => Reflect.get(closing, name) ?? Reflect.get(own, name) ?? bound(name) }),
  port,
);

function bound(name: string | symbol): unknown {
  const member: unknown = Reflect.get(store, name);
  return typeof member === 'function' ? member.bind(store) : undefined;
}
