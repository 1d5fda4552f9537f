import { spawnSync } from 'node:child_process';
import { ROOT } from './lib/step.ts';
import { ensureRenderer } from './renderer.ts';

const problem = await ensureRenderer();
if (problem === undefined) {
  const args = ['test', '--config', 'e2e/playwright.config.ts', ...process.argv.slice(2)];
  process.exitCode = spawnSync('playwright', args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
} else {
  console.error(problem);
  process.exitCode = 1;
}
