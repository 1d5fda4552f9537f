import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GENERATED, sourceFiles } from '../lib/files.ts';
import { ROOT } from '../lib/step.ts';

/** What must not be committed, although it compiles and passes. */
export const FORBIDDEN: [RegExp, string][] = [
  [
    /\b(test|it|describe|suite)(\.\w+)*\.(skip|only|todo|skipIf|runIf|fixme|fails|fail)\b/,
    'a test that may not run proves nothing',
  ],
  [/\b(TODO|FIXME|XXX|HACK)\b/, 'finish it or file an issue'],
  [/@ts-(ignore|nocheck|expect-error)/, 'make the types right'],
];

export function findings(file: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      FORBIDDEN.filter(([pattern]) => pattern.test(line)).map(
        ([, why]) => `${file}:${index + 1}: ${line.trim()} (${why})`,
      ),
    );
}

if (import.meta.main) {
  const found = sourceFiles(/\.(ts|tsx|mjs|cjs|css|html)$/)
    // The gates themselves have to name what they look for.
    .filter((file) => !GENERATED.test(file) && !file.startsWith('scripts/gates/'))
    .flatMap((file) => findings(file, readFileSync(path.join(ROOT, file), 'utf8')));
  for (const line of found) console.log(line);
  process.exitCode = found.length === 0 ? 0 : 1;
}
