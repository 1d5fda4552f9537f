import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { losePages } from './testing/lost-pages.ts';
import { startWriter } from './testing/writer-thread.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-writer-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const path = (): string => join(dir, 'tidemark.db');

const start = () => startWriter({ path: path(), maxSeries: 10, nowUs: 0 });

/** 200,000 lines of four fields. */
function body(firstUs: number): Uint8Array {
  const lines = Array.from({ length: 200_000 }, (_, i) => `m a=${i},b=${i % 7},c=1,d=2 ${firstUs + i}`);
  return Buffer.from(lines.join('\n'));
}

it('ING17 memory holds no more than a cut, a quarter of it and one group, however fast readings come, without anybody asking for a cut', {
  timeout: 180_000,
}, async () => {
  const { api, ended } = start();
  for (let n = 1; n <= 6; n++) {
    const [result] = await api.ingest([{ format: 'line', body: body(n * 1_000_000), precision: 'us' }], n);
    expect(result).toMatchObject({ accepted: 800_000, refused: 0 });
    const { head, local } = await api.stats();
    expect(head.readings).toBeLessThan(2_500_000 + 800_000);
    expect(head.readings + local.readings).toBe(n * 800_000);
  }
  await expect.poll(async () => (await api.stats()).head.readings, { timeout: 10_000 }).toBeLessThan(2_000_000);
  await api.close();
  await ended;
});

it('ING19 answers other calls while a large group is taken in, and takes the next group after it', async () => {
  const { api, ended } = start();
  const order: string[] = [];
  const first = api.ingest([{ format: 'line', body: body(0), precision: 'us' }], 1).then(() => order.push('first'));
  const second = api
    .ingest([{ format: 'line', body: Buffer.from('m a=9,e=5 7'), precision: 'us' }], 2)
    .then(() => order.push('second'));
  const { head } = await api.stats();
  order.push('stats');
  expect(head.readings).toBeLessThan(800_000);
  await Promise.all([first, second]);
  expect(order).toEqual(['stats', 'first', 'second']);
  const { runs } = await api.runs('m.a', 7, 8, new Map(), new Set());
  expect(runs.at(-1)?.v).toEqual(Float64Array.of(9));
  await api.close();
  await ended;
});

it('P10 goes on planning by itself, and answers other calls between its steps', async () => {
  const { api, ended } = start();
  // More bytes than one step takes
  const noise = Array.from(
    { length: 100_000 },
    (_, i) => `m a=${Math.random()},b=${Math.random()},c=${Math.random()},d=${Math.random()} ${i}`,
  );
  await api.ingest([{ format: 'line', body: Buffer.from(noise.join('\n')), precision: 'us' }], 1);
  while ((await api.cutStep(1, 'always')).more);
  while (await api.compactDay(0, 1));
  while (await api.rollUpDay(0, 1));
  await api.freezeDay(0);
  const order: string[] = [];
  const plan = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 32e6, nowUs: 1 };
  const planned = api.planStep(0, plan).then(({ block }) => order.push(`planned ${block?.readings}`));
  const asked = api.stats().then(() => order.push('stats'));
  await Promise.all([planned, asked]);
  expect(order).toEqual(['stats', 'planned 400000']);
  await api.close();
  await ended;
});

it('P9 memory that the bytes of an object are put into moves to the thread and back, it is not copied', async () => {
  const { api, ended } = start();
  await api.ingest(line('m a=1 1000000'), 1);
  while ((await api.cutStep(1, 'always')).more);
  while (await api.compactDay(0, 1));
  while (await api.rollUpDay(0, 1));
  await api.freezeDay(0);
  const plan = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 32e6, nowUs: 1 };
  const { block } = await api.planStep(0, plan);
  const given = new Uint8Array(9);
  const { memory, bytes } = await api.fillFrom(block?.id ?? '', 0, block?.bytes ?? 0, given);
  expect([given.buffer.detached, bytes, memory.length]).toEqual([true, 9, 9]);
  expect(Buffer.from(memory).toString()).toMatch(/^.TMB/);
  await expect(api.fillFrom('none', 0, 1, memory)).rejects.toThrow('none');
  expect(memory.buffer.detached).toBe(true);
  await api.close();
  await ended;
});

/** As a disk loses pages while the gateway runs. */
function loseWhileRunning(tree: string): void {
  expect(losePages(path(), tree, 'leaf')).toBeGreaterThan(0);
  // Pages that the writer knows by heart are read again after another's commit.
  const other = new Database(path());
  other.exec('update meta set value = value');
  other.close();
}

const line = (text: string) => [{ format: 'line' as const, body: Buffer.from(text), precision: 'us' as const }];

it.each([
  ['sqlite_autoindex_series_1', 'a new series comes in'],
  ['segment_by_day', 'what is in memory is cut'],
  ['segment', 'what is in memory is cut'],
  ['segment_body', 'what is in memory is cut'],
])(
  'D9 pages of %s that the disk loses while the gateway runs are noticed when %s: mended, told, and nothing that comes is lost',
  async (tree) => {
    const { api, ended } = start();
    await api.ingest(line('m a=1 1000000'), 1);
    while ((await api.cutStep(1, 'always')).more);
    loseWhileRunning(tree);
    const [result] = await api.ingest(line('m a=2 2000000\nm b=3 3000000'), 2);
    expect(result).toMatchObject({ accepted: 2, refused: 0 });
    while ((await api.cutStep(2, 'always')).more);
    const isLost = tree === 'segment' || tree === 'segment_body';
    expect((await api.events({ limit: 9 })).map(({ code }) => code)).toEqual([
      isLost ? 'TM-DATABASE-DAMAGED' : 'TM-DATABASE-MENDED',
    ]);
    const valuesOf = async (key: string) =>
      (await api.runs(key, 0, 9_000_000, new Map(), new Set())).runs.flatMap(({ v }) => [...v]);
    expect([await valuesOf('m.a'), await valuesOf('m.b')]).toEqual([isLost ? [2] : [1, 2], [3]]);
    await api.close();
    await ended;
  },
);
