import PQueue from 'p-queue';
import { ObjectStoreError } from '../ports/object-store.ts';
import type { BlockInfo } from '../store/types.ts';
import type { Pass } from './context.ts';
import { isLinkFault, setAside } from './faults.ts';

/** There at once, or one after the other. */
export type Blocks = Iterable<BlockInfo> | AsyncIterable<BlockInfo>;

/** What is done for a block. By `gone` it says that it only waits for an answer any more: the next may begin. */
type Work = (block: BlockInfo, gone: () => void) => Promise<void>;

/**
 * Runs `work` for each block, a few at a time; as many more may wait for answers. The first fault of the link ends the stage, unless it may be this block alone; faults of a block's own stay with
 * the block.
 */
export async function forEachBlock(p: Pass, blocks: Blocks, work: Work): Promise<void> {
  const { concurrency } = p.settings;
  const gate = new PQueue({ concurrency });
  const underWay = new Set<Promise<void>>();
  let linkFault: ObjectStoreError | undefined;
  const failures: unknown[] = [];
  const run = async (block: BlockInfo, gone: () => void): Promise<void> => {
    // A body that has gone may still fail by the stop that ends this stage.
    if (p.signal.aborted) linkFault ??= new ObjectStoreError('aborted', 'stopped');
    if (linkFault !== undefined) return;
    try {
      await work(block, gone);
      p.suspects.passed(block);
    } catch (error) {
      if (!isLinkFault(error)) failures.push(error);
      else if (await endsPass(p, block, error)) linkFault ??= error;
    }
  };
  const begin = (block: BlockInfo): Promise<void> => {
    const { promise, resolve: gone } = Promise.withResolvers<void>();
    const all = run(block, gone)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        underWay.delete(all);
        gone();
      });
    underWay.add(all);
    return promise;
  };
  try {
    for await (const block of blocks) {
      void gate.add(() => begin(block));
      await gate.onSizeLessThan(1);
      if (underWay.size >= 2 * concurrency) await Promise.race(underWay);
      if (linkFault !== undefined) break;
    }
  } finally {
    await gate.onIdle();
    await Promise.all(underWay);
  }
  if (linkFault !== undefined) throw linkFault;
  if (failures.length > 0) throw failures[0];
}

async function endsPass(p: Pass, block: BlockInfo, error: ObjectStoreError): Promise<boolean> {
  const { verdict, faults } = p.suspects.fault(block, error);
  if (verdict === 'own') await setAside(p, block, error, faults);
  return verdict === 'end';
}
