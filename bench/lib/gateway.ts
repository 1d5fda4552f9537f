import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Status, statusSchema } from '../../shared/schemas.ts';
import type { ProbeAnswer, ProbeCall } from './probe.ts';
import { atEnd } from './scratch.ts';

const CLI = join(import.meta.dirname, '..', '..', 'main', 'cli.ts');
const PROBE = join(import.meta.dirname, 'probe.ts');

/** The real gateway in a process of its own, as `tidemark start` runs it; only a probe of its main thread is loaded before it. */
export class BenchGateway {
  readonly data: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #log = '';
  /** Calls over kept connections, by a client that adds little of its own to what is measured. */
  readonly #agent = new Agent({ keepAlive: true });
  #token: string | undefined;
  ui = '';
  ingest = '';
  /** From the start of the process until it said that it serves. */
  startMs = 0;

  /** `toml` is added to the listeners; the folder is the caller's. */
  constructor(folder: string, toml = '') {
    this.#folder = folder;
    this.data = join(folder, 'data');
    mkdirSync(folder, { recursive: true });
    const listeners = '[ingest.http]\nlisten = "127.0.0.1:0"\n[ui]\nlisten = "127.0.0.1:0"\n';
    writeFileSync(join(folder, 'tidemark.toml'), `[gateway]\nid = "bench"\ndata_dir = "data"\n${listeners}${toml}`);
  }

  async start(): Promise<this> {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...process.execArgv, '--import', PROBE, CLI, 'start', '--json'], {
      cwd: this.#folder,
      // As scripts/run.mjs runs it.
      env: {
        PATH: process.env.PATH,
        HOME: this.#folder,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX,
        MALLOC_MMAP_THRESHOLD_: process.env.MALLOC_MMAP_THRESHOLD_,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    const forget = atEnd(() => void child.kill('SIGKILL'));
    child.once('exit', forget);
    child.stderr?.on('data', (bytes: Buffer) => {
      this.#log = (this.#log + bytes.toString()).slice(-4_000);
    });
    const line = await new Promise<string>((resolve, reject) => {
      if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}:\n${this.#log}`)));
    });
    this.startMs = performance.now() - startedAt;
    const { ui, ingest } = JSON.parse(line) as { ui: string; ingest: string };
    this.ui = ui;
    this.ingest = ingest;
    return this;
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** A REST call with the gateway's own token; rejects unless it is answered with 2xx. */
  async call(method: 'GET' | 'POST', path: string): Promise<unknown> {
    this.#token ??= readFileSync(join(this.data, 'api-token'), 'utf8').trim();
    const headers = { authorization: `Bearer ${this.#token}` };
    const sent = request(`${this.ui}/api/v1${path}`, { method, headers, agent: this.#agent }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const said = await text(answer);
    if (Math.floor((answer.statusCode ?? 0) / 100) !== 2)
      throw new Error(`${path} answered ${answer.statusCode}: ${said}`);
    return JSON.parse(said);
  }

  async status(): Promise<Status> {
    return statusSchema.parse(await this.call('GET', '/status'));
  }

  /** "Tier now", until everything that was due is cold. */
  async tierAll(): Promise<void> {
    await this.call('POST', '/tier-now');
    for (;;) {
      const { tiering, queue, state, sentence } = await this.status();
      if (state === 'error' || state === 'attention') throw new Error(`tiering does not go on: ${sentence}`);
      if (!tiering.requested && !tiering.running && queue.pending + queue.uploading === 0) return;
      await sleep(100);
    }
  }

  /** Asks the probe in the gateway's main thread. */
  async probe(call: ProbeCall): Promise<ProbeAnswer> {
    const child = this.#child;
    if (child === undefined) throw new Error('the gateway does not run');
    const answered = once(child, 'message') as Promise<[ProbeAnswer]>;
    child.send(call);
    const [answer] = await answered;
    return answer;
  }

  /** Resident memory of the whole process, bytes (Linux only). */
  residentBytes(): number | undefined {
    return this.#proc('status', /^VmRSS:\s+(\d+) kB$/m, 1_024);
  }

  /** The most that its resident memory has been, bytes (Linux only). */
  peakBytes(): number | undefined {
    return this.#proc('status', /^VmHWM:\s+(\d+) kB$/m, 1_024);
  }

  /** Bytes this process has caused to be written to the disk so far (Linux only). */
  bytesWritten(): number | undefined {
    return this.#proc('io', /^write_bytes: (\d+)$/m, 1);
  }

  #proc(file: string, figure: RegExp, unit: number): number | undefined {
    try {
      const found = figure.exec(readFileSync(`/proc/${this.#child?.pid}/${file}`, 'utf8'));
      return found === null ? undefined : Number(found[1]) * unit;
    } catch {
      return undefined;
    }
  }
}
