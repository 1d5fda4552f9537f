import type { FrameRef } from '../codec/types.ts';

/** A frame in the archive. */
export interface ColdFrame {
  blockId: string;
  object: { key: string; etag?: string };
  frame: FrameRef;
}

/** What came of cold frames, by digest; each is in one of both. */
export interface ColdFrames {
  /** Checked against their digests. */
  frames: ReadonlyMap<string, Uint8Array>;
  /** The archive has them, or their object, no more. */
  damaged: ReadonlySet<string>;
}

/** What a step of an amendment did. */
export interface AmendStep {
  more: boolean;
  /** It goes on when these are given to the next step. */
  wanted: ColdFrame[];
  /** Late readings that are due for planning now, and those that are in older blocks already and that are gone. */
  kept: number;
  dropped: number;
}

/** Inside a step: work done, or frames without which it cannot go on. */
export type AmendPause = { work: number } | { wanted: ColdFrame[] };
