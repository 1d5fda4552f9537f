import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { extractAll, extractFile, listPackage } from '@electron/asar';
import { buildMain } from '../scripts/build.ts';
import { ROOT } from '../scripts/lib/step.ts';
import { expect, expectLive, test } from './electron/fixtures.ts';

// Packs the app as `npm run package` does, up to the runtime: that is a stub, because it cannot be had everywhere.

const ARCHITECTURES = ['x64', 'arm64'] as const;
type Architecture = (typeof ARCHITECTURES)[number];

/** Where Electron's executable keeps its fuses, with the states it comes with. */
const FUSES = { mark: 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0008', asDelivered: '10110001', asPackaged: '00000100' };

let folder = '';

const packed = (arch: Architecture): string =>
  join(folder, arch, arch === 'x64' ? 'linux-unpacked' : 'linux-arm64-unpacked');
const archive = (arch: Architecture): string => join(packed(arch), 'resources', 'app.asar');

function pack(arch: Architecture, stub: string): void {
  const { status, stdout, stderr } = spawnSync(
    'electron-builder',
    ['--linux', 'dir', `--${arch}`, `-c.electronDist=${stub}`, `-c.directories.output=${join(folder, arch)}`],
    { cwd: ROOT, encoding: 'utf8', timeout: 60_000 },
  );
  expect(status, stdout + stderr).toBe(0);
}

// In one worker: packing once is enough.
test.describe.configure({ mode: 'default' });

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-package-'));
  const stub = join(folder, 'electron');
  mkdirSync(join(stub, 'resources'), { recursive: true });
  mkdirSync(join(stub, 'locales'));
  writeFileSync(join(stub, 'electron'), FUSES.mark + FUSES.asDelivered, { mode: 0o755 });
  await buildMain();
  for (const arch of ARCHITECTURES) pack(arch, stub);
  extractAll(archive(process.arch as Architecture), join(folder, 'app'));
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const arch of ARCHITECTURES) {
  test(`E13 the ${arch} package holds what the app needs, and nothing that only builds or tests it`, () => {
    const files = listPackage(archive(arch), { isPack: false });
    for (const file of [
      '/package.json',
      '/LICENSE',
      '/dist/electron.js',
      '/dist/cli.js',
      '/dist/writer.js',
      '/dist/preload.cjs',
      '/dist/renderer/index.html',
      '/dist/renderer/licenses.md',
      '/assets/icon.png',
      '/assets/recordings/machine_temperature_system_failure.csv',
      '/node_modules/better-sqlite3/lib/index.js',
      '/node_modules/fastify/LICENSE',
    ]) {
      expect(files, file).toContain(file);
    }
    const unwanted =
      /\.tsx?$|\.test\.|^\/(main|renderer|shared|e2e|scripts|bench|docs|release)\/|node-linux-|\/\.|\.(c|cc|h|gyp)$/;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
    const natives = files.filter((file) => file.endsWith('.node'));
    expect(natives).toEqual([`/node_modules/better-sqlite3/prebuilds/linux-${arch}.node`]);
    for (const file of natives) expect(existsSync(join(`${archive(arch)}.unpacked`, file))).toBe(true);
    const manifest = JSON.parse(extractFile(archive(arch), 'package.json').toString('utf8')) as { main: string };
    expect(files).toContain(`/${manifest.main}`);
  });

  test(`E13 the ${arch} executable is tidemark-desktop, with the fuses blown that would open it`, () => {
    const executable = readFileSync(join(packed(arch), 'tidemark-desktop'), 'latin1');
    expect(executable).toBe(FUSES.mark + FUSES.asPackaged);
  });
}

test('E13 the packaged command line works outside a checkout', async () => {
  const cli = join(folder, 'app', 'dist', 'cli.js');
  const home = join(folder, 'home');
  mkdirSync(home);
  const options = { cwd: home, env: { PATH: process.env.PATH, HOME: home } };
  const help = spawnSync(process.execPath, [cli, '--help'], { ...options, encoding: 'utf8' });
  expect(help.stderr).toBe('');
  expect(help.stdout).toContain('tier-now');
  const gateway = spawn(process.execPath, [cli, 'start', '--no-window', '--demo', '--json'], {
    ...options,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = new Promise((resolve) => gateway.once('exit', resolve));
  try {
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: gateway.stdout }).once('line', resolve);
      void exited.then((code) => reject(new Error(`it ended with ${String(code)}`)));
    });
    const { ui, demo } = JSON.parse(line) as { ui: string; demo: boolean };
    expect(demo).toBe(true);
    expect(await (await fetch(ui)).text()).toContain('data-shell="headless"');
    const status = spawnSync(process.execPath, [cli, 'status', '--json'], { ...options, encoding: 'utf8' });
    expect(JSON.parse(status.stdout)).toMatchObject({ site: { demo: true } });
  } finally {
    gateway.kill('SIGTERM');
  }
  expect(await exited).toBe(0);
});

test('E13 the packaged app shows its screen outside a checkout', async ({ open }) => {
  const { page } = await open(join(folder, 'app', 'dist', 'electron.js'));
  await expectLive(page);
});
