import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { GENERATED, sourceFiles } from '../lib/files.ts';
import { ROOT } from '../lib/step.ts';

const FOLDERS = ['main', 'shared', 'renderer', 'e2e', 'scripts', 'bench'];

const present = FOLDERS.filter((folder) => existsSync(path.join(ROOT, folder)));
const result = spawnSync('depcruise', [...present, '--output-type', 'err'], { cwd: ROOT, encoding: 'utf8' });
const output = result.stdout + result.stderr;
const cruised = Number(/(\d+) modules, \d+ dependencies cruised/.exec(output)?.[1] ?? 0);

// Without a parser that knows TypeScript it reports success over no modules at all.
const inLayers = new RegExp(`^(${FOLDERS.join('|')})/.*\\.tsx?$`);
const expected = sourceFiles(inLayers).filter((file) => !GENERATED.test(file)).length;
const blind = cruised < expected;

if (result.status !== 0) console.log(output);
if (blind)
  console.log(`dependency-cruiser saw ${cruised} modules of at least ${expected}: its parser (@swc/core) is missing`);
process.exitCode = result.status === 0 && !blind ? 0 : 1;
