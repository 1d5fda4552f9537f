import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sourceFiles } from './lib/files.ts';
import { ROOT, runStep } from './lib/step.ts';

const stamp = path.join(ROOT, 'dist', 'renderer', '.sources');

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const file of sourceFiles(/^(renderer|shared)\/|^(vite\.config\.ts|package-lock\.json)$/)) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Builds the page when its sources changed since the last build; returns what went wrong, if anything. */
export async function ensureRenderer(): Promise<string | undefined> {
  const now = sourceHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return undefined;
  console.error('Building the screen ...');
  const result = await runStep({ name: 'screen', command: 'vite', args: ['build'] });
  if (!result.ok) return result.output;
  writeFileSync(stamp, now);
  return undefined;
}
