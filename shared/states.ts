/**
 * The life of a block, the unit of tiering. One table, read by the store (guarded transitions), the pipeline and the screen.
 *
 *   planned    frozen: segments, bytes, digests and key are fixed; nothing was sent
 *   uploading  bytes may be in the bucket, whole or in parts
 *   uploaded   the server says it has the object; nothing is proven yet
 *   verified   proof from the bucket is recorded (rule T2); local data still there
 *   cold       local data deleted (rule T1); the bucket is the only full copy
 *   quarantined  set aside after repeated faults of its own; local data kept, waits for a person
 */
export const BLOCK_STATES = ['planned', 'uploading', 'uploaded', 'verified', 'cold', 'quarantined'] as const;
export type BlockState = (typeof BLOCK_STATES)[number];

/** Legal moves. A self-transition is legal for `uploading` (a resumed upload). `planned` after `quarantined` is a retry. */
export const BLOCK_TRANSITIONS: Readonly<Record<BlockState, readonly BlockState[]>> = {
  planned: ['uploading', 'quarantined'],
  uploading: ['uploading', 'uploaded', 'planned', 'quarantined'],
  uploaded: ['verified', 'uploading', 'planned', 'quarantined'],
  verified: ['cold', 'uploading', 'quarantined'],
  cold: [],
  quarantined: ['planned'],
};

export function mayMove(from: BlockState, to: BlockState): boolean {
  return BLOCK_TRANSITIONS[from].includes(to);
}

/** Where an interval of an answer came from, worst last: of two that overlap, the later one in this list is reported. */
export const COVERAGE_SOURCES = ['none', 'head', 'local', 'rollup', 'cache', 'cold', 'unreachable', 'damaged'] as const;
export type CoverageSource = (typeof COVERAGE_SOURCES)[number];
