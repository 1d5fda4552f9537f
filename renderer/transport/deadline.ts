import { gone } from './errors.ts';

/**
 * Runs a call that may hang for ever (a closed MessagePort never answers). Rejects with `gone` after `ms`, or as soon as one of `outer` aborts;
 * the call's own signal aborts with it.
 */
export async function withDeadline<T>(
  ms: number,
  run: (signal: AbortSignal) => Promise<T>,
  ...outer: (AbortSignal | undefined)[]
): Promise<T> {
  const stop = new AbortController();
  let fail: (reason: Error) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const end = (message: string): void => {
    fail(gone(message));
    stop.abort();
  };
  const timer = setTimeout(() => end(`no answer within ${ms / 1_000} s`), ms);
  const cancel = (): void => end('the connection ended');
  const signals = outer.filter((signal) => signal !== undefined);
  for (const signal of signals) {
    signal.addEventListener('abort', cancel);
    if (signal.aborted) cancel();
  }
  try {
    return await Promise.race([ended, stop.signal.aborted ? ended : run(stop.signal)]);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', cancel);
  }
}
