import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The product's version, from the package.json beside main/ (or beside dist/ in a package). */
export const VERSION: string = readVersion(join(import.meta.dirname, '..', 'package.json'));

function readVersion(path: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
