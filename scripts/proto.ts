import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const sources = path.join(root, 'shared', 'proto');
export const GENERATED = path.join(root, 'main', 'codec', 'proto');

/**
 * protobufjs finds its dependency `long` and would then hand out Long objects for every 64-bit field, whatever
 * --force-number promises. Our 64-bit fields (microseconds, sequence numbers) are exact as numbers.
 */
const NUMBERS = '$protobuf.util.Long = undefined;\n$protobuf.configure();\n';
const IMPORT = 'import $protobuf from "protobufjs/minimal.js";\n';

/** Writes <name>.js and <name>.d.ts for every shared/proto/<name>.proto; returns the names of the written files. */
export function generate(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(sources)
    .filter((file) => file.endsWith('.proto'))
    .map((file) => path.basename(file, '.proto'));
  for (const name of names) {
    const out = path.join(folder, `${name}.js`);
    const form = ['--target', 'static-module', '--wrap', 'esm', '--dts', '--force-number'];
    const lean = ['--no-verify', '--no-delimited', '--no-typeurl', '--no-service'];
    // Each file has its own root: with a shared one the second module to load would replace the first one's namespace.
    const place = ['--root', `tidemark_${name}`, '--path', sources, '--out', out];
    const pbjs = path.join(root, 'node_modules', 'protobufjs-cli', 'bin', 'pbjs');
    execFileSync(process.execPath, [pbjs, ...form, ...lean, ...place, path.join(sources, `${name}.proto`)]);
    const code = readFileSync(out, 'utf8');
    if (!code.includes(IMPORT)) throw new Error(`pbjs no longer writes ${IMPORT.trim()}: adapt scripts/proto.ts`);
    writeFileSync(out, code.replace(IMPORT, IMPORT + NUMBERS));
  }
  return names.flatMap((name) => [`${name}.js`, `${name}.d.ts`]);
}

if (import.meta.main) console.log(`wrote ${generate(GENERATED).join(', ')}`);
