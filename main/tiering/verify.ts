import { createHash } from 'node:crypto';
import { TidemarkError } from '../../shared/errors.ts';
import { type ObjectHead, ObjectStoreError } from '../ports/object-store.ts';
import type { BlockInfo, PartInfo } from '../store/types.ts';
import type { Pass } from './context.ts';
import { forEachBlock } from './each-block.ts';
import { blameBlock, isLinkFault, whoseTurnItIs } from './faults.ts';
import { partsToMove, partsWithMd5 } from './parts.ts';
import { judge } from './proof.ts';

/** T2: proves each uploaded block from the bucket; only then may its local data go. */
export async function verifyAll(p: Pass): Promise<void> {
  const blocks = p.suspects.last(whoseTurnItIs(p, await p.writer.blocks({ states: ['uploaded'] })));
  await forEachBlock(p, blocks, (block) => verifyBlock(p, block));
}

async function verifyBlock(p: Pass, block: BlockInfo): Promise<void> {
  let head: ObjectHead | undefined;
  try {
    head = await p.archive.head(block.key, { signal: p.signal });
    const parts = await comparedParts(p, block, head);
    const verdict = judge(head, block, parts);
    if (verdict === 'other')
      throw new ObjectStoreError('integrity', 'size or checksum in the archive differ from what was sent');
    const checksum = p.settings.verify === 'checksum' && verdict === 'same';
    if (!checksum) await readBack(p, block, await provenOf(p, block, parts, head.etag), head.etag);
    await p.writer.moveBlock(
      block.id,
      'uploaded',
      'verified',
      { verify: checksum ? 'checksum' : 'readback', etag: head.etag, attempts: 0, lastError: null },
      p.clock.nowUs(),
    );
  } catch (error) {
    if (isLinkFault(error) || !(error instanceof ObjectStoreError)) throw error;
    await blameBlock(p, block, error, head?.etag ?? null);
  }
}

/** The part table, with the progress of a read-back that was broken off; parts proven of another object, which this one replaced, prove nothing. */
async function provenOf(
  p: Pass,
  block: BlockInfo,
  parts: readonly PartInfo[],
  etag: string,
): Promise<readonly PartInfo[]> {
  const known = block.etag === etag ? parts : parts.map((part) => ({ ...part, verified: false }));
  if (block.etag !== etag) {
    await p.writer.clearVerifiedParts(block.id);
    await p.writer.patchBlock(block.id, { etag });
  }
  return partsToMove(p, block, known).catch(unlessDamaged(known));
}

/** The part table; where the server keeps no SHA-256, with the MD5s that its ETag is made of. */
async function comparedParts(p: Pass, block: BlockInfo, head: ObjectHead): Promise<readonly PartInfo[]> {
  const parts = await p.writer.parts(block.id);
  return head.checksumSha256 === undefined ? partsWithMd5(p, block, parts).catch(unlessDamaged(parts)) : parts;
}

/** The local copy went bad after it was sent: what is in the archive may be all there is, and is proven as a whole. */
function unlessDamaged(parts: readonly PartInfo[]): (error: unknown) => readonly PartInfo[] {
  return (error) => {
    if (error instanceof TidemarkError && error.code.startsWith('damaged-')) return parts;
    throw error;
  };
}

/** Reads every part that was not read back yet, hashing as it streams: no piece is large enough to hold up the main thread. */
async function readBack(p: Pass, block: BlockInfo, parts: readonly PartInfo[], etag: string): Promise<void> {
  for (const part of parts) {
    if (part.verified) continue;
    const hash = createHash('sha256');
    const range = { offset: part.offset, length: part.length };
    for await (const piece of await p.archive.get(block.key, range, { ifMatch: etag, signal: p.signal }))
      hash.update(piece);
    if (!hash.digest().equals(part.sha256))
      throw new ObjectStoreError('integrity', `part ${part.partNumber} read back differently from what was sent`);
    await p.writer.setPartVerified(block.id, part.partNumber);
  }
}
