import { dayName } from '../../shared/units.ts';
import { digest128 } from '../codec/frame.ts';
import type { FrameRef } from '../codec/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { FrameCache } from '../ports/frame-cache.ts';
import { type ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import type { Remote } from '../store/remote.ts';
import type { StoreApi } from '../store/types.ts';
import { type Fetch, planFetches } from './fetches.ts';

/** What a query, or a fetch, cost the link: body bytes received and ranged GETs sent. */
export interface ColdCost {
  bytes: number;
  requests: number;
}

/** What came of one frame. */
export type Fetched = { source: 'cache' | 'cold'; bytes: Uint8Array } | { source: 'unreachable' | 'damaged' };

export interface RangedGetOptions {
  writer: Remote<Pick<StoreApi, 'block' | 'patchBlock' | 'markDamaged' | 'addEvent'>>;
  archive: ObjectStore;
  cache: FrameCache;
  clock: Clock;
  /** True while a fetch would only time out: none is tried. */
  linkAway(): boolean;
  /** Told each fault of the link or the archive (never of a single object). */
  onFault(error: ObjectStoreError): void;
}

/** Faults that may be over at once: the same request is sent once more. */
const PASSING = ['offline', 'throttled', 'server'];
/** Faults of the object, not of the link: no answer is to be expected of another try later. */
const OBJECT = ['not-found', 'integrity', 'precondition'];
/** What came is not what was written. */
const MISMATCH = { fault: 'integrity', message: 'its bytes do not match' } as const;

/**
 * Brings the frames of one range, each checked against its digest; keeps right ones in the cache. T7: what is wrong or gone is told, tried once more,
 * then marked damaged. A fault of the link is tried once more, then the frames are unreachable. Rejects only when the writer does.
 */
export async function rangedGet(
  o: RangedGetOptions,
  f: Fetch,
  cost: ColdCost,
  signal: AbortSignal,
): Promise<Map<string, Fetched>> {
  const found = new Map<string, Fetched>();
  const first = await tryFrames(o, f, f.frames, found, cost, signal, false);
  if (first.left.length === 0) return found;
  if (first.wrong !== undefined) await tellMismatch(o, f.blockId, first.wrong);
  const second = await tryFrames(o, f, first.left, found, cost, signal, true);
  if (second.wrong !== undefined) await tellDamage(o, f.blockId, second.wrong);
  for (const { digest } of second.left) {
    found.set(digest, { source: second.unreachable.has(digest) ? 'unreachable' : 'damaged' });
  }
  return found;
}

/** Code and words of what is wrong with an object, as a block keeps its last error. */
type Wrong = Pick<ObjectStoreError, 'fault' | 'message'>;

interface Tried {
  /** Frames another try may bring. */
  left: FrameRef[];
  /** Those of them the link failed, not the object. */
  unreachable: Set<string>;
  /** What is wrong with the object, if anything is. */
  wrong: Wrong | undefined;
}

/** One try. What is settled goes to `found`. A fault that may pass is told of the last try only: who hears of it takes the link for away. */
async function tryFrames(
  o: RangedGetOptions,
  { blockId, object }: Fetch,
  frames: readonly FrameRef[],
  found: Map<string, Fetched>,
  cost: ColdCost,
  signal: AbortSignal,
  last: boolean,
): Promise<Tried> {
  const tried: Tried = { left: [], unreachable: new Set(), wrong: undefined };
  for (const range of planFetches(frames.map((frame) => ({ blockId, object, frame })))) {
    const { right, fault } = await tryRange(o, range, cost, signal);
    const ofLink = fault !== undefined && !OBJECT.includes(fault.fault);
    const lasts = ofLink && !PASSING.includes(fault.fault);
    if (ofLink && (lasts || last) && fault.fault !== 'aborted') o.onFault(fault);
    for (const frame of range.frames) {
      const bytes = right.get(frame.digest);
      if (bytes !== undefined) found.set(frame.digest, { source: 'cold', bytes });
      else if (lasts) found.set(frame.digest, { source: 'unreachable' });
      else tried.left.push(frame);
      if (ofLink) tried.unreachable.add(frame.digest);
    }
    if (!ofLink && right.size < range.frames.length) tried.wrong ??= fault ?? MISMATCH;
  }
  return tried;
}

interface Got {
  /** The frames whose digest is right. */
  right: Map<string, Uint8Array>;
  fault?: ObjectStoreError;
}

async function tryRange(o: RangedGetOptions, f: Fetch, cost: ColdCost, signal: AbortSignal): Promise<Got> {
  const right = new Map<string, Uint8Array>();
  try {
    if (signal.aborted || o.linkAway()) throw new ObjectStoreError('aborted', 'not tried');
    const { bytes, etag } = await read(o, f, cost, signal);
    for (const frame of f.frames) {
      // A copy: it outlives the others, and a view would be posted to the reader with all of the range.
      const part = new Uint8Array(bytes.subarray(frame.offset - f.offset, frame.offset - f.offset + frame.length));
      if (digest128(part) !== frame.digest) continue;
      right.set(frame.digest, part);
      o.cache.put(frame.digest, part);
    }
    // The object proved right under another ETag: asked for by that one from now on.
    if (etag !== f.object.etag && right.size === f.frames.length) await o.writer.patchBlock(f.blockId, { etag });
    return { right };
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    return { right, fault: error };
  }
}

/** The bytes of the range, and the ETag of the object they are of. */
async function read(
  o: RangedGetOptions,
  f: Fetch,
  cost: ColdCost,
  signal: AbortSignal,
): Promise<{ bytes: Uint8Array; etag: string }> {
  const { key } = f.object;
  const get = async (etag: string): Promise<{ bytes: Uint8Array; etag: string }> => {
    cost.requests++;
    const range = { offset: f.offset, length: f.length };
    const pieces: Uint8Array[] = [];
    for await (const piece of await o.archive.get(key, range, { ifMatch: etag, signal })) {
      pieces.push(piece);
      cost.bytes += piece.length;
    }
    return { bytes: Buffer.concat(pieces), etag };
  };
  const head = async (): Promise<string> => (await o.archive.head(key, { signal })).etag;
  if (f.object.etag === undefined) return get(await head());
  try {
    return await get(f.object.etag);
  } catch (error) {
    if (!(error instanceof ObjectStoreError && error.fault === 'precondition')) throw error;
    // A copied bucket may have other ETags: the digest of each frame decides (T7).
    return get(await head());
  }
}

async function tellMismatch(o: RangedGetOptions, blockId: string, { message }: Wrong): Promise<void> {
  const block = await o.writer.block(blockId);
  // Known damage is not told again at each query.
  if (block?.damaged !== false) return;
  await o.writer.addEvent({
    atUs: o.clock.nowUs(),
    code: 'TM-ARCHIVE-MISMATCH',
    level: 'warning',
    text: `An object in the archive did not answer as it should (${message}). It is asked once more. Key: ${block.key}`,
    detail: { block: blockId },
  });
}

async function tellDamage(o: RangedGetOptions, blockId: string, { fault, message }: Wrong): Promise<void> {
  const block = await o.writer.block(blockId);
  if (block?.damaged !== false) return;
  const atUs = o.clock.nowUs();
  await o.writer.patchBlock(blockId, { lastError: { code: fault, message, atUs } });
  await o.writer.markDamaged(blockId, true);
  const day = dayName(block.day);
  const what = fault === 'not-found' ? `is missing: ${day}` : `is damaged: ${day} (${message})`;
  await o.writer.addEvent({
    atUs,
    code: 'TM-ARCHIVE-DAMAGED',
    level: 'error',
    text: `An object in the archive ${what}. Its readings are not shown. Put it back as it was (an older version of the object, or a copy of the archive): its readings are then shown again, and the next run takes the warning back. Key: ${block.key}`,
    detail: { block: blockId, day },
  });
}
