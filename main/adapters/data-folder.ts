import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { codeOf, messageOf, TidemarkError } from '../../shared/errors.ts';

/** How other commands find a running gateway: `<data_dir>/gateway.json`. Addresses are `http://host:port`. */
export interface GatewayFile {
  pid: number;
  ui: string;
  ingest: string;
}

const MAX_SMALL_FILE = 64 * 1024;

/** Makes the folder if needed and checks that we may write there. Throws 'data-folder'. */
export function openDataFolder(folder: string): void {
  usable(folder, () => {
    makeFolders(resolve(folder));
    accessSync(folder, constants.W_OK | constants.X_OK);
  });
}

/** Where the gateway keeps what it fetched; made only once its database is open. */
export const cacheFolder = (folder: string): string => join(folder, 'cache');

/** A gateway has come so far in this folder that its database is not new. */
export function hasRun(folder: string): boolean {
  return isPresent(cacheFolder(folder));
}

function usable<T>(folder: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new TidemarkError('data-folder', `cannot use the data folder ${folder}: ${messageOf(error)}`, {
      retry: 'never',
      blame: 'operator',
      action: 'make it writable for this user, or choose another with --data-dir or gateway.data_dir',
      cause: error,
    });
  }
}

/** One level at a time: Node's recursive way never ends where a folder exists that takes no other, such as /proc. */
function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(folder) !== folder && !isPresent(folder)) makeFolders(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function isPresent(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Reads a small file of the data folder, and nothing but a regular one: a pipe would hold its reader up for ever. Throws with the reason. */
function readSmall(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile() || stat.size > MAX_SMALL_FILE) throw new Error(`${path} is not a regular file of a few bytes`);
  return readFileSync(path, 'utf8');
}

/** The token of a running gateway. Throws with the reason when it cannot be read. */
export function readApiToken(folder: string): string {
  return readSmall(join(folder, 'api-token')).trim();
}

function writeWhole(path: string, text: string, mode: number): void {
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode, flag: 'wx' });
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

/** The token of the REST API, made once per data folder, readable by its owner only. */
export function apiToken(folder: string): string {
  const path = join(folder, 'api-token');
  if (isPresent(path)) {
    const token = usable(folder, () => readApiToken(folder));
    if (token.length >= 32) return token;
  }
  const token = randomBytes(32).toString('base64url');
  usable(folder, () => writeWhole(path, `${token}\n`, 0o600));
  return token;
}

export function writeGatewayFile(folder: string, gateway: GatewayFile): void {
  writeWhole(join(folder, 'gateway.json'), `${JSON.stringify(gateway)}\n`, 0o644);
}

export function removeGatewayFile(folder: string): void {
  rmSync(join(folder, 'gateway.json'), { force: true });
}

/** The file of a running gateway, or undefined when there is none or its process is gone. */
export function readGatewayFile(folder: string): GatewayFile | undefined {
  try {
    const file: unknown = JSON.parse(readSmall(join(folder, 'gateway.json')));
    if (!isGatewayFile(file)) return undefined;
    process.kill(file.pid, 0);
    return file;
  } catch (error) {
    // A process of another user answers EPERM: it lives.
    return codeOf(error) === 'EPERM' ? readUnchecked(folder) : undefined;
  }
}

function readUnchecked(folder: string): GatewayFile | undefined {
  const file: unknown = JSON.parse(readSmall(join(folder, 'gateway.json')));
  return isGatewayFile(file) ? file : undefined;
}

function isGatewayFile(file: unknown): file is GatewayFile {
  return (
    typeof file === 'object' &&
    file !== null &&
    'pid' in file &&
    typeof file.pid === 'number' &&
    'ui' in file &&
    typeof file.ui === 'string' &&
    'ingest' in file &&
    typeof file.ingest === 'string'
  );
}
