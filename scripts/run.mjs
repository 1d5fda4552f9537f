// The launcher behind every npm script. Plain JavaScript for Node 20, because it runs before anything is installed:
// it installs what package-lock.json names, then runs the command on Node >= 24 with node_modules/.bin on PATH.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// 24.3 is the first that runs TypeScript without a warning.
const NODE = [24, 3];
const root = fileURLToPath(new URL('..', import.meta.url));
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.tidemark-lock');
const mutex = path.join(root, '.cache', 'install.lock');

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();

function fail(message) {
  console.error(`tidemark: ${message}`);
  process.exit(1);
}

function npm(...args) {
  // npm's own output goes to stderr: stdout belongs to the command (think of --json).
  const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', [...args, ...flags], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 2, 'pipe'],
    shell: process.platform === 'win32',
  });
  if (result.error) fail(`cannot run npm: ${result.error.message}`);
  return result;
}

function install() {
  console.error('tidemark: installing dependencies ...');
  let result = npm('ci');
  // Some npm versions write a lockfile without the packages of other platforms and then refuse it themselves.
  if (result.status !== 0 && result.stderr.includes('EUSAGE')) result = npm('install', '--no-save');
  if (result.status !== 0) {
    process.stderr.write(result.stderr);
    fail('npm could not install the dependencies (see above)');
  }
  writeFileSync(stamp, lockHash());
}

function running(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Two npm scripts started at once must not both rewrite node_modules: the second waits for the first. */
function installOnce() {
  mkdirSync(path.dirname(mutex), { recursive: true });
  while (!installed()) {
    try {
      writeFileSync(mutex, String(process.pid), { flag: 'wx' });
    } catch {
      const owner = existsSync(mutex) ? Number(readFileSync(mutex, 'utf8')) : 0;
      if (owner > 0 && !running(owner)) rmSync(mutex, { force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      continue;
    }
    try {
      if (!installed()) install();
    } finally {
      rmSync(mutex, { force: true });
    }
  }
}

function nodeFolder() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return path.dirname(process.execPath);
  const folder = path.join(modules, `node-${process.platform}-${process.arch}`, 'bin');
  if (existsSync(path.join(folder, 'node'))) return folder;
  return fail(
    `Node ${NODE.join('.')} or newer is needed on ${process.platform}-${process.arch}; this is ${process.version}`,
  );
}

/**
 * Memory for short-lived objects, 4 MB a half: left to itself the engine takes up to 64 MB in each thread of the gateway, which is no faster by it. And what
 * is garbage is looked for when the rest has grown by a fifth, not when there is several times as much.
 */
const NODE_FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=20'];

function run(command, args) {
  const PATH = [nodeFolder(), path.join(modules, '.bin'), process.env.PATH].join(path.delimiter);
  // What was compiled (and stripped of its types) once is kept: half a second of the start, and some 20 MB in each thread.
  const env = {
    NODE_COMPILE_CACHE: path.join(root, '.cache', 'node'),
    // Left to itself the allocator keeps apart what each thread has freed: some 60 MB that no other can use.
    MALLOC_ARENA_MAX: '1',
    // And once it has freed some large pieces, it keeps what others leave: 20 to 40 MB of a busy gateway. With a fixed size, these are mapped by themselves and given back.
    MALLOC_MMAP_THRESHOLD_: '262144',
    ...process.env,
    PATH,
  };
  const child = spawn(command, command === 'node' ? [...NODE_FLAGS, ...args] : args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C in a terminal already reaches the whole process group; sending it on would deliver it twice.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
}

const [command, ...args] = process.argv.slice(2);
if (command === undefined) fail('usage: node scripts/run.mjs COMMAND [ARGS...]');
installOnce();
run(command, args);
