/** Wall and monotonic time and timers: the only way the core learns or waits for time. */
export interface Clock {
  /** Wall time, integer microseconds since the Unix epoch. May jump when the system clock is set. */
  nowUs(): number;
  /** Milliseconds from an arbitrary start; never jumps. */
  monotonicMs(): number;
  /** Resolves after `ms`, at once (without an error) when the signal aborts. Timers do not keep the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` once after `ms`; the returned function cancels it. */
  after(ms: number, fn: () => void): () => void;
}
