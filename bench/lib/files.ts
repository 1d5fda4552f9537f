import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../shared/errors.ts';

const SETTLES_WITHIN_MS = 60_000;

/** Bytes of the files below a folder whose paths (from it) `counts`, all of them unless told. */
export function folderBytes(folder: string, counts: (path: string) => boolean = () => true): number {
  const stats = filesBelow(folder, '')
    .filter(counts)
    .map((path) => statSync(join(folder, path), { throwIfNoEntry: false }));
  return stats.reduce((sum, stat) => sum + (stat?.size ?? 0), 0);
}

/** Files and folders may go while they are counted. */
function filesBelow(folder: string, below: string): string[] {
  let entries: Dirent[] = [];
  try {
    entries = readdirSync(join(folder, below), { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  return entries.flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}

/** Resolves once the files below a folder kept their bytes for so long; rejects when they do not come to rest. */
export async function settled(folder: string, quietMs: number): Promise<void> {
  const start = performance.now();
  let [last, since] = [-1, start];
  while (performance.now() - since < quietMs) {
    if (performance.now() - start > SETTLES_WITHIN_MS) throw new Error(`the files below ${folder} do not come to rest`);
    await sleep(100);
    const bytes = folderBytes(folder);
    if (bytes !== last) [last, since] = [bytes, performance.now()];
  }
}
