import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameCache } from '../ports/frame-cache.ts';

const NAME = /^[0-9a-f]{32}$/;

/**
 * One file per frame, named by its digest. The order of use is kept in memory and, across restarts, in the files' modification times. Whoever deletes
 * the folder loses nothing but time.
 */
export async function createDiskFrameCache(o: {
  folder: string;
  limitBytes: number;
  digest(bytes: Uint8Array): string;
}): Promise<FrameCache> {
  await mkdir(o.folder, { recursive: true });
  const sizes = await survey(o.folder);
  let bytes = [...sizes.values()].reduce((a, b) => a + b, 0);
  let writes = 0;

  const forget = async (digest: string): Promise<void> => {
    bytes -= sizes.get(digest) ?? 0;
    sizes.delete(digest);
    await rm(join(o.folder, digest), { force: true });
  };

  return {
    async get(digest) {
      if (!sizes.has(digest)) return undefined;
      const path = join(o.folder, digest);
      const found = await readFile(path).catch(() => undefined);
      if (found === undefined || o.digest(found) !== digest) {
        await forget(digest).catch(() => undefined);
        return undefined;
      }
      const size = sizes.get(digest) ?? found.length;
      sizes.delete(digest);
      sizes.set(digest, size);
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return found;
    },
    async put(digest, frame) {
      if (!NAME.test(digest) || sizes.has(digest) || frame.length > o.limitBytes || o.digest(frame) !== digest) return;
      try {
        const temporary = join(o.folder, `${digest}.${writes++}.tmp`);
        await mkdir(o.folder, { recursive: true });
        await writeFile(temporary, frame);
        await rename(temporary, join(o.folder, digest));
        if (sizes.has(digest)) return;
        sizes.set(digest, frame.length);
        bytes += frame.length;
        for (const oldest of sizes.keys()) {
          if (bytes <= o.limitBytes) break;
          await forget(oldest);
        }
      } catch {
        // A full or read-only disk: the frame is simply not kept.
      }
    },
    stats: () => ({ bytes, frames: sizes.size, limitBytes: o.limitBytes }),
  };
}

/** Sizes by digest, least recently used first; left-over temporary files go. */
async function survey(folder: string): Promise<Map<string, number>> {
  const files: { name: string; size: number; usedMs: number }[] = [];
  for (const name of await readdir(folder)) {
    if (!NAME.test(name)) {
      if (name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
      continue;
    }
    const info = await stat(join(folder, name)).catch(() => undefined);
    if (info !== undefined) files.push({ name, size: info.size, usedMs: info.mtimeMs });
  }
  files.sort((a, b) => a.usedMs - b.usedMs);
  return new Map(files.map(({ name, size }) => [name, size]));
}
