import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type CallExpression, type Expression, parseSync } from '@swc/core';
import { sourceFiles } from '../lib/files.ts';
import { ROOT } from '../lib/step.ts';

/** Files with tests: suites are registered by several test files. */
const TESTS = /^(main|shared|renderer|e2e|scripts|bench)\/.*(\.test\.tsx?|\.spec\.ts|-suite\.ts)$/;
const PROMISE = /^- \*\*([A-Z]+\d+)\*\* \S/gm;
const LEADING_IDS = /^(?:[A-Z]+\d+ )+/;

/** A test's own title behind those of its describes; '' for one that is not literal. */
interface Test {
  titles: string[];
}

const idsOf = (title: string): string[] => LEADING_IDS.exec(`${title} `)?.[0].trim().split(' ') ?? [];

/** The name a chain of calls and members begins with: `it` of `it.each(rows)('...')`. */
function rootName(e: { type: string }): string | undefined {
  const node = e as Expression;
  if (node.type === 'Identifier') return node.value;
  if (node.type === 'MemberExpression') return rootName(node.object);
  if (node.type === 'CallExpression') return rootName(node.callee);
  if (node.type === 'TaggedTemplateExpression') return rootName(node.tag);
  return undefined;
}

function titleOf(e: Expression | undefined): string {
  if (e?.type === 'StringLiteral') return e.value;
  if (e?.type === 'TemplateLiteral') return e.quasis[0]?.cooked ?? '';
  return '';
}

const isBody = (e: Expression | undefined): boolean =>
  e?.type === 'ArrowFunctionExpression' || e?.type === 'FunctionExpression';

/** What a call declares: a test, a describe, or nothing of the kind (a hook, a step, a table). */
function declares(call: CallExpression): 'test' | 'describe' | undefined {
  const args = call.arguments.map((a) => a.expression);
  if (args.length < 2 || !args.some(isBody)) return undefined;
  const name = rootName(call.callee);
  const members: string[] = [];
  for (let at: { type: string } = call.callee; at.type === 'MemberExpression' || at.type === 'CallExpression'; ) {
    const node = at as Expression;
    if (node.type === 'MemberExpression' && node.property.type === 'Identifier') members.push(node.property.value);
    at = node.type === 'MemberExpression' ? node.object : (node as CallExpression).callee;
  }
  if (members.some((m) => /^(step|use|extend|before|after|slow)/.test(m))) return undefined;
  if (name === 'describe' || members.includes('describe')) return 'describe';
  return name === 'test' || name === 'it' ? 'test' : undefined;
}

/** All tests a source declares. */
function testsOf(file: string, source: string): Test[] {
  const found: Test[] = [];
  const walk = (node: unknown, titles: string[]): void => {
    if (typeof node !== 'object' || node === null) return;
    let inside = titles;
    if ('type' in node && node.type === 'CallExpression') {
      const call = node as CallExpression;
      const kind = declares(call);
      if (kind !== undefined) inside = [...titles, titleOf(call.arguments[0]?.expression)];
      if (kind === 'test') found.push({ titles: inside });
    }
    for (const child of Object.values(node)) walk(child, inside);
  };
  walk(parseSync(source, { syntax: 'typescript', tsx: file.endsWith('x') }).body, []);
  return found;
}

function promisesOf(spec: string): string[] {
  return [...spec.matchAll(PROMISE)].map((match) => match[1] ?? '');
}

/** What does not fit: an id given twice, a test without a known id, a promise without a test. */
export function misfits(spec: string, sources: ReadonlyMap<string, string>): string[] {
  const promises = promisesOf(spec);
  const known = new Set(promises);
  const proven = new Set<string>();
  const wrong = promises
    .filter((id, i) => promises.indexOf(id) !== i)
    .map((id) => `docs/SPEC.md: ${id} is there twice`);
  for (const [file, source] of sources) {
    for (const { titles } of testsOf(file, source)) {
      const ids = titles.flatMap(idsOf);
      const unknown = ids.filter((id) => !known.has(id));
      for (const id of ids) proven.add(id);
      const title = titles.at(-1) ?? '';
      if (ids.length === 0) wrong.push(`${file}: "${title}" begins with no promise of docs/SPEC.md`);
      else if (unknown.length > 0) wrong.push(`${file}: "${title}" names ${unknown.join(', ')}, not in docs/SPEC.md`);
    }
  }
  return [...wrong, ...promises.filter((id) => !proven.has(id)).map((id) => `docs/SPEC.md: no test proves ${id}`)];
}

if (import.meta.main) {
  const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
  const wrong = misfits(read('docs/SPEC.md'), new Map(sourceFiles(TESTS).map((file) => [file, read(file)])));
  for (const line of wrong) console.log(line);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
