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
  timeout: 60_000,
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
