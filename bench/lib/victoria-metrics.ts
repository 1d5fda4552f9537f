import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WriteClients } from './clients.ts';
import { atEnd } from './scratch.ts';

const NAME = 'victoria-metrics';
const CACHE = join(import.meta.dirname, '..', '..', '.cache');
const STARTS_WITHIN_MS = 20_000;

/** A peer: VictoriaMetrics in a process of its own. It acknowledges before anything is on the disk. */
export interface VictoriaMetrics {
  clients: WriteClients;
  close(): Promise<void>;
}

/** Undefined, with one line that says so, when this machine has none and the distribution gives none. */
export async function startVictoriaMetrics(folder: string, connections: number): Promise<VictoriaMetrics | undefined> {
  const binary = victoriaMetricsBinary();
  if (binary === undefined) {
    console.error(
      'VictoriaMetrics is not measured: it is not on PATH, and `apt-get download victoria-metrics` failed.',
    );
    return undefined;
  }
  const port = await freePort();
  // It silently drops what is older than it retains.
  const child = spawn(
    binary,
    [`-storageDataPath=${folder}`, `-httpListenAddr=127.0.0.1:${port}`, '-retentionPeriod=100y', '-loggerLevel=ERROR'],
    { stdio: 'ignore' },
  );
  const kill = atEnd(() => void child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  for (const from = performance.now(); !(await answers(`${url}/health`)); await sleep(50)) {
    if (child.exitCode !== null || performance.now() - from > STARTS_WITHIN_MS) {
      kill();
      throw new Error(`VictoriaMetrics (${binary}) does not start`);
    }
  }
  const clients = new WriteClients(url, connections, '/write?precision=u');
  return {
    clients,
    async close() {
      clients.close();
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/** On PATH, else in .cache/bin, else taken out of the distribution's package: nothing is installed, so no service starts. */
function victoriaMetricsBinary(): string | undefined {
  const kept = join(CACHE, 'bin', NAME);
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = [...folders.map((folder) => join(folder, NAME)), kept].find((file) => existsSync(file));
  if (found !== undefined) return found;
  mkdirSync(join(CACHE, 'bin'), { recursive: true });
  const work = mkdtempSync(join(CACHE, NAME));
  try {
    const download = (): boolean => run(work, 'apt-get', 'download', NAME);
    if (!download() && !(run(work, 'apt-get', 'update') && download())) return undefined;
    const file = readdirSync(work).find((name) => name.endsWith('.deb'));
    if (file === undefined || !run(work, 'dpkg-deb', '-x', file, 'package')) return undefined;
    copyFileSync(join(work, 'package', 'usr', 'bin', NAME), kept);
    return kept;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(cwd: string, command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { cwd, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
