/**
 * Fetched cold frames on disk, by digest: bounded in bytes, checked on read, safe to delete at any moment. Frames that were asked for again outlive any
 * number of frames that were asked for once. A fault of the cache never fails a query: `get` answers undefined, and what cannot be written is not kept.
 */
export interface FrameCache {
  /** The frame's bytes, whose digest was just checked; undefined when absent or damaged (a damaged entry is removed). */
  get(digest: string): Promise<Uint8Array | undefined>;
  /** True when `get` would most likely answer; using a frame is something else. */
  has(digest: string): boolean;
  /** Keeps a frame whose digest the caller has checked: at once for `get`, on disk a little later. The bytes must not change. */
  put(digest: string, bytes: Uint8Array): void;
  /** From now on at most so many bytes are held, and never more than were allowed from the start; evicts until that is true. */
  limitTo(bytes: number): Promise<void>;
  /** Bytes held now, and the limit. */
  stats(): { bytes: number; frames: number; limitBytes: number };
  /** Resolves when all that was kept until now is on disk. */
  flush(): Promise<void>;
}
