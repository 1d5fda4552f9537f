import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'minio';
import { freePort, givenMinio, type MinioAccess, startMinio } from '../main/testing/minio-server.ts';
import { messageOf } from '../shared/errors.ts';
import { ROOT } from './lib/step.ts';

/** The demo site of `npm start` against a real MinIO, both in a throw-away folder. Arguments go to `start`. */
const folder = await mkdtemp(path.join(os.tmpdir(), 'tidemark-demo-'));
const bucket = `tidemark-demo-${randomBytes(3).toString('hex')}`;

interface DemoMinio extends MinioAccess {
  /** Only of our own: address of its web console. */
  console?: string;
  close?(): Promise<void>;
}

async function ownMinio(): Promise<DemoMinio> {
  console.log('Starting a MinIO of its own for this demo ...');
  const consolePort = await freePort();
  const dataDir = path.join(folder, 'minio');
  const server = await startMinio({ dataDir, consolePort });
  return { ...server, console: `http://127.0.0.1:${consolePort}` };
}

async function makeBucket(minio: MinioAccess): Promise<void> {
  const { hostname, port, protocol } = new URL(minio.endpoint);
  const client = new Client({
    endPoint: hostname,
    useSSL: protocol === 'https:',
    accessKey: minio.accessKey,
    secretKey: minio.secretKey,
    ...(port === '' ? {} : { port: Number(port) }),
  });
  await client.makeBucket(bucket);
}

/** Said before the gateway's own line, which names the address of the screen. */
function introduce(minio: DemoMinio): void {
  const rclone =
    `rclone ls --s3-provider Minio --s3-endpoint ${minio.endpoint} --s3-access-key-id ${minio.accessKey} ` +
    `--s3-secret-access-key ${minio.secretKey} :s3:${bucket}`;
  console.log(`MinIO is at ${minio.endpoint}; the bucket is ${bucket}`);
  if (minio.console !== undefined)
    console.log(`Its console is at ${minio.console} (user ${minio.accessKey}, password ${minio.secretKey})`);
  console.log(`What is in the bucket:\n  ${rclone}`);
  console.log(`Data folder: ${path.join(folder, 'gateway')}; it goes when the demo ends (Ctrl-C).`);
}

async function runGateway(minio: MinioAccess): Promise<number> {
  const config = path.join(folder, 'tidemark.toml');
  const lines = { endpoint: minio.endpoint, bucket, access_key: minio.accessKey, secret_key: minio.secretKey };
  const text = Object.entries(lines).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  await writeFile(config, `[minio]\n${text.join('')}`, { mode: 0o600 });
  const options = ['--demo', '--config', config, '--data-dir', path.join(folder, 'gateway')];
  const start = path.join(ROOT, 'scripts', 'start.ts');
  const child = spawn(process.execPath, [start, ...options, ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Ctrl-C in a terminal already reaches the whole process group.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

let minio: DemoMinio | undefined;
try {
  minio = givenMinio() ?? (await ownMinio());
  await makeBucket(minio);
  introduce(minio);
  process.exitCode = await runGateway(minio);
} catch (error) {
  console.error(`tidemark: ${messageOf(error)}`);
  process.exitCode = 1;
} finally {
  await minio?.close?.();
  await rm(folder, { recursive: true, force: true });
}
process.exit();
