import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GENERATED, generate } from '../proto.ts';

const fresh = mkdtempSync(path.join(tmpdir(), 'tidemark-proto-'));
const read = (folder: string, file: string) => {
  const name = path.join(folder, file);
  return existsSync(name) ? readFileSync(name, 'utf8') : undefined;
};

try {
  const stale = generate(fresh).filter((file) => read(fresh, file) !== read(GENERATED, file));
  for (const file of stale) console.log(`main/codec/proto/${file} is not what shared/proto/ says: npm run proto`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
