import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { WriteClients } from './clients.ts';
import { atEnd } from './scratch.ts';

const STARTS_WITHIN_MS = 20_000;

/** A database to measure against, in a process of its own. */
export interface PeerServer {
  url: string;
  clients: WriteClients;
  /** `SIGTERM` lets it write everything to its files. */
  close(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface PeerServerOptions {
  program: string;
  args: readonly string[];
  env?: Record<string, string>;
  url: string;
  /** Path that answers 2xx once it serves. */
  health: string;
  /** Path and query that take line protocol in microseconds. */
  write: string;
  connections: number;
}

export async function startPeerServer(o: PeerServerOptions): Promise<PeerServer> {
  const child = spawn(o.program, o.args, { stdio: 'ignore', env: { PATH: process.env.PATH, ...o.env } });
  const kill = atEnd(() => void child.kill('SIGKILL'));
  for (const from = performance.now(); !(await answers(o.url + o.health)); await sleep(50)) {
    if (child.exitCode !== null || performance.now() - from > STARTS_WITHIN_MS) {
      kill();
      throw new Error(`${o.program} does not start`);
    }
  }
  const clients = new WriteClients(o.url, o.connections, o.write);
  return {
    url: o.url,
    clients,
    async close(signal = 'SIGKILL') {
      clients.close();
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
      kill();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
