import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { electronOrReason } from './electron-runtime.ts';
import { lintGates, typeGates } from './gates/gates.ts';
import { type Counts, playwrightCounts, vitestCounts } from './lib/counts.ts';
import { printResult, ROOT, runStep, runSteps, type Step, type StepResult } from './lib/step.ts';

/** Everything `npm test` runs. Its last line is the sum; nothing is left out silently. */
interface Suite {
  step: Step;
  report: string;
  counts: (report: string) => Counts;
}

const REPORTS = path.join(ROOT, '.cache', 'reports');
const total: Counts = { passed: 0, failed: 0, names: [] };

function add(counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.names.push(...counts.names);
}

function finishGate(result: StepResult): void {
  printResult(result);
  add(result.ok ? { passed: 1, failed: 0, names: [] } : { passed: 0, failed: 1, names: [result.name] });
}

function vitest(project: string): Suite {
  const report = path.join(REPORTS, `${project}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return { step: { name: `vitest ${project}`, command: 'vitest', args }, report, counts: vitestCounts };
}

function playwright(): Suite {
  const report = path.join(REPORTS, 'e2e.json');
  const args = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  return { step: { name: 'playwright', command: 'playwright', args, env }, report, counts: playwrightCounts };
}

/** A suite that ran no test, or failed without saying which test did, counts as one failure. */
async function runSuite(suite: Suite): Promise<void> {
  const result = await runStep(suite.step);
  const nothing = { passed: 0, failed: 0, names: [] };
  const counts = existsSync(suite.report) ? suite.counts(readFileSync(suite.report, 'utf8')) : nothing;
  const empty = counts.passed + counts.failed === 0;
  if (empty || (!result.ok && counts.failed === 0)) {
    counts.failed += 1;
    counts.names.push(suite.step.name);
  }
  const ok = result.ok && counts.failed === 0;
  const output = empty ? `${result.output}\nno test ran` : result.output;
  const failed = counts.names.map((name) => `failed: ${name}\n`).join('');
  printResult({ ...result, ok, output: failed + output }, `${counts.passed} passed, ${counts.failed} failed `);
  add(counts);
}

/** Sizes, speeds in processor time, and one that is many times its bar in the best of some rounds: nothing that another load on the machine could miss. */
const BENCH = ['bench/main.ts', '--only', 'codec,ingest,disk', '--quick'];

const started = performance.now();
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

await runSteps([...typeGates(), ...lintGates()], 2, finishGate);
await runSuite(vitest('unit'));
await runSuite(vitest('minio'));
finishGate(await runStep({ name: 'bench bars, half as strict', command: 'node', args: BENCH }));
finishGate(await runStep({ name: 'build', command: 'node', args: ['scripts/build.ts'] }));
if (readdirSync(path.join(ROOT, 'e2e')).some((file) => file.endsWith('.spec.ts'))) await runSuite(playwright());
else console.log('     e2e has no specs yet');
const electron = electronOrReason();
if ('missing' in electron) console.log(`     ${electron.missing}`);

console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
// At the end, where whoever looks at the sum sees them, however long the output before.
for (const name of total.names) console.log(`failed: ${name}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
