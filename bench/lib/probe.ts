import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** Loaded into the gateway before its own code (`--import`): watches the delay of its main thread, and ends it when the bench is gone. */
export type ProbeCall = 'reset' | 'read';
export interface ProbeAnswer {
  /** Milliseconds beyond the timer's own interval. */
  p50: number;
  p99: number;
  max: number;
  samples: number;
  /** Share of the time the main thread was busy. */
  busy: number;
}

/** A sample each so many milliseconds; a longer turn delays its one sample by its whole length. */
const EVERY_MS = 1;

if (isMainThread && process.channel !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS });
  let since = performance.eventLoopUtilization();
  delay.enable();
  const beyond = (ns: number): number => Math.max(0, ns / 1e6 - EVERY_MS);
  process.on('message', (call: ProbeCall) => {
    if (call === 'reset') {
      delay.reset();
      since = performance.eventLoopUtilization();
    }
    const answer: ProbeAnswer = {
      p50: beyond(delay.percentile(50)),
      p99: beyond(delay.percentile(99)),
      max: beyond(delay.max),
      samples: delay.count,
      busy: performance.eventLoopUtilization(since).utilization,
    };
    process.send?.(answer);
  });
  process.on('disconnect', () => process.exit(1));
  process.channel.unref();
}
