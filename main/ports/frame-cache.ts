/**
 * Fetched cold frames on disk, by digest: bounded, least recently used goes first, checked on read, safe to delete at any moment.
 * A fault of the cache never fails a query: `get` answers undefined and `put` resolves.
 */
export interface FrameCache {
  /** The frame's bytes, whose digest was just checked; undefined when absent or damaged (a damaged entry is removed). */
  get(digest: string): Promise<Uint8Array | undefined>;
  /** Keeps the frame if its digest is right, and evicts the least recently used until the limit holds. */
  put(digest: string, bytes: Uint8Array): Promise<void>;
  /** Bytes held now, and the limit. */
  stats(): { bytes: number; frames: number; limitBytes: number };
}
