import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const root = path.join(import.meta.dirname, '..', '..');
const folder = path.join(root, 'docs', 'reader');
const HELP =
  'The reader of docs/reader needs Python 3.9 or newer with pip, and protobuf and zstandard from a package index: `apt-get install python3 python3-pip` and see that ' +
  '`python3 -m pip download zstandard` works.';

/** The packages of docs/reader/requirements.txt in a folder of their own under .cache, installed on first use; throws a sentence saying what to do. */
function packages(): string {
  const requirements = path.join(folder, 'requirements.txt');
  const name = `reader-${createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)}`;
  const target = path.join(root, '.cache', name);
  if (existsSync(target)) return target;
  const unfinished = `${target}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', unfinished];
  const { status, stderr, error } = spawnSync('python3', [...pip, '-r', requirements], { encoding: 'utf8' });
  if (status !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new Error(`${HELP}\n${error?.message ?? stderr}`);
  }
  // Whole or not there: a run that was interrupted leaves nothing that looks finished. Of two at once the second keeps the first one's.
  if (!existsSync(target)) renameSync(unfinished, target);
  return target;
}

/** Runs docs/reader/reader.py; resolves to what it printed. Rejects with what it said when it fails. */
export async function readWithPython(args: readonly string[]): Promise<string> {
  const env = { ...process.env, PYTHONPATH: packages(), PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1' };
  const child = spawn('python3', [path.join(folder, 'reader.py'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', () => reject(new Error(HELP)));
    child.once('close', resolve);
  });
  const [out, err, status] = await Promise.all([text(child.stdout), text(child.stderr), code]);
  if (status !== 0) throw new Error(err.trim());
  return out;
}
