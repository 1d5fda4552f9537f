import { setImmediate as turn } from 'node:timers/promises';
import { MINUTE_US } from '../shared/units.ts';
import type { Store } from './store/store.ts';

/**
 * The writer thread's own cuts. The tiering loop cuts, too, but an upload over a slow link may keep it busy for hours, and memory is bounded only by cuts.
 * Step by step: calls that wait are answered between.
 */
export interface Cuts {
  /** Cuts when it is due, after the answer to the present call has gone. */
  soon(nowUs: number): void;
  /** Lets other calls have their turn; while readings come in faster than they are cut, until a cut has caught up: memory stays bounded. */
  keepUp(nowUs: number): Promise<void>;
}

export function createCuts(store: Pick<Store, 'cutStep' | 'isBehind'>): Cuts {
  let notBeforeUs = 0;
  let waits = false;

  /** After a fault; a longer wait than that seems to be left once the clock was set back. */
  const rests = (nowUs: number): boolean => nowUs < notBeforeUs && notBeforeUs - nowUs <= MINUTE_US;

  /** False when there is nothing to do now. */
  const step = (nowUs: number): boolean => {
    if (rests(nowUs)) return false;
    try {
      return store.cutStep(nowUs, 'due').more;
    } catch {
      // The loop meets the same fault and tells it; here it must not fail each request in turn.
      notBeforeUs = nowUs + MINUTE_US;
      return false;
    }
  };
  const cuts: Cuts = {
    soon(nowUs) {
      if (waits) return;
      waits = true;
      setImmediate(() => {
        waits = false;
        if (step(nowUs)) cuts.soon(nowUs);
      });
    },
    async keepUp(nowUs) {
      do {
        cuts.soon(nowUs);
        await turn();
      } while (store.isBehind && !rests(nowUs));
    },
  };
  return cuts;
}
