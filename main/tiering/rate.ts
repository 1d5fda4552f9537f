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

/** What the last request carried, bytes a second: for the size of the next. */
export interface Pace {
  add(bytes: number, ms: number): void;
  /** The link failed: what it carries is unknown again. */
  forget(): void;
  read(): number | undefined;
}

export function createPace(): Pace {
  let bytesPerS: number | undefined;
  return {
    add(bytes, ms) {
      if (ms > 0) bytesPerS = (bytes / ms) * 1_000;
    },
    forget() {
      bytesPerS = undefined;
    },
    read: () => bytesPerS,
  };
}

/** What goes through in so long is worth a request: little is lost when the link drops. */
const REQUEST_S = 10;
const MOST_REQUEST_BYTES = 64 << 20;

/** True when so many bytes are to go as one request over a link that carries so many a second; not where that is not known. */
export function isOneRequest(bytes: number, bytesPerS: number | undefined): boolean {
  return bytes <= Math.min(MOST_REQUEST_BYTES, (bytesPerS ?? 0) * REQUEST_S);
}
