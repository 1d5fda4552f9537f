import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { MINUTE_US } from '../shared/units.ts';
import { createIngestor } from './ingest/ingestor.ts';
import { Store } from './store/store.ts';
import { serve } from './store/thread.ts';
import type { WriterApi } from './writer-api.ts';

/** Entry of the writer thread: the store, and what parses into it. `close` is its last call. */
const options = z.object({ path: z.string(), maxSeries: z.number(), nowUs: z.number() }).parse(workerData);
if (parentPort === null) throw new Error('main/writer.ts runs in a worker thread only');
const port = parentPort;
serve(compose(), port);

function compose(): object {
  let store: Store;
  try {
    store = new Store(options);
  } catch (error) {
    // Every call is answered with the reason, so that it reaches the operator with its class.
    return new Proxy({}, { get: () => () => refuse(error) });
  }
  const ingestor = createIngestor(store);
  let cutFromUs = 0;
  /** After the answer has gone. The tiering loop cuts, too, but an upload over a slow link may keep it busy for hours, and memory is bounded only by cuts. */
  const cutWhenDue = (nowUs: number): void => {
    cutWaits = false;
    if (nowUs < cutFromUs) return;
    try {
      // Step by step: calls that wait are answered between.
      if (store.cutStep(nowUs, 'due').more) cutSoon(nowUs);
    } catch {
      // The loop meets the same fault and tells it; here it must not fail each request in turn.
      cutFromUs = nowUs + MINUTE_US;
    }
  };
  let cutWaits = false;
  const cutSoon = (nowUs: number): void => {
    if (!cutWaits) setImmediate(() => cutWhenDue(nowUs));
    cutWaits = true;
  };
  const added: Omit<WriterApi, keyof Store> & { close(): void } = {
    ingest: (requests, receivedUs) => {
      const results = ingestor.ingest(requests, receivedUs);
      cutSoon(receivedUs);
      return results;
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
