import type { BlockState } from '../../shared/states.ts';

/** Which blocks: all that are given must hold. `attention`: damaged in the archive, or set aside. `after` is the id of the last block of the page before. */
export interface BlockFilter {
  states?: BlockState[];
  damaged?: true;
  attention?: true;
  day?: number;
  after?: string;
  limit?: number;
}
