import { statfs } from 'node:fs/promises';
import type { DiskSpace } from '../ports/disk-space.ts';

export function createDiskSpace(folder: string): DiskSpace {
  return {
    async read() {
      const { bavail, blocks, bsize } = await statfs(folder);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
  };
}
