import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../lib/step.ts';
import { findings } from './hygiene.ts';
import { misfits } from './promises.ts';

/** A gate that cannot fail proves nothing: each plants a violation in a copy of the layout and expects to be told. */
const CONFIGS = [
  'package.json',
  'biome.json',
  '.gitignore',
  '.dependency-cruiser.cjs',
  'tsconfig.base.json',
  'shared/tsconfig.json',
  'main/tsconfig.json',
  'renderer/tsconfig.json',
];

let tree: string;

function plant(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
    writeFileSync(path.join(tree, name), text);
  }
}

function run(command: string, ...args: string[]): { failed: boolean; output: string } {
  const result = spawnSync(path.join(ROOT, 'node_modules', '.bin', command), args, {
    cwd: tree,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return { failed: result.status !== 0, output: result.stdout + result.stderr };
}

const value = (name: string) => `export const ${name} = 1;\n`;
const imports = (from: string) => `import { a } from '${from}';\nexport const b = a;\n`;
const loads = (from: string) => `import * as a from '${from}';\nexport const b = a;\n`;
const types = (from: string) => `import type { A } from '${from}';\nexport type B = A;\n`;

const CLEAN: Record<string, string> = {
  'shared/a.ts': value('a'),
  'shared/contract.ts': `import { z } from 'zod';\nexport const a = z.string();\nexport type A = z.infer<typeof a>;\n`,
  'main/ports/clock.ts': `export interface A {\n  nowUs(): number;\n}\n`,
  'main/store/a.ts': value('a'),
  'main/ingest/a.ts': imports('../store/a.ts'),
  'main/query/a.ts': value('a'),
  'main/codec/a.ts': value('a'),
  'main/adapters/a.ts': loads('node:fs'),
  'main/gateway.ts': imports('./adapters/a.ts').replace('{ a }', '{ b as a }').replace('b = a', 'a2 = a'),
  'main/testing/a.ts': value('a'),
  'main/x.test.ts': value('a'),
  'scripts/a.ts': value('a'),
  'renderer/a.ts': types('../shared/contract.ts'),
};

/** Rule of .dependency-cruiser.cjs -> a file that breaks it. */
const LAYER_VIOLATIONS: [string, string, string][] = [
  ['shared-imports-shared', 'shared/v1.ts', imports('../main/store/a.ts')],
  ['renderer-imports-shared', 'renderer/v1.ts', imports('../main/store/a.ts')],
  ['stages-are-apart', 'main/tiering/v1.ts', imports('../query/a.ts')],
  ['stages-are-apart', 'main/tiering/v2.ts', types('../query/a.ts')],
  ['store-imports', 'main/store/v1.ts', imports('../ingest/a.ts')],
  ['codec-is-pure', 'main/codec/v1.ts', imports('../store/a.ts')],
  ['ports-are-types', 'main/ports/v1.ts', imports('../store/a.ts')],
  ['config-imports', 'main/config/v1.ts', imports('../store/a.ts')],
  ['adapters-import-ports', 'main/adapters/v1.ts', imports('../store/a.ts')],
  ['shell-imports', 'main/shell/headless/v1.ts', imports('../../store/a.ts')],
  ['pure-layers-use-no-node', 'shared/v2.ts', loads('node:os')],
  ['pure-layers-use-no-node', 'renderer/v2.ts', loads('node:os')],
  ['contract-type-only-in-renderer', 'renderer/v3.ts', imports('../shared/contract.ts')],
  ['zod-in-schemas', 'shared/v3.ts', loads('zod')],
  ['electron-in-its-shell', 'main/v1.ts', loads('electron')],
  ['minio-in-adapters', 'main/tiering/v3.ts', loads('minio')],
  ['sql-in-store', 'main/query/v1.ts', loads('better-sqlite3')],
  ['adapters-in-roots', 'main/tiering/v4.ts', loads('../adapters/a.ts')],
  ['gateway-in-entries', 'main/config/v2.ts', loads('../gateway.ts')],
  ['testing-in-tests', 'main/store/v2.ts', imports('../testing/a.ts')],
  ['nothing-ships-from-scripts', 'main/v2.ts', imports('../scripts/a.ts')],
  ['files-through-adapters', 'main/tiering/v5.ts', loads('node:fs/promises')],
  ['ships-no-dev-dependency', 'main/v3.ts', loads('vite')],
  ['no-import-of-tests', 'main/v4.ts', loads('./x.test.ts')],
  ['no-cycles', 'main/store/v3.ts', imports('./v3.ts')],
  ['no-unresolvable', 'main/v5.ts', loads('./missing.ts')],
];

beforeAll(() => {
  tree = mkdtempSync(path.join(tmpdir(), 'tidemark-planted-'));
  for (const file of CONFIGS) cpSync(path.join(ROOT, file), path.join(tree, file));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'));
  plant(CLEAN);
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('G1 planted violations', () => {
  test('the clean layout passes every gate', () => {
    expect(run('depcruise', 'main', 'shared', 'renderer', 'scripts').output).toContain('no dependency violations');
    for (const layer of ['shared', 'main', 'renderer']) expect(run('tsc', '-p', layer).output).toBe('');
    expect(run('biome', 'lint', '--error-on-warnings')).toMatchObject({ failed: false });
  });

  test('dependency-cruiser reports each broken layer rule at its file', () => {
    plant(Object.fromEntries(LAYER_VIOLATIONS.map(([, file, text]) => [file, text])));
    const { failed, output } = run('depcruise', 'main', 'shared', 'renderer', 'scripts');
    for (const [, file] of LAYER_VIOLATIONS) rmSync(path.join(tree, file));
    expect(failed).toBe(true);
    for (const [rule, file] of LAYER_VIOLATIONS) expect(output).toContain(`error ${rule}: ${file}`);
  });

  test('every layer rule has a planted violation', () => {
    const config: unknown = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
    const planted = new Set(LAYER_VIOLATIONS.map(([rule]) => expect.objectContaining({ name: rule })));
    expect(config).toMatchObject({ forbidden: expect.arrayContaining([...planted]) });
    expect(config).toHaveProperty('forbidden.length', new Set(LAYER_VIOLATIONS.map(([rule]) => rule)).size);
  });

  test.each([
    ['shared', 'shared/v.ts', loads('node:fs')],
    ['shared', 'shared/v.ts', `export const a = document.title;\n`],
    ['shared', 'shared/v.ts', `export const a = setTimeout(() => undefined, 1);\n`],
    ['main', 'main/v.ts', `export const a = document.title;\n`],
    ['main', 'main/v.ts', `export enum A {\n  x,\n}\n`],
    ['renderer', 'renderer/v.ts', `export const a = process.pid;\n`],
  ])('tsc refuses %s: %s %s', (layer, file, text) => {
    plant({ [file]: text });
    const { failed, output } = run('tsc', '-p', layer);
    rmSync(path.join(tree, file));
    expect(failed).toBe(true);
    expect(output).toContain(path.basename(file));
  });

  test.each([
    ['noRestrictedGlobals', 'main/store/v.ts', `export const a = Date.now();\n`],
    ['noRestrictedGlobals', 'main/tiering/v.ts', `export const a = setTimeout(() => undefined, 1);\n`],
    ['noRestrictedGlobals', 'main/query/v.ts', `export const a = fetch('x');\n`],
    ['noRestrictedImports', 'main/ingest/v.ts', loads('node:timers/promises')],
    ['noRestrictedImports', 'main/v.ts', loads('electron')],
    ['noRestrictedImports', 'main/tiering/v.ts', loads('minio')],
    ['noRestrictedImports', 'shared/v.ts', loads('node:fs')],
    ['noRestrictedImports', 'renderer/v.ts', loads('../main/store/a.ts')],
    ['noExplicitAny', 'main/v.ts', `export const a: any = 1;\n`],
    ['noNonNullAssertion', 'main/v.ts', `export const a = (x: string | null): string => x!;\n`],
    ['noFloatingPromises', 'main/v.ts', `const a = async (): Promise<void> => undefined;\na();\n`],
    ['noSkippedTests', 'main/v.test.ts', `import { test } from 'vitest';\ntest.${'skip'}('x', () => undefined);\n`],
  ])('biome reports %s in %s: %s', (rule, file, text) => {
    plant({ [file]: text });
    const { failed, output } = run('biome', 'lint', '--error-on-warnings', file);
    rmSync(path.join(tree, file));
    expect(failed).toBe(true);
    expect(output).toContain(rule);
  });

  test.each([
    `test.${'skip'}('x', () => {})`,
    `describe.${'only'}('x', () => {})`,
    `test.${'skipIf'}(true)('x', () => {})`,
    `// ${'TODO'}: later`,
    `// @ts-${'ignore'}`,
  ])('hygiene reports %s', (line) => {
    expect(findings('a.ts', line)).toHaveLength(1);
  });

  test.each([
    ['begins with no promise', `test('works', () => undefined);`],
    ['names A2, not in', `it.each([1])('A2 %d works', () => undefined);`],
    ['no test proves A1', `describe('B1 b', () => { test('works', () => undefined); });`],
  ])('promises says that a test %s', (message, source) => {
    const spec = '- **A1** It works.\n- **B1** It works too.\n';
    const proofs = message.includes('A1') ? source : `test('A1 B1 c', () => undefined);\n${source}`;
    expect(misfits(spec, new Map([['a.test.ts', proofs]]))).toEqual([expect.stringContaining(message)]);
  });
});
