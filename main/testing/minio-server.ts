import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'minio';

/**
 * A real MinIO for tests, benches and the MinIO demo. Nothing is bundled (MinIO is AGPL): the binary is taken from the
 * machine or built from its Go module into .cache/bin.
 */
export interface MinioAccess {
  endpoint: string;
  accessKey: string;
  secretKey: string;
}

export interface MinioServer extends MinioAccess {
  /** Ends the process at once, as a power cut would; the data stays. */
  stop(): Promise<void>;
  /** Starts again on the same port and data, stopping first when needed. */
  restart(): Promise<void>;
  /** Stops and removes the data folder, when this server made it. */
  close(): Promise<void>;
}

export interface MinioOptions {
  /** A free one when left out. */
  port?: number;
  /** A temporary one, removed by close(), when left out. */
  dataDir?: string;
  accessKey?: string;
  secretKey?: string;
  /** Serves the web console there; without it there is none. */
  consolePort?: number;
}

const READY_TIMEOUT_MS = 30_000;
const cacheFolder = path.join(import.meta.dirname, '..', '..', '.cache');
const binFolder = path.join(cacheFolder, 'bin');
/** Empty: certificates of a MinIO that somebody runs under this account must not turn TLS on here. */
const certsFolder = path.join(cacheFolder, 'minio-certs');

/** The path of a MinIO binary, built on first use (about 2 minutes); throws a sentence saying what to do. */
export async function minioBinary(): Promise<string> {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), binFolder];
  const found = folders.map((folder) => path.join(folder, 'minio')).find((file) => existsSync(file));
  if (found !== undefined) return found;
  console.error('MinIO is not on this machine: building it with Go into .cache/bin (about 2 minutes) ...');
  const go = spawn('go', ['install', 'github.com/minio/minio@latest'], {
    env: { ...process.env, GOBIN: binFolder, CGO_ENABLED: '0' },
    stdio: ['ignore', 2, 2],
  });
  const code = await new Promise<number>((resolve) => {
    go.once('error', () => resolve(-1));
    go.once('exit', (status) => resolve(status ?? -1));
  });
  if (code === 0) return path.join(binFolder, 'minio');
  throw new Error(
    'No MinIO for this test: set TIDEMARK_TEST_MINIO=http://accessKey:secretKey@host:port, or put `minio` on PATH, ' +
      'or install Go >= 1.24 so that `go install github.com/minio/minio@latest` can build it.',
  );
}

/** The server named by TIDEMARK_TEST_MINIO, if any. Credentials stand in the URL; MinIO's default ones otherwise. */
export function givenMinio(): MinioAccess | undefined {
  const given = process.env.TIDEMARK_TEST_MINIO;
  if (given === undefined || given === '') return undefined;
  const url = new URL(given.includes('://') ? given : `http://${given}`);
  return {
    endpoint: url.origin,
    accessKey: decodeURIComponent(url.username) || 'minioadmin',
    secretKey: decodeURIComponent(url.password) || 'minioadmin',
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function ready(access: MinioAccess, child: ChildProcess, log: () => string): Promise<void> {
  const url = new URL(access.endpoint);
  const client = new Client({
    endPoint: url.hostname,
    port: Number(url.port),
    useSSL: false,
    accessKey: access.accessKey,
    secretKey: access.secretKey,
    region: 'us-east-1',
    retryOptions: { disableRetry: true },
  });
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`MinIO ended with code ${child.exitCode}:\n${log()}`);
    try {
      // A signed request, because the health pages answer before the credentials are loaded.
      await client.listBuckets();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`MinIO was not ready in time:\n${log()}`, { cause: error });
      await sleep(50);
    }
  }
}

export async function startMinio(options: MinioOptions = {}): Promise<MinioServer> {
  const binary = await minioBinary();
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'tidemark-minio-')));
  const port = options.port ?? (await freePort());
  const access: MinioAccess = {
    endpoint: `http://127.0.0.1:${port}`,
    accessKey: options.accessKey ?? randomBytes(8).toString('hex'),
    secretKey: options.secretKey ?? randomBytes(16).toString('hex'),
  };
  let child: ChildProcess | undefined;
  const killAtExit = () => child?.kill('SIGKILL');
  process.once('exit', killAtExit);

  const start = async () => {
    let log = '';
    const web = options.consolePort === undefined ? [] : ['--console-address', `127.0.0.1:${options.consolePort}`];
    const address = ['--address', `127.0.0.1:${port}`, ...web];
    const started = spawn(binary, ['server', dataDir, ...address, '--certs-dir', certsFolder], {
      env: {
        ...process.env,
        MINIO_ROOT_USER: access.accessKey,
        MINIO_ROOT_PASSWORD: access.secretKey,
        MINIO_BROWSER: web.length === 0 ? 'off' : 'on',
        MINIO_UPDATE: 'off',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (text: Buffer) => {
      log = (log + text.toString()).slice(-4_000);
    };
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    child = started;
    await ready(access, started, () => log);
  };
  const stop = async () => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  };
  const close = async () => {
    await stop();
    process.removeListener('exit', killAtExit);
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...access,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    close,
  };
}
