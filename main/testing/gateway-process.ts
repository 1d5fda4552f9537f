import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const CLI = join(import.meta.dirname, '..', 'cli.ts');

export interface Started {
  url: string;
  ui: string;
  ingest: string;
}

/** A real gateway in a process of its own, in a folder of its own, on free ports; started, killed and asked as a user would. */
export class GatewayProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'tidemark-gateway-'));
  readonly data = join(this.folder, 'data');
  #child: ChildProcess | undefined;
  log = '';

  constructor(toml: string) {
    const listeners = '[ingest.http]\nlisten = "127.0.0.1:0"\n[ui]\nlisten = "127.0.0.1:0"\n';
    writeFileSync(
      join(this.folder, 'tidemark.toml'),
      `[gateway]\nid = "site1"\ndata_dir = "data"\n${listeners}${toml}`,
    );
  }

  get #env(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, HOME: this.folder };
  }

  async start(): Promise<Started> {
    const child = spawn(process.execPath, [CLI, 'start', '--json'], {
      cwd: this.folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (bytes: Buffer) => {
      this.log += bytes.toString('utf8');
    });
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as Started));
      child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${this.log.slice(-2_000)}`)));
    });
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  /** As a power cut: nothing of the process is asked. */
  kill(): Promise<number | null> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  cli(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: this.folder,
      env: this.#env,
      encoding: 'utf8',
      maxBuffer: 1e9,
      timeout: 120_000,
    });
    return { status, stdout, stderr };
  }

  /** `tidemark query --raw --csv` as numbers; `complete` is false when it ended with 1 because a part could not be read. */
  raw(series: string, from: string, to: string): { rows: Map<string, number>; stderr: string; complete: boolean } {
    const { stdout, stderr, status } = this.cli('query', series, '--from', from, '--to', to, '--raw', '--csv');
    if (status !== 0 && !(status === 1 && stderr.includes('the answer is incomplete'))) throw new Error(stderr);
    const lines = stdout
      .split('\n')
      .filter((line) => line !== '')
      .slice(1);
    return {
      rows: new Map(
        lines.map((line): [string, number] => [
          line.slice(0, line.indexOf(',')),
          Number(line.slice(line.indexOf(',') + 1)),
        ]),
      ),
      stderr,
      complete: status === 0,
    };
  }

  token(): string {
    return readFileSync(join(this.data, 'api-token'), 'utf8').trim();
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
