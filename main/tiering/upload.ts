import { type ObjectHead, ObjectStoreError } from '../ports/object-store.ts';
import type { BlockInfo, PartInfo } from '../store/types.ts';
import type { Pass } from './context.ts';
import { forEachBlock } from './each-block.ts';
import { attemptInUs, blameBlock, isLinkFault } from './faults.ts';
import { judge } from './proof.ts';

/** The progress that people see is a commit each time; what the server has, it is asked itself. */
const KEEP_PROGRESS_MS = 1_000;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

type Condition = { ifNoneMatch: true } | { ifMatch: string };

/** Replaces the wrong object that an earlier attempt found under our key, else wants the key to be free. */
function conditionOf(block: BlockInfo): Condition {
  return block.etag === undefined ? { ifNoneMatch: true } : { ifMatch: block.etag };
}

/** Blocks that are planned or on their way and whose turn has come, oldest day first. */
export async function waitingBlocks(p: Pass): Promise<BlockInfo[]> {
  const nowUs = p.clock.nowUs();
  const blocks = await p.writer.blocks({ states: ['planned', 'uploading'] });
  return blocks
    .filter((b) => p.manual || attemptInUs(b, nowUs) === 0)
    .sort((a, b) => a.day - b.day || (a.id < b.id ? -1 : 1));
}

/** Uploads blocks, each once. Idempotent: a crash anywhere is resumed from the rows. */
export function uploadBlocks(p: Pass, blocks: readonly BlockInfo[]): Promise<void> {
  return forEachBlock(p, blocks, (block) => uploadBlock(p, block));
}

async function uploadBlock(p: Pass, planned: BlockInfo): Promise<void> {
  if (
    planned.state === 'planned' &&
    !(await p.writer.moveBlock(planned.id, 'planned', 'uploading', {}, p.clock.nowUs()))
  )
    return;
  const block: BlockInfo = { ...planned, state: 'uploading' };
  const resumed = planned.uploadId !== undefined;
  const parts = await p.writer.parts(block.id);
  try {
    if (parts.length === 1) await putWhole(p, block, parts);
    else await putParts(p, block, parts);
  } catch (error) {
    if (isLinkFault(error) && error.fault !== 'offline') throw error;
    // T4: the end is ambiguous (no answer, 412, an upload the server no longer knows): the object itself tells.
    await settle(p, block, parts, error, resumed);
  }
}

async function putWhole(p: Pass, block: BlockInfo, parts: readonly PartInfo[]): Promise<void> {
  const [part] = parts;
  if (part === undefined) return;
  const body = await p.writer.blockBytes(block.id, 0, part.length);
  await p.archive.put(block.key, body, part, conditionOf(block), { signal: p.signal });
  await p.writer.setPartsStored(block.id, [{ partNumber: 1, etag: hex(part.md5) }]);
  p.sent(part.length);
  await finish(p, block);
}

async function putParts(p: Pass, block: BlockInfo, parts: readonly PartInfo[]): Promise<void> {
  const { uploadId, stored } = await openUpload(p, block, parts);
  const left = parts.filter((part) => !stored.has(part.partNumber));
  /** Made while the part before it is sent; a failure is that of whoever awaits it, if anybody still does. */
  const read = (part: PartInfo | undefined): Promise<Uint8Array> | undefined => {
    const body = part && p.writer.blockBytes(block.id, part.offset, part.length);
    body?.catch(() => undefined);
    return body;
  };
  const sent: { partNumber: number; etag: string }[] = [];
  let keptMs = p.clock.monotonicMs();
  const keep = async (): Promise<void> => {
    await p.writer.setPartsStored(block.id, sent.splice(0));
    keptMs = p.clock.monotonicMs();
  };
  try {
    let ahead = read(left[0]);
    for (const [i, part] of left.entries()) {
      const body = await ahead;
      if (body === undefined) break;
      ahead = read(left[i + 1]);
      const { etag } = await p.archive.putPart(block.key, uploadId, part.partNumber, body, part, { signal: p.signal });
      sent.push({ partNumber: part.partNumber, etag });
      p.sent(part.length);
      if (p.clock.monotonicMs() - keptMs >= KEEP_PROGRESS_MS) await keep();
    }
  } finally {
    if (sent.length > 0) await keep();
  }
  const list = parts.map((part) => ({
    partNumber: part.partNumber,
    etag: hex(part.md5),
    sha256: part.sha256,
  }));
  await p.archive.completeUpload(block.key, uploadId, list, conditionOf(block), { signal: p.signal });
  await finish(p, block);
}

/** The upload in progress with the parts the server itself lists with our MD5, or a new one. */
async function openUpload(
  p: Pass,
  block: BlockInfo,
  parts: readonly PartInfo[],
): Promise<{ uploadId: string; stored: Set<number> }> {
  if (block.uploadId !== undefined) {
    const listed = await p.archive.listParts(block.key, block.uploadId, { signal: p.signal });
    const right = listed.filter((s) =>
      parts.some((part) => part.partNumber === s.partNumber && hex(part.md5) === s.etag),
    );
    await p.writer.clearStoredParts(block.id);
    await p.writer.setPartsStored(block.id, right);
    return { uploadId: block.uploadId, stored: new Set(right.map((part) => part.partNumber)) };
  }
  const { uploadId } = await p.archive.createUpload(block.key, { signal: p.signal });
  if (block.partsStored > 0) await p.writer.clearStoredParts(block.id);
  await p.writer.patchBlock(block.id, { uploadId });
  block.uploadId = uploadId;
  return { uploadId, stored: new Set() };
}

async function finish(p: Pass, block: BlockInfo): Promise<void> {
  await p.writer.moveBlock(block.id, 'uploading', 'uploaded', { uploadId: null, nextAttemptUs: 0 }, p.clock.nowUs());
}

async function settle(
  p: Pass,
  block: BlockInfo,
  parts: readonly PartInfo[],
  error: unknown,
  resumed: boolean,
): Promise<void> {
  let head: ObjectHead | undefined;
  try {
    head = await p.archive.head(block.key, { signal: p.signal });
  } catch (headError) {
    if (!(headError instanceof ObjectStoreError && headError.fault === 'not-found')) throw headError;
  }
  if (head !== undefined && judge(head, block, parts) !== 'other' && head.etag !== block.etag) {
    await endUpload(p, block);
    return finish(p, block);
  }
  if (isLinkFault(error)) throw error;
  const forgotten = resumed && error instanceof ObjectStoreError && error.fault === 'no-upload';
  if (forgotten && head === undefined) {
    // The server dropped our parts (stale uploads go after a day): nobody's fault, begin again.
    await p.writer.clearStoredParts(block.id);
    await p.writer.patchBlock(block.id, { uploadId: null });
    return uploadBlock(p, withoutUpload(block));
  }
  await endUpload(p, block);
  await blameBlock(p, block, error, head?.etag ?? null);
}

/** Frees the parts of a stale upload, while its id is still known: after the block has moved on nobody would. */
async function endUpload(p: Pass, block: BlockInfo): Promise<void> {
  if (block.uploadId === undefined) return;
  await p.archive.abortUpload(block.key, block.uploadId, { signal: p.signal }).catch((error: unknown) => {
    if (!(error instanceof ObjectStoreError && error.fault === 'no-upload')) throw error;
  });
}

function withoutUpload({ uploadId: _, ...block }: BlockInfo): BlockInfo {
  return block;
}
