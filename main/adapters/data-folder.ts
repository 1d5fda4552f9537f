import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, TidemarkError } from '../../shared/errors.ts';

/** How other commands find a running gateway: `<data_dir>/gateway.json`. Addresses are `http://host:port`. */
export interface GatewayFile {
  pid: number;
  ui: string;
  ingest: string;
}

/** Makes the folder if needed and checks that we may write there. Throws 'data-folder'. */
export function openDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new TidemarkError('data-folder', `cannot use the data folder ${folder}: ${messageOf(error)}`, {
      retry: 'never',
      blame: 'operator',
      action: 'make it writable for this user, or choose another with --data-dir or gateway.data_dir',
      cause: error,
    });
  }
}

function writeWhole(path: string, text: string, mode: number): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, text, { mode });
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

/** The token of the REST API, made once per data folder, readable by its owner only. */
export function apiToken(folder: string): string {
  const path = join(folder, 'api-token');
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (token.length >= 32) return token;
  } catch {
    // There is none yet: the next lines make it.
  }
  const token = randomBytes(32).toString('base64url');
  writeWhole(path, `${token}\n`, 0o600);
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
    const file: unknown = JSON.parse(readFileSync(join(folder, 'gateway.json'), 'utf8'));
    if (!isGatewayFile(file)) return undefined;
    process.kill(file.pid, 0);
    return file;
  } catch (error) {
    // A process of another user answers EPERM: it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? readUnchecked(folder) : undefined;
  }
}

function readUnchecked(folder: string): GatewayFile | undefined {
  const file: unknown = JSON.parse(readFileSync(join(folder, 'gateway.json'), 'utf8'));
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
