import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './lib/step.ts';

const INSTALL_TIMEOUT_MS = 60_000;
const electron = path.join(ROOT, 'node_modules', 'electron');

function text(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

function executable(): string | undefined {
  const name = text(path.join(electron, 'path.txt'));
  if (name === undefined) return undefined;
  const file = path.join(electron, 'dist', name);
  return existsSync(file) ? file : undefined;
}

/**
 * Electron's executable. Its package downloads the runtime on demand: that is tried once per version, and a failure is
 * remembered, so that a machine without a way to it does not wait at every start.
 */
export function electronRuntime(): { file: string } | { missing: string } {
  const found = executable();
  if (found !== undefined) return { file: found };
  const version = /"version": "([^"]+)"/.exec(text(path.join(electron, 'package.json')) ?? '')?.[1];
  if (version === undefined) return { missing: 'Electron is not installed' };
  const failed = path.join(ROOT, '.cache', `electron-${version}-failed`);
  if (existsSync(failed))
    return { missing: `Electron ${version} could not be downloaded (remove ${failed} to try again)` };
  console.error(`Getting Electron ${version} (once, up to a minute) ...`);
  spawnSync(process.execPath, [path.join(electron, 'install.js')], { timeout: INSTALL_TIMEOUT_MS, stdio: 'ignore' });
  const installed = executable();
  if (installed !== undefined) return { file: installed };
  mkdirSync(path.dirname(failed), { recursive: true });
  writeFileSync(failed, '');
  return { missing: `Electron ${version} could not be downloaded` };
}

/** For tests: Electron where it can run now, without downloading anything; else the line that says what did not run. */
export function electronOrReason(): { file: string } | { missing: string } {
  const file = executable();
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const missing = (why: string) => ({ missing: `The tests in e2e/electron.spec.ts did not run: ${why}.` });
  if (file === undefined) return missing("Electron's runtime is not on this machine");
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return missing('there is no display here');
  return { file };
}
