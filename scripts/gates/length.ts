import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GENERATED, sourceFiles } from '../lib/files.ts';
import { ROOT } from '../lib/step.ts';

const MOST = 400;

const long = sourceFiles(/\.(ts|tsx|mjs|cjs)$/)
  .filter((file) => !GENERATED.test(file))
  .map((file) => ({ file, lines: readFileSync(path.join(ROOT, file), 'utf8').split('\n').length - 1 }))
  .filter(({ lines }) => lines > MOST);

for (const { file, lines } of long) console.log(`${file} has ${lines} lines, more than ${MOST}: split it`);
process.exitCode = long.length === 0 ? 0 : 1;
