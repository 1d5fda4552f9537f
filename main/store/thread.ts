import type { MessagePort, Worker } from 'node:worker_threads';
import { type Blame, codeOf, messageOf, type RetryClass, TidemarkError } from '../../shared/errors.ts';
import type { Remote } from './remote.ts';

/** The one boundary between the main thread and the storage threads: calls by name, answered in order. */
interface Call {
  id: number;
  method: string;
  args: unknown[];
}
type Answer = { id: number; value: unknown } | { id: number; error: WireError };
interface WireError {
  code: string;
  message: string;
  retry: RetryClass;
  blame: Blame;
  action: string;
  stack: string | undefined;
}

function toWire(error: unknown): WireError {
  const stack = error instanceof Error ? error.stack : undefined;
  if (error instanceof TidemarkError)
    return {
      code: error.code,
      message: error.message,
      retry: error.retry,
      blame: error.blame,
      action: error.action,
      stack,
    };
  const { code, action } = sqliteTrouble(error) ?? { code: 'internal', action: 'see the log of the gateway' };
  return { code, message: messageOf(error), retry: 'later', blame: 'gateway', action, stack };
}

/** What to do about the faults of SQLite that are none of a call's own. */
function sqliteTrouble(error: unknown): { code: string; action: string } | undefined {
  const code = codeOf(error);
  if (code === 'SQLITE_FULL') return { code: 'disk-full', action: 'make room on the disk of the data folder' };
  if (!/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(code)) return undefined;
  return {
    code: 'damaged-database',
    action: 'check the disk; keep a copy of the data folder, then restore an older one or start with an empty folder',
  };
}

function fromWire(w: WireError): TidemarkError {
  const error = new TidemarkError(w.code, w.message, { retry: w.retry, blame: w.blame, action: w.action });
  if (w.stack !== undefined) error.stack = w.stack;
  return error;
}

/** Buffers of large columns move instead of being copied; each at most once. Pooled Buffers share their memory and are copied. */
function transferables(value: unknown, found = new Set<ArrayBuffer>(), depth = 0): Set<ArrayBuffer> {
  if (typeof value !== 'object' || value === null || depth > 4) return found;
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength && !Buffer.isBuffer(value))
      found.add(value.buffer);
  } else if (Array.isArray(value) ? value.length <= 1_000 : true) {
    for (const member of Object.values(value)) transferables(member, found, depth + 1);
  }
  return found;
}

/** In the worker: answers calls of the API's methods. Those that return no promise are synchronous: such calls never interleave. */
export function serve(api: object, port: MessagePort): void {
  const answer = (id: number, value: unknown): void => port.postMessage({ id, value }, [...transferables(value)]);
  const fail = (id: number, error: unknown): void => port.postMessage({ id, error: toWire(error) } satisfies Answer);
  port.on('message', ({ id, method, args }: Call) => {
    try {
      const fn: unknown = Reflect.get(api, method);
      if (typeof fn !== 'function') throw new Error(`there is no method ${method}`);
      const value: unknown = Reflect.apply(fn, api, args);
      if (!(value instanceof Promise)) answer(id, value);
      else
        value.then(
          (later: unknown) => answer(id, later),
          (error: unknown) => fail(id, error),
        );
    } catch (error) {
      fail(id, error);
    }
  });
}

export interface Connection<Api> {
  api: Remote<Api>;
  /** Resolves when the worker has ended, with the reason when it was not asked to. */
  ended: Promise<Error | undefined>;
}

/**
 * On the main side. After the worker's end every call, waiting or new, is rejected with 'writer-gone'. Large columns in the arguments of the methods that
 * `moves` names move to the worker: the caller has nothing of them any more. Those of other calls are copied.
 */
export function connectWorker<Api extends object>(worker: Worker, moves: readonly (keyof Api)[] = []): Connection<Api> {
  const moving = new Set<PropertyKey>(moves);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 1;
  let gone: TidemarkError | undefined;
  let failure: Error | undefined;
  worker.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) call?.reject(fromWire(answer.error));
    else call?.resolve(answer.value);
  });
  worker.on('error', (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
  });
  const ended = new Promise<Error | undefined>((resolve) => {
    worker.on('exit', () => {
      gone = new TidemarkError('writer-gone', 'a storage thread has ended', {
        retry: 'later',
        blame: 'gateway',
        action: 'restart the gateway',
        cause: failure,
      });
      for (const call of waiting.values()) call.reject(gone);
      waiting.clear();
      resolve(failure);
    });
  });
  const call = (method: string, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) {
        reject(gone);
        return;
      }
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, method, args } satisfies Call, moving.has(method) ? [...transferables(args)] : []);
    });
  const api = new Proxy(
    {},
    {
      get: (_, method) =>
        typeof method === 'string' && method !== 'then' ? (...args: unknown[]) => call(method, args) : undefined,
    },
  );
  return { api: api as Remote<Api>, ended };
}
