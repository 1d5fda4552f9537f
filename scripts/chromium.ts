import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find((file) => existsSync(file));
}

const isRoot = process.getuid?.() === 0;

function run(command: string, ...args: string[]): boolean {
  try {
    // Its output goes to stderr: stdout may be a report.
    execFileSync(command, args, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * The browser for every end-to-end test: CHROMIUM_PATH, else the system's, else installed from the distribution (as
 * root), else the one Playwright downloads, which it finds itself (undefined).
 */
export function ensureChromium(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given !== undefined && given !== '') {
    if (!existsSync(given)) throw new Error(`CHROMIUM_PATH names ${given}, which does not exist`);
    return given;
  }
  const found = onPath();
  if (found !== undefined) return found;
  console.error('No Chromium on this machine: installing one ...');
  if (isRoot && run('apt-get', 'update') && run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium')) {
    return onPath();
  }
  if (run('playwright', 'install', 'chromium')) return undefined;
  throw new Error('No Chromium for the end-to-end tests: install one, or set CHROMIUM_PATH to its executable.');
}

export const CHROMIUM_FLAGS: string[] = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  // Chromium's sandbox refuses to run as root.
  ...(isRoot ? ['--no-sandbox'] : []),
];
