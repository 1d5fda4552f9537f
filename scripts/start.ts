import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { electronRuntime } from './electron-runtime.ts';
import { ROOT } from './lib/step.ts';
import { ensureRenderer } from './renderer.ts';

const args = process.argv.slice(2);

function whyNoWindow(): string | undefined {
  if (args.includes('--no-window')) return '';
  if (!existsSync(path.join(ROOT, 'main', 'electron.ts'))) return 'The window is not built yet';
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'There is no display here';
  if (process.getuid?.() === 0) return 'Electron does not open a window for root';
  return undefined;
}

/** How Chromium ends when it cannot make its sandbox, or the display is not one. */
const CRASHES = new Set<string | null>(['SIGTRAP', 'SIGABRT', 'SIGILL', 'SIGSEGV']);

/** Becomes the command, as far as Node allows: its signals go through, its exit code is ours; a crash may have another way out. */
function become(command: string, commandArgs: string[], onCrash?: () => void): void {
  const child = spawn(command, commandArgs, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Ctrl-C in a terminal already reaches the whole process group.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`tidemark: cannot run ${command}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (onCrash !== undefined && CRASHES.has(signal)) onCrash();
    else process.exit(code ?? 128 + os.constants.signals[signal ?? 'SIGTERM']);
  });
}

function startHeadless(reason: string): void {
  if (reason !== '') console.error(`${reason}: serving the same screen to a browser instead.`);
  const rest = args.filter((arg) => arg !== '--no-window');
  become(process.execPath, [...process.execArgv, path.join(ROOT, 'main', 'cli.ts'), 'start', '--no-window', ...rest]);
}

async function startWindow(file: string): Promise<void> {
  // Bundled, because the preload has to be one CommonJS file and Electron's Node need not run TypeScript.
  const { buildMain } = await import('./build.ts');
  await buildMain();
  become(file, [path.join(ROOT, 'dist', 'electron.js'), ...args], () => startHeadless('Electron crashed (see above)'));
}

const problem = await ensureRenderer();
if (problem !== undefined)
  console.error(`tidemark: the screen could not be built; the gateway runs without it\n${problem}`);
const reason = whyNoWindow();
if (reason !== undefined) startHeadless(reason);
else {
  const electron = electronRuntime();
  if ('file' in electron) await startWindow(electron.file);
  else startHeadless(electron.missing);
}
