import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sourceFiles } from '../lib/files.ts';
import { ROOT, type Step } from '../lib/step.ts';

function referencedProjects(): string[] {
  const text = readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8');
  return [...text.matchAll(/"path": "\.\/([^"]+)"/g)].map((match) => match[1] ?? '');
}

/** A layer nobody has begun yet has nothing to check; tsc would call that an error. */
function hasSources(project: string): boolean {
  const folder = path.dirname(project);
  const wanted = project.endsWith('.test.json') ? /\.test\.tsx?$/ : /(?<!\.test)\.tsx?$/;
  return sourceFiles(wanted).some((file) => file.startsWith(`${folder}/`));
}

const script = (name: string, file: string): Step => ({ name, command: 'node', args: [`scripts/gates/${file}`] });

export const typeGates = (): Step[] =>
  referencedProjects()
    .filter(hasSources)
    .map((project) => ({ name: `types ${project}`, command: 'tsc', args: ['-p', project] }));

export const lintGates = (): Step[] => [
  { name: 'biome', command: 'biome', args: ['check', '--error-on-warnings'] },
  script('layers', 'layers.ts'),
  { name: 'knip', command: 'knip', args: ['--no-progress'] },
  script('file length', 'length.ts'),
  script('hygiene', 'hygiene.ts'),
  script('protobuf', 'proto.ts'),
  script('promises', 'promises.ts'),
];
