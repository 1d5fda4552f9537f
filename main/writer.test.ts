import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectWorker } from './store/thread.ts';
import type { WriterApi } from './writer-api.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-writer-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** 200,000 lines of four fields. */
function body(firstUs: number): Uint8Array {
  const lines = Array.from({ length: 200_000 }, (_, i) => `m a=${i},b=${i % 7},c=1,d=2 ${firstUs + i}`);
  return Buffer.from(lines.join('\n'));
}

it('ING17 memory holds no more than a cut, a quarter of it and one group, however fast readings come, without anybody asking for a cut', {
  timeout: 180_000,
}, async () => {
  const workerData = { path: join(dir, 'tidemark.db'), maxSeries: 10, nowUs: 0 };
  const { api, ended } = connectWorker<WriterApi & { close(): void }>(
    new Worker(join(import.meta.dirname, 'writer.ts'), { workerData }),
  );
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
  const workerData = { path: join(dir, 'tidemark.db'), maxSeries: 10, nowUs: 0 };
  const { api, ended } = connectWorker<WriterApi & { close(): void }>(
    new Worker(join(import.meta.dirname, 'writer.ts'), { workerData }),
  );
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
  const workerData = { path: join(dir, 'tidemark.db'), maxSeries: 10, nowUs: 0 };
  const { api, ended } = connectWorker<WriterApi & { close(): void }>(
    new Worker(join(import.meta.dirname, 'writer.ts'), { workerData }),
  );
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
