import PQueue from 'p-queue';
import type { ObjectStoreError } from '../ports/object-store.ts';
import type { BlockInfo } from '../store/types.ts';
import type { Pass } from './context.ts';
import { isLinkFault, setAside } from './faults.ts';

/** There at once, or one after the other. */
export type Blocks = Iterable<BlockInfo> | AsyncIterable<BlockInfo>;

/**
 * Runs `work` for each block, a few at a time. The first fault of the link ends the stage, unless it may be this block alone; faults of a block's own stay with
 * the block.
 */
export async function forEachBlock(p: Pass, blocks: Blocks, work: (block: BlockInfo) => Promise<void>): Promise<void> {
  const gate = new PQueue({ concurrency: p.settings.concurrency });
  let linkFault: ObjectStoreError | undefined;
  const failures: unknown[] = [];
  const run = async (block: BlockInfo): Promise<void> => {
    if (linkFault !== undefined) return;
    try {
      await work(block);
      p.suspects.passed(block);
    } catch (error) {
      if (!isLinkFault(error)) failures.push(error);
      else if (await endsPass(p, block, error)) linkFault ??= error;
    }
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

async function endsPass(p: Pass, block: BlockInfo, error: ObjectStoreError): Promise<boolean> {
  const { verdict, faults } = p.suspects.fault(block, error);
  if (verdict === 'own') await setAside(p, block, error, faults);
  return verdict === 'end';
}
