import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedSite } from './served-site.ts';

const CLI = join(import.meta.dirname, '..', 'cli.ts');
const RECORDINGS = join(import.meta.dirname, '..', '..', 'assets', 'recordings');
const EVER = [0, Date.now() * 1_000] as const;

let site: ServedSite;
beforeAll(async () => {
  site = await ServedSite.start('');
});
afterAll(() => site.end());

function file(name: string, content: string | Uint8Array): string {
  const path = join(site.gateway.folder, name);
  writeFileSync(path, content);
  return path;
}

const importOf = (...paths: string[]) => site.gateway.cli('import', ...paths);
const values = async (key: string): Promise<number[]> => (await site.raw(key, ...EVER)).points.map(([, v]) => v);
const known = async (search: string): Promise<number> =>
  ((await (await site.call(`/series?search=${search}`)).json()) as { total: number }).total;

/** A CSV of many bodies, one reading a second. */
const LONG = 400_000;
const long = (): string =>
  ['timestamp,value', ...Array.from({ length: LONG }, (_, i) => `${1_700_000_000 + i},${i}.5`)].join('\n');

describe('I1 files that are not as they should be', () => {
  it.each([
    ['no time', 'timestamp,value\n2026-01-01 00:00:00,1\nsoon,2\n', /no-time\.csv:3:1: "soon" is not a time/],
    [
      'no number',
      'timestamp,value\n2026-01-01 00:00:00,1\n2026-01-01 00:00:01,warm\n',
      /no-number\.csv:3:21: "warm" is not a number/,
    ],
    ['a cell too many', 'timestamp,value\n2026-01-01 00:00:00,1,2\n', /csv:2:1: expected two cells/],
    ['no rows of ours', 'time;temp\n1;2\n', /unknown format/],
    ['nothing', '', /unknown format/],
    ['a line without end', `timestamp,value\n${'1'.repeat(9_000_000)}`, /csv:2.*longer than/],
    ['bytes of anything', Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7) % 256)), /unknown format/],
    [
      'gzip cut short',
      gzipSync(`timestamp,value\n${'2026-01-01,1\n'.repeat(100)}`).subarray(0, 40),
      /gzip data is damaged or cut short/,
    ],
  ])('I1 ING15 a CSV with %s ends with 1, naming file, line and column', async (what, content, message) => {
    const stem = what.replaceAll(' ', '-');
    const { status, stdout, stderr } = importOf(file(`${stem}.csv`, content));
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\bat .*\.ts|node:internal/);
    expect(await known(stem)).toBe(0);
  });

  it('I1 a SURFRAD day: missing cells are skipped and counted, a cell that is no number is named', async () => {
    const path = join(site.gateway.folder, 'day.dat');
    const day = readFileSync(join(RECORDINGS, 'surfrad-slv16001.dat'), 'utf8').split('\n');
    writeFileSync(path, [...day.slice(0, 12), day[12]!.replace(/^((?:\s*\S+){8}\s+)\S+/, '$1wet')].join('\n'));
    const { status, stderr } = importOf(path);
    expect(status).toBe(1);
    expect(stderr).toMatch(/day\.dat:13:\d+: /);
    expect(await known('surfrad')).toBe(0);
    writeFileSync(path, day.slice(0, 12).join('\n'));
    const [report] = JSON.parse(importOf('--json', path).stdout);
    expect(report.readings).toBeGreaterThan(50);
    const rows = day.slice(2, 12).map((line) => line.trim().split(/\s+/));
    const cells = rows.flatMap((row) => row.slice(8).filter((_, i) => i % 2 === 0));
    const missing = cells.filter((cell) => cell === '-9999.9').length;
    expect([report.readings + report.skipped, report.skipped]).toEqual([cells.length, missing]);
  });

  it('I1 a file that is not there, and a folder', () => {
    expect(importOf('nowhere.csv')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/cannot read nowhere\.csv/),
    });
    mkdirSync(join(site.gateway.folder, 'folder.csv'));
    expect(importOf('folder.csv')).toMatchObject({ status: 1, stderr: expect.stringMatching(/not a file/) });
    expect(importOf()).toMatchObject({ status: 2 });
  });

  it('I1 line protocol with wrong lines: they are named, the others are stored', async () => {
    const path = file('lines.lp', 'imp v=1 1000\nimp v= 2000\nimp v=3 3000\n');
    const { status, stderr } = importOf(path);
    expect(status).toBe(1);
    expect(stderr).toMatch(/line 2/);
    expect(await values('imp.v')).toEqual([1, 3]);
  });

  it('I1 gzip of a recording gives what the recording gives', async () => {
    const name = 'ambient_temperature_system_failure';
    copyFileSync(join(RECORDINGS, `${name}.csv`), join(site.gateway.folder, 'plain.csv'));
    file('packed.csv.gz', gzipSync(readFileSync(join(RECORDINGS, `${name}.csv`))));
    expect(importOf('plain.csv', 'packed.csv.gz').status).toBe(0);
    const plain = await values('plain.value');
    expect(plain.length).toBeGreaterThan(7_000);
    expect(await values('packed.value')).toEqual(plain);
  });
});

describe('I2 an import that breaks off', () => {
  it('I2 killed in its middle and repeated, it gives each reading once', async () => {
    const path = file('again.csv', long());
    const child = spawn(process.execPath, [CLI, 'import', path], {
      cwd: site.gateway.folder,
      env: { PATH: process.env.PATH, HOME: site.gateway.folder },
    });
    while ((await known('again.value')) === 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const before = (await values('again.value')).length;
    expect(before).toBeGreaterThan(0);
    expect(importOf(path).status).toBe(0);
    expect(await values('again.value')).toEqual(Array.from({ length: LONG }, (_, i) => i + 0.5));
  });

  it('I2 the gateway is killed in its middle: the import says so; repeated, it gives each reading once', async () => {
    const path = file('cut.csv', long());
    const child = spawn(process.execPath, [CLI, 'import', path], {
      cwd: site.gateway.folder,
      env: { PATH: process.env.PATH, HOME: site.gateway.folder },
    });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    while ((await known('cut.value')) === 0);
    await site.gateway.kill();
    const [code] = await once(child, 'exit');
    expect(code === 0 || /does not answer.*importing again doubles nothing/s.test(stderr)).toBe(true);
    expect(importOf(path)).toMatchObject({ status: 1, stderr: expect.stringMatching(/no gateway runs/) });
    await site.start();
    expect(importOf(path).status).toBe(0);
    expect(await values('cut.value')).toEqual(Array.from({ length: LONG }, (_, i) => i + 0.5));
  });
});

it('CLI2 a reader that has enough of the output ends a command without an error', () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `${1_700_000_000 + i},${i}.5`);
  expect(importOf(file('enough.csv', ['timestamp,value', ...rows].join('\n'))).status).toBe(0);
  const query = 'query enough.value --from 2023-01-01 --to 2024-01-01 --raw --csv';
  // The exit code of the command goes to stderr, behind whatever else it says there.
  const script = `{ "${process.execPath}" "${CLI}" ${query}; echo "ended $?" >&2; } | head -n 1`;
  const { stdout, stderr } = spawnSync('sh', ['-c', script], {
    cwd: site.gateway.folder,
    env: { PATH: process.env.PATH, HOME: site.gateway.folder },
    encoding: 'utf8',
  });
  expect(stdout).toBe('time,value\n');
  expect(stderr).toBe('ended 0\n');
});
