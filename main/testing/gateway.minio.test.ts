import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryRowsSchema } from '../../shared/schemas.ts';
import { GatewayProcess, type Started } from './gateway-process.ts';
import { type MinioServer, startMinio } from './minio-server.ts';

const RECORDINGS = join(import.meta.dirname, '..', '..', 'assets', 'recordings');
const NAB = 'machine_temperature_system_failure';

/** The file as a user reads it: the last value of a repeated timestamp counts. */
function nabReadings(): Map<string, number> {
  const lines = readFileSync(join(RECORDINGS, `${NAB}.csv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  return new Map(
    lines.map((line): [string, number] => [`${line.slice(0, 19).replace(' ', 'T')}Z`, Number(line.slice(20))]),
  );
}

function surfradTemperatures(): Map<string, number> {
  const rows = readFileSync(join(RECORDINGS, 'surfrad-slv16001.dat'), 'utf8')
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.trim().split(/\s+/));
  const time = (r: string[]): string => `2016-01-01T${r[4]?.padStart(2, '0')}:${r[5]?.padStart(2, '0')}:00Z`;
  return new Map(
    rows.filter((r) => r[8 + 2 * 15] !== '-9999.9').map((r): [string, number] => [time(r), Number(r[8 + 2 * 15])]),
  );
}

let minio: MinioServer;
let gateway: GatewayProcess;
let started: Started;
let client: Client;

beforeAll(async () => {
  minio = await startMinio();
  const url = new URL(minio.endpoint);
  client = new Client({
    endPoint: url.hostname,
    port: Number(url.port),
    useSSL: false,
    accessKey: minio.accessKey,
    secretKey: minio.secretKey,
  });
  await client.makeBucket('site');
  gateway = new GatewayProcess(
    `[minio]\nendpoint = "${minio.endpoint}"\nbucket = "site"\nprefix = "plant/"\naccess_key = "${minio.accessKey}"\nsecret_key = "${minio.secretKey}"\n`,
  );
  started = await gateway.start();
}, 120_000);
afterAll(async () => {
  await gateway?.remove();
  await minio?.close();
});

async function objects(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of client.listObjectsV2('site', '', true)) names.push(String(name));
  return names;
}

const expectNab = () => expect(gateway.raw(`${NAB}.value`, '2013-01-01', '2015-01-01').rows).toEqual(nabReadings());

async function query(shape: { points: string } | { raw: '1' }): Promise<ReturnType<typeof queryRowsSchema.parse>> {
  const range = new URLSearchParams({
    series: `${NAB}.value`,
    from: '2013-01-01T00:00:00Z',
    to: '2015-01-01T00:00:00Z',
    ...shape,
  });
  const response = await fetch(`${started.ui}/api/v1/query?${range}`, {
    headers: { authorization: `Bearer ${gateway.token()}` },
  });
  expect(response.status).toBe(200);
  return queryRowsSchema.parse(await response.json());
}

describe('M1 the main job with a real MinIO', () => {
  it('M1 imports the recordings, moves them, and the database file shrinks', async () => {
    const imported = gateway.cli(
      'import',
      join(RECORDINGS, `${NAB}.csv`),
      join(RECORDINGS, 'surfrad-slv16001.dat'),
      '--json',
    );
    expect(imported.status).toBe(0);
    expect(JSON.parse(imported.stdout)[0].readings).toBe(22_695);
    expectNab();
    const before =
      statSync(join(gateway.data, 'tidemark.db')).size + statSync(join(gateway.data, 'tidemark.db-wal')).size;
    const moved = gateway.cli('tier-now', '--wait');
    expect(moved).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Done\. In the archive: \d+ blocks/) });
    const after =
      statSync(join(gateway.data, 'tidemark.db')).size + statSync(join(gateway.data, 'tidemark.db-wal')).size;
    // Of so little data what stays weighs much: manifest, rollups, and the pages of empty tables.
    expect(after).toBeLessThan(before * 0.7);
    const blocks = (await objects()).filter((name) => name.endsWith('.tmb'));
    expect(blocks.length).toBe(81);
    expect(
      blocks.every((name) => /^plant\/gateway=site1\/date=\d{4}-\d\d-\d\d\/[0-9a-f]{16}-[0-9a-f]{16}\.tmb$/.test(name)),
    ).toBe(true);
  });

  it('M1 answers value by value from the bucket, again after a restart, again with an empty cache', async () => {
    expect(nabReadings().size).toBe(22_683);
    expectNab();
    expect(gateway.raw('surfrad.temp{station=alamosa}', '2016-01-01', '2016-01-02').rows).toEqual(
      surfradTemperatures(),
    );
    expect(await gateway.stop()).toBe(0);
    started = await gateway.start();
    expectNab();
    await gateway.stop();
    rmSync(join(gateway.data, 'cache'), { recursive: true });
    started = await gateway.start();
    expectNab();
  });

  it('M2 with MinIO gone what is not cached is unreachable and said so; everything heals when it returns', async () => {
    await gateway.stop();
    rmSync(join(gateway.data, 'cache'), { recursive: true });
    started = await gateway.start();
    const half = gateway.raw(`${NAB}.value`, '2013-01-01', '2014-01-05').rows;
    await minio.stop();
    const sources = ({ coverage }: Awaited<ReturnType<typeof query>>) => new Set(coverage.map((span) => span.source));
    const answer = await query({ raw: '1' });
    expect(sources(answer)).toEqual(new Set(['none', 'cache', 'unreachable']));
    expect(answer.points).toHaveLength(half.size);
    // Hours are known here, and tell all of it.
    const summary = await query({ points: '500' });
    expect(sources(summary)).toEqual(new Set(['none', 'rollup']));
    expect(summary.points.reduce((n, row) => n + Number(row[4]), 0)).toBe(nabReadings().size);
    const asked = gateway.cli('tier-now', '--wait');
    expect(asked.status).toBe(1);
    expect(asked.stderr).toMatch(/cannot be reached/);
    await minio.restart();
    await expect
      .poll(async () => (await query({ raw: '1' })).coverage.some((span) => span.source === 'unreachable'), {
        timeout: 180_000,
        interval: 1_000,
      })
      .toBe(false);
    expectNab();
  });

  it('M3 a truncated and an altered object are told as damaged, never served, and stop no other', async () => {
    await gateway.stop();
    rmSync(join(gateway.data, 'cache'), { recursive: true });
    const names = (await objects()).filter((name) => /date=2014-01-(05|06)/.test(name));
    for (const [i, name] of names.entries()) {
      const pieces: Buffer[] = [];
      for await (const piece of await client.getObject('site', name)) pieces.push(piece as Buffer);
      const body = Buffer.concat(pieces);
      if (i === 0) body.fill(0, 20, 60);
      await client.putObject('site', name, i === 0 ? body : body.subarray(0, 30));
    }
    started = await gateway.start();
    const answer = await query({ raw: '1' });
    expect(answer.coverage.filter((span) => span.source === 'damaged').length).toBeGreaterThan(0);
    const events = gateway.cli('status', '--json');
    expect(events.status).toBe(0);
    const { rows, complete } = gateway.raw(`${NAB}.value`, '2013-01-01', '2015-01-01');
    expect(complete).toBe(false);
    const expected = nabReadings();
    expect(rows.size).toBe([...expected.keys()].filter((t) => !/^2014-01-0(5|6)/.test(t)).length);
    for (const [t, v] of rows) expect(v).toBe(expected.get(t));
  });
});

describe('D5 wrong starts', () => {
  it('D5 a second gateway on the folder is refused with the address of the first', () => {
    const second = gateway.cli('start');
    expect(second.status).toBe(1);
    expect(second.stderr).toContain(started.ui);
  });

  it('A4 a question of the command line that makes no sense ends with code 2, what is wrong and what to give', () => {
    expect(gateway.cli('query', 'a.b', '--from', 'yesterday', '--to', '2026-01-01')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^tidemark: from: "yesterday" is not a time; give RFC 3339/),
    });
    expect(gateway.cli('query', 'a.b', '--from', '1', '--to', '2', '--points', 'abc')).toMatchObject({ status: 2 });
  });

  it('CFG2 a wrong key ends with code 2 and its place', () => {
    const bad = new GatewayProcess('[tiering]\nmax_age = 3\n');
    const { status, stderr } = bad.cli('start');
    expect(status).toBe(2);
    expect(stderr).toMatch(/tidemark\.toml:\d+: unknown key tiering\.max_age/);
    rmSync(bad.folder, { recursive: true });
  });

  it('CFG4 commands of later versions say so with code 2', () => {
    for (const name of ['export', 'verify', 'rebuild', 'check'])
      expect(gateway.cli(name)).toMatchObject({ status: 2, stderr: expect.stringContaining('not in this version') });
  });
});
