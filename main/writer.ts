import { flushCompileCache } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { createIngestor } from './ingest/ingestor.ts';
import type { IngestResult } from './ingest/types.ts';
import { release } from './store/memory.ts';
import { Store, type StoreOptions } from './store/store.ts';
import { serve } from './store/thread.ts';
import type { PlanStep } from './store/types.ts';
import { isCorrupt } from './store/unreadable.ts';
import type { WriterApi } from './writer-api.ts';
import { createCuts } from './writer-cuts.ts';

/** Entry of the writer thread: the store, and what parses into it. `close` is its last call. What it is started with is not checked: a checker takes 10 MB. */
const options: StoreOptions = workerData;
if (parentPort === null) throw new Error('main/writer.ts runs in a worker thread only');
const port = parentPort;
/** Planning goes on so long without a look at whether it is still wanted: some 100 ms. */
const PLAN_STEPS = 10;
/** Of one call: one thing that is mended may show the next. */
const MOST_MENDS = 3;
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
  /** Where the database's own pages are damaged, it is mended, and asked again: what failed was taken back. Steps that failed are over, and begin `anew`. */
  const mending = <T>(call: () => T, anew: () => void = () => undefined): T => {
    for (let mends = 0; ; mends++) {
      try {
        return call();
      } catch (error) {
        if (!isCorrupt(error) || mends === MOST_MENDS || !store.mend()) throw error;
        anew();
      }
    }
  };
  const ingestGroup = async (...[requests, receivedUs]: Parameters<WriterApi['ingest']>): Promise<IngestResult[]> => {
    let steps = ingestor.ingest(requests, receivedUs);
    for (;;) {
      const step = mending(
        () => steps.next(),
        // What was committed of the group replaces itself.
        () => {
          steps = ingestor.ingest(requests, receivedUs);
        },
      );
      if (step.done === true) {
        for (const { body } of requests) release(body);
        return step.value;
      }
      await cuts.keepUp(receivedUs);
    }
  };
  /** Groups are parsed into the same memory: one after the other. */
  let lastGroup: Promise<unknown> = Promise.resolve();
  const added: Omit<WriterApi, keyof Store> & {
    planStep(...args: Parameters<Store['planStep']>): Promise<PlanStep>;
    close(): void;
  } = {
    ingest: (requests, receivedUs) => {
      const group = lastGroup.then(() => ingestGroup(requests, receivedUs));
      lastGroup = group.then(
        () => cuts.soon(receivedUs),
        () => undefined,
      );
      return group;
    },
    /** Whoever asks is busy sending what was planned before: steps follow each other without being asked for, others' calls between them. */
    async planStep(...args) {
      for (let steps = 1; ; steps++) {
        const step = mending(() => store.planStep(...args));
        if (step.block !== undefined || !step.more || steps === PLAN_STEPS) return step;
        await setImmediate();
      }
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
    return typeof member === 'function'
      ? (...args: unknown[]): unknown => mending(() => Reflect.apply(member, store, args))
      : undefined;
  };
  return new Proxy(added, { get: (own, name) => Reflect.get(own, name) ?? bound(name) });
}

function refuse(error: unknown): never {
  endThread();
  throw error;
}

/** After the answer to the present call has gone. */
function endThread(): void {
  void setImmediate().then(() => port.close());
}
