import type { Clock } from '../ports/clock.ts';

const WINDOW_MS = 30_000;

/** Bytes per second over the last half minute; undefined until something was sent for long enough to be believed. */
export function createRateMeter(clock: Clock): { add(bytes: number): void; read(): number | undefined } {
  let samples: { ms: number; bytes: number }[] = [];
  return {
    add(bytes) {
      samples = [...samples.filter((s) => s.ms > clock.monotonicMs() - WINDOW_MS), { ms: clock.monotonicMs(), bytes }];
    },
    read() {
      const now = clock.monotonicMs();
      const recent = samples.filter((s) => s.ms > now - WINDOW_MS);
      const first = recent[0];
      if (first === undefined || recent.length < 3 || now - first.ms < 500) return undefined;
      return (recent.slice(1).reduce((n, s) => n + s.bytes, 0) / (now - first.ms)) * 1_000;
    },
  };
}
