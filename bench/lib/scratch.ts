import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux's. */
const MEMORY = '/dev/shm';

/**
 * Folders and processes of the run, cleared away whatever ends it: `process.exit` (an interrupt is turned into one) runs the same list. Last made,
 * first cleared.
 */
const leftovers: (() => void)[] = [];

process.on('exit', () => {
  for (const clear of leftovers.splice(0).reverse()) clear();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

/** `clear` runs at the end of the process at the latest; the function returned runs it now. */
export function atEnd(clear: () => void): () => void {
  leftovers.push(clear);
  return () => {
    const at = leftovers.indexOf(clear);
    if (at < 0) return;
    leftovers.splice(at, 1);
    clear();
  };
}

interface Scratch {
  folder: string;
  remove: () => void;
}

/** A folder on the disk that temporary files go to; the figures are of that disk. */
export function scratchFolder(parent = tmpdir()): Scratch {
  const folder = mkdtempSync(join(parent, 'tidemark-bench-'));
  return { folder, remove: atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })) };
}

/** A folder in memory, where the system has one, for bytes that are counted: commits need not wait for a disk then. */
export function memoryFolder(): Scratch {
  return scratchFolder(existsSync(MEMORY) ? MEMORY : undefined);
}
