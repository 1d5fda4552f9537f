import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { createIngestor } from './ingest/ingestor.ts';
import type { IngestResult } from './ingest/types.ts';
import { Store, type StoreOptions } from './store/store.ts';
import { serve } from './store/thread.ts';
import type { WriterApi } from './writer-api.ts';
import { createCuts } from './writer-cuts.ts';

/** Entry of the writer thread: the store, and what parses into it. `close` is its last call. What it is started with is not checked: a checker takes 10 MB. */
const options: StoreOptions = workerData;
if (parentPort === null) throw new Error('main/writer.ts runs in a worker thread only');
const port = parentPort;
serve(compose(), port);
// Each thread keeps its own; at its end it is too late, as a gateway mostly ends by a power cut.
flushCompileCache();

function compose(): object {
  let store: Store;
  try {
    store = new Store(options);
  } catch (error) {
    // Every call is answered with the reason, so that it reaches the operator with its class.
    return new Proxy({}, { get: () => () => refuse(error) });
  }
  const ingestor = createIngestor(store);
  const cuts = createCuts(store);
  const ingestGroup = async (...[requests, receivedUs]: Parameters<WriterApi['ingest']>): Promise<IngestResult[]> => {
    const steps = ingestor.ingest(requests, receivedUs);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await cuts.keepUp(receivedUs);
    }
  };
  /** Groups are parsed into the same memory: one after the other. */
  let lastGroup: Promise<unknown> = Promise.resolve();
  const added: Omit<WriterApi, keyof Store> & { close(): void } = {
    ingest: (requests, receivedUs) => {
      const group = lastGroup.then(() => ingestGroup(requests, receivedUs));
      lastGroup = group.then(
        () => cuts.soon(receivedUs),
        () => undefined,
      );
      return group;
    },
    close() {
      try {
        store.close();
      } finally {
        endThread();
      }
    },
  };
  /** The store's methods live on its prototype: bound here, so that one object answers all calls. */
  const bound = (name: string | symbol): unknown => {
    const member: unknown = Reflect.get(store, name);
    return typeof member === 'function' ? member.bind(store) : undefined;
  };
  return new Proxy(added, { get: (own, name) => Reflect.get(own, name) ?? bound(name) });
}

function refuse(error: unknown): never {
  endThread();
  throw error;
}

/** After the answer to the present call has gone. */
function endThread(): void {
  setImmediate(() => port.close());
}
