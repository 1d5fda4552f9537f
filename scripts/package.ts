import { spawnSync } from 'node:child_process';
import { buildMain } from './build.ts';
import { ROOT } from './lib/step.ts';
import { ensureRenderer } from './renderer.ts';

// Packages for Linux into release/. electron-builder gets Electron and its packaging tools from the network.
await buildMain();
const problem = await ensureRenderer();
if (problem === undefined) {
  const args = ['--linux', ...process.argv.slice(2)];
  process.exitCode = spawnSync('electron-builder', args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
} else {
  console.error(problem);
  process.exitCode = 1;
}
