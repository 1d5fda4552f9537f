import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './step.ts';

/** Files under version control or about to be, that exist; paths relative to the root. */
export function sourceFiles(pattern: RegExp): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const names = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\0');
  return [...new Set(names)].filter((name) => pattern.test(name) && existsSync(path.join(ROOT, name))).sort();
}

export const GENERATED = /^main\/codec\/proto\//;
