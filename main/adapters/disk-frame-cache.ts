import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameCache } from '../ports/frame-cache.ts';
import { SegmentedLru } from './segmented-lru.ts';

const NAME = /^[0-9a-f]{32}$/;
/** Frames that wait for the disk, at most; on a disk that is slower than the link further ones are not kept. */
const MOST_WAITING_BYTES = 32_000_000;
/** Of the frames used last so much is held in memory, too: a screen that is drawn anew asks for the same ones. */
const MEMORY_BYTES = 8_000_000;
/**
 * A frame is written this long after it came: the answer that it was fetched for is made first. Beginning to write took a third of it on a busy machine.
 */
const WRITE_AFTER_MS = 100;
/** A file's time of use is written down this often at most. */
const TOUCH_MS = 600_000;

/**
 * One file per frame, named by its digest. The order of use is kept in memory and, across restarts, roughly in the files' modification times (whatever
 * is found at the start counts as used once). Files are written a little later, one at a time: nobody waits for the disk. Whoever deletes the folder loses
 * nothing but time.
 */
export async function createDiskFrameCache(o: {
  folder: string;
  limitBytes: number;
  digest(bytes: Uint8Array): string;
}): Promise<FrameCache> {
  await mkdir(o.folder, { recursive: true });
  const order = new SegmentedLru(o.limitBytes);
  const touched = new Map<string, number>();
  const inMemory = new Map<string, Uint8Array>();
  let memoryBytes = 0;
  /** Frames that are not on disk yet. */
  const waiting = new Map<string, Uint8Array>();
  let waitingBytes = 0;
  let writing = Promise.resolve();
  const path = (digest: string): string => join(o.folder, digest);
  /** Work on the folder, in order. What fails is harmless: a full or read-only disk keeps nothing, what is gone is gone. */
  const later = (work: () => Promise<void>): void => {
    writing = writing.then(work).catch(() => undefined);
  };

  let flushing = 0;
  let endRest: (() => void) | undefined;
  /** Until that moment, or until somebody flushes. */
  const rest = (untilMs: number): Promise<void> =>
    new Promise((resolve) => {
      const ms = untilMs - performance.now();
      if (ms <= 0 || flushing > 0) return resolve();
      const timer = setTimeout(resolve, ms).unref();
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const flush = async (): Promise<void> => {
    flushing++;
    endRest?.();
    await writing;
    flushing--;
  };

  async function write(digest: string, frame: Uint8Array): Promise<void> {
    try {
      if (!order.has(digest)) return;
      const temporary = `${path(digest)}.tmp`;
      try {
        await writeFile(temporary, frame);
      } catch {
        // Somebody deleted the folder.
        await mkdir(o.folder, { recursive: true });
        await writeFile(temporary, frame);
      }
      await rename(temporary, path(digest));
    } catch (error) {
      order.remove(digest);
      throw error;
    } finally {
      waiting.delete(digest);
      waitingBytes -= frame.length;
    }
  }

  const drop = (digest: string): void => {
    memoryBytes -= inMemory.get(digest)?.length ?? 0;
    inMemory.delete(digest);
  };
  const hold = (digest: string, frame: Uint8Array): void => {
    drop(digest);
    inMemory.set(digest, frame);
    memoryBytes += frame.length;
    for (const oldest of inMemory.keys()) {
      if (memoryBytes <= MEMORY_BYTES) break;
      drop(oldest);
    }
  };

  const forget = (digest: string): void => {
    touched.delete(digest);
    drop(digest);
    later(() => (order.has(digest) ? Promise.resolve() : rm(path(digest), { force: true })));
  };

  for (const { name, size, usedMs } of await survey(o.folder)) {
    touched.set(name, usedMs);
    order.add(name, size).forEach(forget);
  }

  return {
    has: (digest) => order.has(digest),
    async get(digest) {
      if (!order.has(digest)) return undefined;
      const held = inMemory.get(digest) ?? waiting.get(digest);
      const found = held ?? (await readFile(path(digest)).catch(() => undefined));
      if (found === undefined || (held === undefined && o.digest(found) !== digest)) {
        order.remove(digest);
        forget(digest);
        return undefined;
      }
      order.use(digest);
      hold(digest, found);
      const now = Date.now();
      if (!waiting.has(digest) && now - (touched.get(digest) ?? 0) >= TOUCH_MS) {
        touched.set(digest, now);
        later(() => utimes(path(digest), now / 1_000, now / 1_000));
      }
      return found;
    },
    put(digest, frame) {
      if (!NAME.test(digest) || frame.length > order.limit || order.has(digest)) return;
      // It may wait although it has gone from the order since.
      if (!waiting.has(digest)) {
        if (waitingBytes + frame.length > MOST_WAITING_BYTES) return;
        waiting.set(digest, frame);
        waitingBytes += frame.length;
        const fromMs = performance.now() + WRITE_AFTER_MS;
        later(async () => {
          await rest(fromMs);
          await write(digest, frame);
        });
      }
      order.add(digest, frame.length).forEach(forget);
      hold(digest, frame);
      touched.set(digest, Date.now());
    },
    async limitTo(most) {
      order.limitTo(Math.min(o.limitBytes, Math.max(0, Math.floor(most)))).forEach(forget);
      await flush();
    },
    stats: () => ({ bytes: order.bytes, frames: order.size, limitBytes: order.limit }),
    flush,
  };
}

/** Files by time of use, least recently used first; left-over temporary files go. */
async function survey(folder: string): Promise<{ name: string; size: number; usedMs: number }[]> {
  const files: { name: string; size: number; usedMs: number }[] = [];
  for (const name of await readdir(folder)) {
    if (!NAME.test(name)) {
      if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
      continue;
    }
    const info = await stat(join(folder, name)).catch(() => undefined);
    if (info !== undefined) files.push({ name, size: info.size, usedMs: info.mtimeMs });
  }
  return files.sort((a, b) => a.usedMs - b.usedMs);
}
