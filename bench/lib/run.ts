import { setTimeout as sleep } from 'node:timers/promises';
import { type Measure, met } from './measure.ts';

/** Figures of a group, or why there are none. */
export interface Outcome {
  name: string;
  seconds: number;
  measures: Measure[];
  /** Why it could not run to its end. */
  error?: unknown;
}

export type Group = () => Promise<Measure[]> | Measure[];

/**
 * Runs groups one after the other. One that throws, that fails where nothing waits for it, or that does not end within the limit is given up and told;
 * the others run all the same.
 */
export async function* runGroups(groups: ReadonlyMap<string, Group>, limitMs?: number): AsyncGenerator<Outcome> {
  for (const [name, group] of groups) {
    const start = performance.now();
    const ended = new AbortController();
    const stray = strayError(ended.signal);
    try {
      const measures = await Promise.race([
        (async () => group())(),
        stray,
        ...(limitMs === undefined ? [] : [limit(limitMs, ended.signal)]),
      ]);
      yield { name, seconds: (performance.now() - start) / 1_000, measures };
    } catch (error) {
      yield { name, seconds: (performance.now() - start) / 1_000, measures: [], error };
    } finally {
      ended.abort();
    }
  }
}

async function limit(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal }).catch(() => new Promise<never>(() => undefined));
  throw new Error(`it did not end within ${ms / 1_000} s`);
}

/** Rejects with what would else end the process. */
function strayError(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    process.on('unhandledRejection', reject).on('uncaughtException', reject);
    signal.addEventListener('abort', () => {
      process.off('unhandledRejection', reject).off('uncaughtException', reject);
    });
  });
}

/** 0: every bar was met; 1: one was missed; 2: a group could not run. */
export function exitCode(outcomes: readonly Outcome[]): 0 | 1 | 2 {
  if (outcomes.some(({ error }) => error !== undefined)) return 2;
  return outcomes.some(({ measures }) => measures.some(missed)) ? 1 : 0;
}

export const missed = (m: Measure): boolean => m.bar !== undefined && !met(m, m.bar);
