import { cutIsDue, cutSteps, isBehind } from './cut.ts';
import { Head } from './head.ts';
import { STEP_WORK } from './rows.ts';
import type { NewSegment } from './segments.ts';
import { SlabPool } from './slab.ts';
import type { CutStep, HeadPart } from './types.ts';

/**
 * The readings in memory, and their way into segments in steps. A head that is being cut takes nothing more: new readings go to a fresh one, whose journal
 * rows all come later. Both are read until the segments are committed; a fault keeps both, and the cut begins again.
 */
export class Cutter {
  /** Oldest first: the head that is being cut, if one is, and the one that takes readings. */
  readonly heads: Head[];
  readonly #pool = new SlabPool();
  readonly #epoch: number;
  readonly #commit: (head: Head, segments: NewSegment[]) => void;
  #steps: ReturnType<typeof cutSteps> | undefined;

  /** `commit` stores the segments and drops the journal rows of the head, in one transaction. */
  constructor(epoch: number, commit: (head: Head, segments: NewSegment[]) => void) {
    this.#epoch = epoch;
    this.#commit = commit;
    this.heads = [new Head(this.#pool)];
  }

  /** The head that takes readings. */
  get current(): Head {
    return this.heads.at(-1) ?? this.#freshHead();
  }

  /** See StoreApi.heads. */
  parts(series: number, from: number, to: number): HeadPart[] {
    return this.heads
      .map((head) => ({ seqLo: head.seqLo, seqHi: head.seqHi, ...head.between(series, from, to) }))
      .filter(({ t }) => t.length > 0);
  }

  #freshHead(): Head {
    const head = new Head(this.#pool);
    this.heads.push(head);
    return head;
  }

  /** See StoreApi.cutStep. The rest of a cut is one step when readings come in faster than they are cut: memory stays bounded. */
  step(nowUs: number, when: 'due' | 'always'): CutStep {
    const [oldest] = this.heads;
    if (oldest === undefined) return NOTHING;
    if (this.heads.length === 1) {
      if (oldest.readings === 0 || (when === 'due' && !cutIsDue(oldest, nowUs))) return NOTHING;
      this.#freshHead();
    }
    const steps = this.#steps ?? cutSteps(oldest, this.#epoch, nowUs);
    this.#steps = undefined;
    const most = isBehind(this.current) ? Number.POSITIVE_INFINITY : STEP_WORK;
    for (let done = 0; done < most; ) {
      const step = steps.next();
      if (step.done === true) {
        this.#commit(oldest, step.value);
        this.heads.shift();
        oldest.release();
        return { readings: oldest.readings, segments: step.value.length, more: false };
      }
      done += step.value;
    }
    this.#steps = steps;
    return { readings: 0, segments: 0, more: true };
  }
}

const NOTHING: CutStep = { readings: 0, segments: 0, more: false };
