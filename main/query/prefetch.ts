import type { FrameCache } from '../ports/frame-cache.ts';
import type { ColdSource } from './fetch.ts';
import type { Wanted } from './fetches.ts';
import type { Range } from './ranges.ts';
import type { QueryReads } from './reads.ts';
import type { CoverageSpan } from './types.ts';
import { wantedOf } from './window.ts';

export interface PrefetchOptions {
  reads: QueryReads;
  cold: ColdSource;
  cache: Pick<FrameCache, 'has'>;
  /** False while the link must be spared: away, metered, paused. */
  allowed(): boolean;
}

/** Bytes fetched for one screen between two questions, and for one side of one series. */
const MOST_BYTES = 8_000_000;
const MOST_SIDE_BYTES = 2_000_000;

/**
 * Fetches into the cache what a screen will ask for when it pans: what lies beside an answer that needed the archive, as wide as the answer, on either
 * side. One side of one series at a time, and only while nobody else fetches: the next question that needs the archive ends it. What fails is not wanted
 * by anybody yet, and is fetched when it is.
 */
export function createPrefetch(o: PrefetchOptions): { after(range: Range, coverage: readonly CoverageSpan[]): void } {
  /** The newest answer of each series. */
  const answers = new Map<string, Range>();
  let running = false;

  async function run(): Promise<void> {
    const session = o.cold.background();
    if (session === undefined) return;
    let left = MOST_BYTES;
    try {
      for (const [key, { from, to }] of answers) {
        answers.delete(key);
        for (const side of [
          { key, from: from - (to - from), to: from },
          { key, from: to, to: to + (to - from) },
        ]) {
          const wanted = await missing(side, session.signal);
          const bytes = wanted.reduce((sum, { frame }) => sum + frame.length, 0);
          if (session.signal.aborted || !o.allowed() || bytes > left) return;
          if (bytes === 0 || bytes > MOST_SIDE_BYTES) continue;
          left -= bytes;
          await session.fetch(wanted);
        }
      }
    } finally {
      session.end();
    }
  }

  /** Cold frames of the range that are not in the cache. A range with so many pieces that they come in pages is beyond what is fetched here. */
  async function missing({ key, from, to }: Range, signal: AbortSignal): Promise<Wanted[]> {
    const { pieces } = await o.reads.pieces(key, from, to, signal);
    return pieces.flatMap(wantedOf).filter(({ frame }) => !o.cache.has(frame.digest));
  }

  return {
    after({ key, from, to }, coverage) {
      const sources = coverage.map(({ source }) => source);
      // Beside what rollups answered, rollups answer: only the edges of such a range took frames.
      const needed = (sources.includes('cold') || sources.includes('cache')) && !sources.includes('rollup');
      if (!needed || !o.allowed()) return;
      answers.set(key, { key, from, to });
      if (running) return;
      running = true;
      void run()
        .catch(() => undefined)
        .finally(() => {
          running = false;
          answers.clear();
        });
    },
  };
}
