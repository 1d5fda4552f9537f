import { MAX_NAMES_PER_BODY } from '../limits.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Counts the different names (JSON keys, tag names) of one body before a decoder sees them. Sites have a handful, and use them again
 * in every series. A new one makes the engine intern a string and change a shape, so that millions would hold the writer for seconds.
 */
export class NameBudget {
  private readonly hashes = new Set<number>();

  /** Counts the name in bytes [from, to). False once there are too many. Names of equal hash count once, which harms nobody. */
  take(bytes: Uint8Array, from: number, to: number): boolean {
    let hash = FNV_OFFSET;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), FNV_PRIME);
    this.hashes.add(hash);
    return this.hashes.size <= MAX_NAMES_PER_BODY;
  }
}
