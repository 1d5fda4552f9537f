import { messageOf } from '../../shared/errors.ts';
import type { CoverageSource } from '../../shared/states.ts';
import { digest128 } from '../codec/frame.ts';
import type { FrameRef } from '../codec/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { FrameCache } from '../ports/frame-cache.ts';
import { type ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import type { Remote } from '../store/remote.ts';
import type { StoreApi } from '../store/types.ts';
import { type Fetch, planFetches } from './planner.ts';

/** What came of one frame. */
export type Fetched =
  | { source: Extract<CoverageSource, 'cache' | 'cold'>; bytes: Uint8Array }
  | { source: Extract<CoverageSource, 'unreachable' | 'damaged'> };

export interface ColdSourceOptions {
  writer: Remote<StoreApi>;
  archive: ObjectStore | undefined;
  cache: FrameCache;
  clock: Clock;
  /** True while a fetch would only time out. */
  linkAway(): boolean;
  /** Told every fault of the archive. */
  onFault(error: ObjectStoreError): void;
}

/** Bytes and requests a query caused. */
export interface ColdCost {
  bytes: number;
  requests: number;
}

export interface ColdSource {
  /** Brings frames from the cache or the archive, each checked against its digest. Never rejects for a frame. */
  fetch(
    wanted: readonly { blockId: string; frame: FrameRef }[],
    cost: ColdCost,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, Fetched>>;
}

/** Cold frames over cache and archive; identical fetches of concurrent queries share one promise. */
export function createColdSource(o: ColdSourceOptions): ColdSource {
  const inFlight = new Map<string, Promise<Map<string, Fetched>>>();

  async function bytesOf(f: Fetch, signal: AbortSignal | undefined): Promise<Uint8Array> {
    if (o.archive === undefined) throw new ObjectStoreError('offline', 'no archive is set up');
    const block = await o.writer.block(f.blockId);
    if (block === undefined) throw new ObjectStoreError('not-found', 'the block is unknown');
    const read = async (etag: string | undefined): Promise<Uint8Array> => {
      const condition = {
        ...(etag === undefined ? {} : { ifMatch: etag }),
        ...(signal === undefined ? {} : { signal }),
      };
      const pieces: Uint8Array[] = [];
      for await (const piece of (await o.archive?.get(block.key, f, condition)) ?? []) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    try {
      return await read(block.etag);
    } catch (error) {
      if (!(error instanceof ObjectStoreError && error.fault === 'precondition')) throw error;
      // A copied bucket may have other ETags: the digest of each frame decides (T7).
      return read((await o.archive.head(block.key, signal === undefined ? {} : { signal })).etag);
    }
  }

  /** One try. Frames whose digest is wrong come back as damaged. Rejects with the fault of the archive. */
  async function tryOnce(f: Fetch, cost: ColdCost, signal: AbortSignal | undefined): Promise<Map<string, Fetched>> {
    cost.requests++;
    const bytes = await bytesOf(f, signal);
    cost.bytes += bytes.length;
    const found = new Map<string, Fetched>();
    for (const frame of f.frames) {
      const part = bytes.slice(frame.offset - f.offset, frame.offset - f.offset + frame.length);
      const right = digest128(part) === frame.digest;
      found.set(frame.digest, right ? { source: 'cold', bytes: part } : { source: 'damaged' });
      if (right) await o.cache.put(frame.digest, part);
    }
    return found;
  }

  const allAs = (f: Fetch, source: 'unreachable' | 'damaged'): Map<string, Fetched> =>
    new Map(f.frames.map((frame) => [frame.digest, { source }]));

  /** T7: what fails its digest, or is gone, is tried once more, then told and marked damaged. A fault of the link is unreachable. */
  async function get(
    f: Fetch,
    cost: ColdCost,
    signal: AbortSignal | undefined,
    attempt = 1,
  ): Promise<Map<string, Fetched>> {
    try {
      const found = await tryOnce(f, cost, signal);
      const whole = [...found.values()].every((frame) => frame.source === 'cold');
      if (whole) return found;
      if (attempt === 1) return get(f, cost, signal, 2);
      await tellDamage(f, 'its bytes do not match their digest');
      return found;
    } catch (error) {
      const fault =
        error instanceof ObjectStoreError ? error : new ObjectStoreError('server', messageOf(error), { cause: error });
      o.onFault(fault);
      if (fault.fault !== 'not-found' && fault.fault !== 'integrity') return allAs(f, 'unreachable');
      if (attempt === 1) return get(f, cost, signal, 2);
      await tellDamage(f, fault.message);
      return allAs(f, 'damaged');
    }
  }

  async function tellDamage(f: Fetch, why: string): Promise<void> {
    const block = await o.writer.block(f.blockId);
    if (block?.damaged !== false) return;
    await o.writer.markDamaged(f.blockId, true);
    const text = `An object in the archive is damaged: ${why}. Its readings are not shown. Key: ${block.key}`;
    await o.writer.addEvent({
      atUs: o.clock.nowUs(),
      code: 'TM-ARCHIVE-DAMAGED',
      level: 'error',
      text,
      detail: { block: f.blockId },
    });
  }

  function shared(f: Fetch, cost: ColdCost, signal: AbortSignal | undefined): Promise<Map<string, Fetched>> {
    const name = `${f.blockId} ${f.offset} ${f.length}`;
    const running = inFlight.get(name);
    if (running !== undefined) return running;
    const mine = get(f, cost, signal).finally(() => inFlight.delete(name));
    inFlight.set(name, mine);
    return mine;
  }

  return {
    async fetch(wanted, cost, signal) {
      const found = new Map<string, Fetched>();
      const absent: (typeof wanted)[number][] = [];
      for (const want of wanted) {
        const bytes = await o.cache.get(want.frame.digest);
        if (bytes === undefined) absent.push(want);
        else found.set(want.frame.digest, { source: 'cache', bytes });
      }
      for (const f of planFetches(absent)) {
        if (o.linkAway() || signal?.aborted === true)
          for (const frame of f.frames) found.set(frame.digest, { source: 'unreachable' });
        else for (const [digest, fetched] of await shared(f, cost, signal)) found.set(digest, fetched);
      }
      return found;
    },
  };
}
