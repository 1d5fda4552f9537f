import { dayName } from '../../shared/units.ts';
import { type ObjectHead, ObjectStoreError } from '../ports/object-store.ts';
import type { BlockInfo } from '../store/types.ts';
import { type Pass, tell } from './context.ts';
import { forEachBlock } from './each-block.ts';
import { isLinkFault } from './faults.ts';
import { judge } from './proof.ts';

/**
 * Looks again at objects that were found damaged: one that was put back whole stops asking for attention. The checksum that the server itself computes
 * decides, so that no more than a HEAD is spent; a wrong frame is never served whatever this says (T7).
 */
export async function recheckDamaged(p: Pass): Promise<void> {
  await forEachBlock(p, await p.writer.blocks({ damaged: true }), (block) => recheck(p, block));
}

async function recheck(p: Pass, block: BlockInfo): Promise<void> {
  let head: ObjectHead;
  try {
    head = await p.archive.head(block.key, { signal: p.signal });
  } catch (error) {
    if (isLinkFault(error) || !(error instanceof ObjectStoreError)) throw error;
    const lastError = { code: error.fault, message: error.message, atUs: p.clock.nowUs() };
    if (block.lastError?.code !== error.fault) await p.writer.patchBlock(block.id, { lastError });
    return;
  }
  if (judge(head, block, await p.writer.parts(block.id)) !== 'same') return;
  await p.writer.patchBlock(block.id, { etag: head.etag, lastError: null });
  await p.writer.markDamaged(block.id, false);
  const text = `The object of ${dayName(block.day)} that was damaged in the archive is whole again.`;
  await tell(p, 'info', 'TM-ARCHIVE-WHOLE', text, { block: block.id });
}
