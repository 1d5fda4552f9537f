import type { ObjectStoreError } from '../ports/object-store.ts';
import type { BlockInfo } from '../store/types.ts';

/** Faults in a row after which it is the block, if others came through meanwhile. */
const ENOUGH = 3;
/** So many suspects may fail in a row while a pass goes on to others. */
const MOST_PUT_OFF = 3;

/** The server answered, in its own words: it may be this one object. */
export function isOfServer({ fault }: ObjectStoreError): boolean {
  return fault === 'server' || fault === 'throttled';
}

interface Suspect {
  faults: number;
  /** It is alone with it: others have come through, in the pass in which it failed first or later. */
  alone: boolean;
  told: boolean;
}

/**
 * Blocks at which the server answered with a fault of its own (5xx, 429). It may be the server, or only this one object (a bad drive under it, a proxy that
 * refuses it): what tells is whether others come through. So a suspect is tried last, and its next fault does not end the pass; after some more it is set
 * aside for a while. Where nothing else comes through either, it is the server, and all wait. Kept from pass to pass of one start.
 */
export class Suspects {
  readonly #suspects = new Map<string, Suspect>();
  /** Blocks that came through in this pass. */
  readonly #passed = new Set<string>();
  #inRow = 0;
  #putOff: ObjectStoreError | undefined;

  begin(): void {
    this.#passed.clear();
    this.#inRow = 0;
    this.#putOff = undefined;
  }

  /** The fault that the pass went on from, if any: it is to end with it. */
  get putOff(): ObjectStoreError | undefined {
    return this.#putOff;
  }

  /** Suspects last; else in their order. */
  last(blocks: readonly BlockInfo[]): BlockInfo[] {
    const isSuspect = ({ id }: BlockInfo): boolean => this.#suspects.has(id);
    return [...blocks.filter((block) => !isSuspect(block)), ...blocks.filter(isSuspect)];
  }

  passed({ id }: BlockInfo): void {
    this.#suspects.delete(id);
    this.#passed.add(id);
    for (const suspect of this.#suspects.values()) suspect.alone = true;
    this.#inRow = 0;
  }

  /** False the first time that it is asked of a suspect. */
  wasTold({ id }: BlockInfo): boolean {
    const suspect = this.#suspects.get(id);
    const before = suspect?.told ?? true;
    if (suspect !== undefined) suspect.told = true;
    return before;
  }

  /** A fault of the link at a block: whether it ends the pass, can wait for its end, or is the block's own by now, and how often it failed. */
  fault({ id }: BlockInfo, error: ObjectStoreError): { verdict: 'end' | 'later' | 'own'; faults: number } {
    if (!isOfServer(error)) return { verdict: 'end', faults: 0 };
    const suspect = this.#suspects.get(id) ?? {
      faults: 0,
      alone: [...this.#passed].some((other) => other !== id),
      told: false,
    };
    this.#suspects.set(id, suspect);
    const { faults } = suspect;
    suspect.faults++;
    if (suspect.faults >= ENOUGH && suspect.alone) return { verdict: 'own', faults: suspect.faults };
    if (faults === 0 || ++this.#inRow > MOST_PUT_OFF) return { verdict: 'end', faults: suspect.faults };
    this.#putOff ??= error;
    return { verdict: 'later', faults: suspect.faults };
  }
}
