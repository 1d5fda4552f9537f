import type { Clock } from '../ports/clock.ts';

export interface Loop {
  /** Ends the present wait. */
  nudge(): void;
  /** Ends the loop after the running pass. */
  stop(): Promise<void>;
}

/** Repeats `pass` until stopped; each pass says how many milliseconds to wait for the next. A pass must handle its own errors. */
export function startLoop(clock: Clock, pass: () => Promise<number>): Loop {
  let stopped = false;
  let nudged = false;
  let wake = new AbortController();
  const done = (async () => {
    while (!stopped) {
      nudged = false;
      const waitMs = await pass();
      if (stopped || nudged) continue;
      wake = new AbortController();
      await clock.sleep(waitMs, wake.signal);
    }
  })();
  return {
    nudge() {
      nudged = true;
      wake.abort();
    },
    async stop() {
      stopped = true;
      wake.abort();
      await done;
    },
  };
}
