import { gone } from './errors.ts';

/** Items of `source` until it ends; throws `gone` as soon as `stop` aborts, even when the source never answers again. */
export async function* readStream<T>(source: AsyncIterable<T>, stop: AbortSignal): AsyncGenerator<T> {
  const stopped = new Promise<never>((_, reject) => {
    const end = (): void => reject(gone('the stream ended'));
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
  });
  // Handled even when nobody waits for it just now.
  stopped.catch(() => {});
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), stopped]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Tells the gateway to stop; a broken connection cannot be told, and that is fine.
    void iterator.return?.().catch(() => {});
  }
}
