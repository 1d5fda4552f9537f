import PQueue from 'p-queue';
import type { ObjectStoreError } from '../ports/object-store.ts';
import type { BlockInfo } from '../store/types.ts';
import type { Pass } from './context.ts';
import { isLinkFault } from './faults.ts';

/** There at once, or one after the other. */
export type Blocks = Iterable<BlockInfo> | AsyncIterable<BlockInfo>;

/** Runs `work` for each block, a few at a time. The first fault of the link ends the stage; faults of a block's own stay with the block. */
export async function forEachBlock(p: Pass, blocks: Blocks, work: (block: BlockInfo) => Promise<void>): Promise<void> {
  const gate = new PQueue({ concurrency: p.settings.concurrency });
  let linkFault: ObjectStoreError | undefined;
  const failures: unknown[] = [];
  const run = async (block: BlockInfo): Promise<void> => {
    if (linkFault !== undefined) return;
    await work(block).catch((error: unknown) => {
      if (isLinkFault(error)) linkFault ??= error;
      else failures.push(error);
    });
  };
  try {
    for await (const block of blocks) {
      void gate.add(() => run(block));
      await gate.onSizeLessThan(1);
      if (linkFault !== undefined) break;
    }
  } finally {
    await gate.onIdle();
  }
  if (linkFault !== undefined) throw linkFault;
  if (failures.length > 0) throw failures[0];
}
