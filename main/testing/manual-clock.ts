import type { Clock } from '../ports/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time; timers that come due fire in order. */
  advance(ms: number): void;
  /** Sets the wall clock, as a person or NTP would: nothing that waits is hurried or held up. */
  jump(ms: number): void;
}

/** A clock moved by the test. */
export function createManualClock(startUs: number): ManualClock {
  let nowUs = startUs;
  let offsetUs = 0;
  const timers = new Set<{ atUs: number; fn: () => void }>();
  const after = (ms: number, fn: () => void): (() => void) => {
    const timer = { atUs: nowUs + ms * 1_000, fn };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  return {
    nowUs: () => nowUs + offsetUs,
    monotonicMs: () => (nowUs - startUs) / 1_000,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const cancel = after(ms, resolve);
        const stop = (): void => {
          cancel();
          resolve();
        };
        if (signal?.aborted === true) stop();
        else signal?.addEventListener('abort', stop);
      }),
    jump(ms) {
      offsetUs += ms * 1_000;
    },
    advance(ms) {
      const until = nowUs + ms * 1_000;
      for (;;) {
        const next = [...timers].filter((t) => t.atUs <= until).sort((a, b) => a.atUs - b.atUs)[0];
        if (next === undefined) break;
        timers.delete(next);
        nowUs = Math.max(nowUs, next.atUs);
        next.fn();
      }
      nowUs = until;
    },
  };
}
