import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskSpace } from '../ports/disk-space.ts';

/** What must stay in place while a gateway runs: without the one its readings, without the other its lock goes to somebody else. */
const FILES = ['tidemark.db', 'lock.db'];

export function createDiskSpace(folder: string): DiskSpace {
  const seen = new Map<string, string>();
  return {
    async read() {
      const { bavail, blocks, bsize } = await statfs(folder);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    async replaced() {
      for (const name of FILES) {
        const now = await identityOf(join(folder, name));
        const first = seen.get(name);
        // Before the first start makes it there is none.
        if (first === undefined && now !== '') seen.set(name, now);
        else if (first !== undefined && first !== now) return name;
      }
      return undefined;
    },
  };
}

/** Device and inode; empty when there is no such file. */
async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path);
    return `${dev}:${ino}`;
  } catch {
    return '';
  }
}
