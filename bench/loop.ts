import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBucket } from './lib/bucket.ts';
import { BenchGateway } from './lib/gateway.ts';
import { type Measure, plain } from './lib/measure.ts';
import type { ProbeAnswer } from './lib/probe.ts';
import { scratchFolder } from './lib/scratch.ts';
import { percentile } from './lib/stats.ts';
import { OLD_READINGS, RATE, warm, work } from './lib/workload.ts';

const AT_LEAST_MS = 12_000;
/** The delay is told of each window for itself. */
const WINDOW_MS = 3_000;

/** The delay of the gateway's main thread while it takes in, moves days to a real MinIO and answers queries, all at once on this machine. */
export async function loop(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'), bucket.toml);
  try {
    await gateway.start();
    await warm(gateway);
    return await measure(gateway);
  } finally {
    await gateway.stop('SIGKILL');
    await bucket.close();
    scratch.remove();
  }
}

async function measure(gateway: BenchGateway): Promise<Measure[]> {
  const before = await gateway.status();
  const ended = new AbortController();
  const watching = watch(gateway, ended.signal);
  const { acks, takenIn, answers, days } = await work(gateway, AT_LEAST_MS);
  ended.abort();
  const delays = await watching;
  const after = await gateway.status();
  const moved = after.tiers.cold.readings - before.tiers.cold.readings;
  if (moved !== days * OLD_READINGS) throw new Error(`${moved} readings are cold instead of ${days * OLD_READINGS}`);
  return [
    plain(
      {
        name: 'main-thread delay, p99',
        unit: 'ms',
        bar: { of: 'value', op: '<=', limit: 20 },
        aim: { of: 'value', op: '<=', limit: 10 },
      },
      delays.map((delay) => delay.p99),
    ),
    plain({ name: 'main-thread delay, longest', unit: 'ms' }, Math.max(...delays.map((delay) => delay.max))),
    plain(
      { name: 'main thread busy', unit: '%' },
      delays.map((delay) => delay.busy * 100),
    ),
    plain(
      { name: 'taken in meanwhile', unit: 'readings/s', bar: { of: 'value', op: '>=', limit: RATE * 0.95 } },
      takenIn,
    ),
    plain({ name: 'moved to MinIO meanwhile', unit: 'days', bar: { of: 'value', op: '>=', limit: 3 } }, days),
    plain(
      { name: 'queries answered meanwhile', unit: 'answers', bar: { of: 'value', op: '>=', limit: 20 } },
      answers.length,
    ),
    plain({ name: 'write acknowledged after, p99', unit: 'ms' }, percentile(acks, 0.99)),
    plain({ name: 'write acknowledged after, longest', unit: 'ms' }, Math.max(...acks)),
    plain({ name: 'query of 1,000 points, median', unit: 'ms' }, percentile(answers, 0.5)),
    plain({ name: 'query of 1,000 points, p99', unit: 'ms' }, percentile(answers, 0.99)),
  ];
}

/** Window after window; what is left at the end is one, too. */
async function watch(gateway: BenchGateway, signal: AbortSignal): Promise<ProbeAnswer[]> {
  const windows: ProbeAnswer[] = [];
  while (!signal.aborted) {
    await gateway.probe('reset');
    await sleep(WINDOW_MS, undefined, { signal }).catch(() => undefined);
    windows.push(await gateway.probe('read'));
  }
  return windows;
}
