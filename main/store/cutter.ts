import { TidemarkError } from '../../shared/errors.ts';
import { cutIsDue, cutSteps, isBehind, isOverLimits } from './cut.ts';
import { Head } from './head.ts';
import type { HeadDays } from './head-days.ts';
import type { JournalRow } from './journal.ts';
import { STEP_WORK } from './rows.ts';
import type { NewSegment } from './segments.ts';
import { SlabPool } from './slab.ts';
import type { Batch, CutStep, HeadPart } from './types.ts';

/** Stores the segments and drops the journal rows of the head, in one transaction, its last step. Yields work done before it. */
type CommitCut = (head: Head, segments: NewSegment[]) => Generator<number>;

/**
 * The readings in memory, and their way into segments in steps. A head that is being cut takes nothing more: new readings go to a fresh one, whose journal
 * rows all come later. Both are read until the segments are committed; a fault keeps both, and the cut begins again.
 */
export class Cutter {
  /** Oldest first: the head that is being cut, if one is, and the one that takes readings. */
  readonly heads: Head[];
  readonly #pool = new SlabPool();
  readonly #epoch: number;
  readonly #mostBytes: number;
  readonly #commit: CommitCut;
  readonly #days: HeadDays;
  #steps: Generator<number, NewSegment[]> | undefined;

  /** Tells `days` of what is in memory; `mostBytes` as in cutIsDue. */
  constructor(epoch: number, commit: CommitCut, days: HeadDays, mostBytes: number) {
    this.#epoch = epoch;
    this.#commit = commit;
    this.#days = days;
    this.heads = [new Head(this.#pool)];
    this.#mostBytes = mostBytes;
  }

  /** The head that takes readings. */
  get #current(): Head {
    return this.heads.at(-1) ?? this.#freshHead();
  }

  /** Takes in readings that are committed. */
  add(batch: Batch, { seq, receivedUs, bytes }: JournalRow): void {
    const head = this.#current;
    head.add(batch, seq, receivedUs);
    head.journalBytes += bytes;
    this.#days.add(head.days.keys());
  }

  /** When the newest of what is in memory came. */
  get lastReceivedUs(): number | undefined {
    return this.heads.findLast((head) => head.readings > 0)?.lastReceivedUs;
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

  /** Readings come in faster than the head before them is cut: whoever takes them in must wait for steps. */
  get isBehind(): boolean {
    return this.heads.length > 1 && isBehind(this.#current);
  }

  /** Throws 'head-full' when the head before cannot be cut, and another one has come together: nothing more may be taken in. */
  checkRoom(): void {
    if (this.heads.length === 1 || !isOverLimits(this.#current)) return;
    throw new TidemarkError('head-full', 'readings cannot be moved out of memory', {
      retry: 'later',
      blame: 'gateway',
      action: 'see Events and the log for what keeps them there',
    });
  }

  *#all(head: Head, nowUs: number): Generator<number, NewSegment[]> {
    const segments = yield* cutSteps(head, this.#epoch, nowUs);
    yield* this.#commit(head, segments);
    return segments;
  }

  /** See StoreApi.cutStep. */
  step(nowUs: number, when: 'due' | 'always'): CutStep {
    const [oldest] = this.heads;
    if (oldest === undefined) return NOTHING;
    if (this.heads.length === 1) {
      if (oldest.readings === 0 || (when === 'due' && !cutIsDue(oldest, nowUs, this.#mostBytes))) return NOTHING;
      this.#freshHead();
    }
    const steps = this.#steps ?? this.#all(oldest, nowUs);
    this.#steps = undefined;
    for (let done = 0; done < STEP_WORK; ) {
      const step = steps.next();
      if (step.done === true) {
        this.heads.shift();
        oldest.release();
        this.#days.keepOnly(this.heads.flatMap((head) => [...head.days.keys()]));
        return { readings: oldest.readings, segments: step.value.length, more: false };
      }
      done += step.value;
    }
    this.#steps = steps;
    return { readings: 0, segments: 0, more: true };
  }
}

const NOTHING: CutStep = { readings: 0, segments: 0, more: false };
