import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { ROOT } from './lib/step.ts';

const DIST = path.join(ROOT, 'dist');
const PRELOAD = path.join(ROOT, 'main', 'shell', 'electron', 'preload', 'preload.ts');
/** Programs and worker threads: each becomes dist/<name>.js, so that a worker finds its file by its own extension. */
const ENTRIES = ['cli', 'headless', 'electron', 'writer', 'reader'];
/** Native or provided by the runtime. */
const EXTERNAL = ['better-sqlite3', 'electron'];

/** Modules of main/ name files relative to themselves: in the bundle, main/ becomes dist/ and its folders disappear. */
const keepPlace: Plugin = {
  name: 'keep-place',
  transform(code, id) {
    const place = path.relative(path.join(ROOT, 'main'), path.dirname(id));
    if (place === '' || place.startsWith('..') || !code.includes('import.meta.dirname')) return undefined;
    const steps = place.split(path.sep).map((step) => `/${step}`);
    return code.replaceAll('import.meta.dirname', `(import.meta.dirname + ${JSON.stringify(steps.join(''))})`);
  },
};

/** Names of the files it wrote. */
async function bundleMain(): Promise<string[]> {
  const files = ENTRIES.map((name) => [name, path.join(ROOT, 'main', `${name}.ts`)] as const);
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(files.filter(([, file]) => existsSync(file))),
    platform: 'node',
    external: EXTERNAL,
    plugins: [keepPlace],
    tsconfig: path.join(ROOT, 'main', 'tsconfig.json'),
  });
  const names = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' };
  const { output } = await bundle.write({ dir: DIST, format: 'esm', ...names });
  await bundle.close();
  return output.map(({ fileName }) => fileName);
}

/** A sandboxed preload must be one CommonJS file. */
export async function bundlePreload(): Promise<void> {
  if (!existsSync(PRELOAD)) return;
  const bundle = await rolldown({ cwd: ROOT, input: PRELOAD, platform: 'node', external: ['electron'] });
  await bundle.write({ file: path.join(DIST, 'preload.cjs'), format: 'cjs' });
  await bundle.close();
}

export async function buildMain(): Promise<void> {
  mkdirSync(DIST, { recursive: true });
  const written = await bundleMain();
  await bundlePreload();
  // Last, so that what runs from dist/ meanwhile keeps its files.
  for (const file of readdirSync(DIST)) {
    if (file.endsWith('.js') && !written.includes(file)) rmSync(path.join(DIST, file), { force: true });
  }
}

if (import.meta.main) {
  const { ensureRenderer } = await import('./renderer.ts');
  await buildMain();
  const problem = await ensureRenderer();
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = 1;
  }
}
