import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '..', '..');

/** A command whose output is kept and shown only when it fails. */
export interface Step {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

export interface StepResult {
  name: string;
  ok: boolean;
  output: string;
  seconds: number;
}

/** No step takes this long; one that hangs must not hang everything. */
const TIMEOUT_MS = 30 * 60_000;

/** What a process that outlived its step may hold up the step: it inherited the pipes and never closes them. */
const GRACE_MS = 2_000;

export function runStep(step: Step): Promise<StepResult> {
  const started = performance.now();
  const child = spawn(step.command, step.args, {
    cwd: ROOT,
    env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...step.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  // Only while a step runs: afterwards signals belong to whoever imported this.
  const stop = () => {
    child.kill('SIGTERM');
    process.exit(1);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let output = '';
  const keep = (text: Buffer) => {
    output += text.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    const end = (ok: boolean) => {
      process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
      resolve({ name: step.name, ok, output, seconds: (performance.now() - started) / 1000 });
    };
    child.once('error', (error) => {
      output += error.message;
      end(false);
    });
    child.once('exit', (code) => setTimeout(() => end(code === 0), GRACE_MS).unref());
    child.once('close', (code) => end(code === 0));
  });
}

/** Runs the steps, `width` at a time, and hands over each result as it comes. */
export async function runSteps(steps: Step[], width: number, report: (result: StepResult) => void): Promise<void> {
  const waiting = [...steps];
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) report(await runStep(step));
  };
  await Promise.all(Array.from({ length: width }, lane));
}

const FIRST_LINES = 100;
const LAST_LINES = 200;

export function printResult(result: StepResult, detail = ''): void {
  console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${result.name} ${detail}(${result.seconds.toFixed(1)} s)`);
  if (result.ok) return;
  const lines = result.output.trimEnd().split('\n');
  const left = lines.length - FIRST_LINES - LAST_LINES;
  if (left > 0) lines.splice(FIRST_LINES, left, `... ${left} lines left out ...`);
  for (const line of lines) console.log(`     ${line}`);
}
