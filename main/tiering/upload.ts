import { type ObjectHead, ObjectStoreError } from '../ports/object-store.ts';
import type { BlockInfo, PartInfo } from '../store/types.ts';
import type { Pass } from './context.ts';
import { type Blocks, forEachBlock } from './each-block.ts';
import { blameBlock, isLinkFault, whoseTurnItIs } from './faults.ts';
import { partsToMove } from './parts.ts';
import { PiecePool, piecesOf } from './pieces.ts';
import { judge } from './proof.ts';

/** The progress that people see is a commit each time; what the server has, it is asked itself. */
const KEEP_PROGRESS_MS = 1_000;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What is cut into parts has their MD5s: by them the server lists what it holds. */
function md5Of({ partNumber, md5 }: PartInfo): Uint8Array {
  if (md5 === undefined) throw new Error(`part ${partNumber} has no MD5`);
  return md5;
}

/** What the uploads of a pass share, and who is told when the next may begin. */
interface Upload extends Pass {
  pool: PiecePool;
  /** All of an object that goes as one request has gone. */
  gone(): void;
}

type Condition = { ifNoneMatch: true } | { ifMatch: string };

/** Replaces the wrong object that an earlier attempt found under our key, else wants the key to be free. */
function conditionOf(block: BlockInfo): Condition {
  return block.etag === undefined ? { ifNoneMatch: true } : { ifMatch: block.etag };
}

/** Blocks that are planned or on their way and whose turn has come, oldest day first; suspects last. */
export async function waitingBlocks(p: Pass): Promise<BlockInfo[]> {
  return p.suspects.last(
    whoseTurnItIs(p, await p.writer.blocks({ states: ['planned', 'uploading'] })).sort(
      (a, b) => a.day - b.day || (a.id < b.id ? -1 : 1),
    ),
  );
}

/** Uploads blocks as they come, each once. Idempotent: a crash anywhere is resumed from the rows. */
export function uploadBlocks(p: Pass, blocks: Blocks): Promise<void> {
  const pool = new PiecePool();
  return forEachBlock(p, blocks, (block, gone) => uploadBlock({ ...p, pool, gone }, block));
}

async function uploadBlock(u: Upload, planned: BlockInfo): Promise<void> {
  if (
    planned.state === 'planned' &&
    !(await u.writer.moveBlock(planned.id, 'planned', 'uploading', {}, u.clock.nowUs()))
  )
    return;
  const block: BlockInfo = { ...planned, state: 'uploading' };
  const resumed = planned.uploadId !== undefined;
  let parts: readonly PartInfo[] = await u.writer.parts(block.id);
  try {
    parts = await partsToMove(u, block, parts);
    if (parts.length === 1) await putWhole(u, block, parts);
    else await putParts(u, block, parts);
  } catch (error) {
    if (isLinkFault(error) && error.fault !== 'offline') throw error;
    // T4: the end is ambiguous (no answer, 412, an upload the server no longer knows): the object itself tells.
    await settle(u, block, parts, error, resumed);
  }
}

async function putWhole(u: Upload, block: BlockInfo, parts: readonly PartInfo[]): Promise<void> {
  const [part] = parts;
  if (part === undefined) return;
  await send(u, block, part, (body) => u.archive.put(block.key, body, part, conditionOf(block), { signal: u.signal }));
  await finish(u, block);
}

async function putParts(u: Upload, block: BlockInfo, parts: readonly PartInfo[]): Promise<void> {
  const { uploadId, stored } = await openUpload(u, block, parts);
  const left = parts.filter((part) => !stored.has(part.partNumber));
  const sent: { partNumber: number; etag: string }[] = [];
  let keptMs = u.clock.monotonicMs();
  const keep = async (): Promise<void> => {
    await u.writer.setPartsStored(block.id, sent.splice(0));
    keptMs = u.clock.monotonicMs();
  };
  try {
    for (const part of left) {
      const digests = { ...part, md5: md5Of(part) };
      const { etag } = await send(u, block, part, (body) =>
        u.archive.putPart(block.key, uploadId, part.partNumber, body, digests, { signal: u.signal }),
      );
      sent.push({ partNumber: part.partNumber, etag });
      if (u.clock.monotonicMs() - keptMs >= KEEP_PROGRESS_MS) await keep();
    }
  } finally {
    if (sent.length > 0) await keep();
  }
  const list = parts.map((part) => ({
    partNumber: part.partNumber,
    etag: hex(md5Of(part)),
    sha256: part.sha256,
  }));
  await u.archive.completeUpload(block.key, uploadId, list, conditionOf(block), { signal: u.signal });
  await finish(u, block);
}

/** Sends a part by `call`, and notes how fast it went. */
async function send<T>(
  u: Upload,
  block: BlockInfo,
  part: PartInfo,
  call: (body: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  let fault: { reason: unknown } | undefined;
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield* piecesOf(u, block.id, part, u.pool);
      if (part.length === block.bytes) u.gone();
    } catch (reason) {
      fault = { reason };
      throw reason;
    }
  }
  const startMs = u.clock.monotonicMs();
  try {
    const answer = await call(body());
    u.sent(part.length, u.clock.monotonicMs() - startMs);
    return answer;
  } catch (error) {
    // What went wrong on this side is no fault of the link.
    throw fault === undefined ? error : fault.reason;
  }
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
      parts.some((part) => part.partNumber === s.partNumber && hex(md5Of(part)) === s.etag),
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
  u: Upload,
  block: BlockInfo,
  parts: readonly PartInfo[],
  error: unknown,
  resumed: boolean,
): Promise<void> {
  let head: ObjectHead | undefined;
  try {
    head = await u.archive.head(block.key, { signal: u.signal });
  } catch (headError) {
    if (!(headError instanceof ObjectStoreError && headError.fault === 'not-found')) throw headError;
  }
  if (head !== undefined && judge(head, block, parts) !== 'other' && head.etag !== block.etag) {
    await endUpload(u, block);
    return finish(u, block);
  }
  if (isLinkFault(error)) throw error;
  const forgotten = resumed && error instanceof ObjectStoreError && error.fault === 'no-upload';
  if (forgotten && head === undefined) {
    // The server dropped our parts (stale uploads go after a day): nobody's fault, begin again.
    await u.writer.clearStoredParts(block.id);
    await u.writer.patchBlock(block.id, { uploadId: null });
    return uploadBlock(u, withoutUpload(block));
  }
  await endUpload(u, block);
  await blameBlock(u, block, error, head?.etag ?? null);
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
