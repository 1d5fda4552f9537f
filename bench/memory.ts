import { join } from 'node:path';
import { setInterval as every } from 'node:timers/promises';
import { MB } from '../shared/units.ts';
import { startBucket } from './lib/bucket.ts';
import { BenchGateway } from './lib/gateway.ts';
import { type Measure, plain } from './lib/measure.ts';
import { scratchFolder } from './lib/scratch.ts';
import { median } from './lib/stats.ts';
import { RATE, warm, work } from './lib/workload.ts';

const AT_LEAST_MS = 30_000;
const SAMPLE_MS = 250;

/** Resident memory of the whole gateway while it takes in, moves days to a real MinIO and answers queries. */
export async function memory(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'), bucket.toml);
  try {
    await gateway.start();
    return await measure(gateway);
  } finally {
    await gateway.stop('SIGKILL');
    await bucket.close();
    scratch.remove();
  }
}

/** Of a gateway that runs, whatever its folder holds already. */
async function measure(gateway: BenchGateway): Promise<Measure[]> {
  const idle = gateway.residentBytes();
  if (idle === undefined) throw new Error('resident memory is read from /proc, which this machine does not have');
  await warm(gateway);
  const ended = new AbortController();
  const sampling = sample(gateway, ended.signal);
  const { takenIn } = await work(gateway, AT_LEAST_MS);
  ended.abort();
  const samples = await sampling;
  return [
    plain({ name: 'resident memory after the start', unit: 'MB' }, idle / MB),
    plain(
      {
        name: 'resident memory while all goes on, highest',
        unit: 'MB',
        aim: { of: 'value', op: '<=', limit: 300 },
      },
      Math.max(...samples) / MB,
    ),
    plain(
      { name: 'resident memory, median of the last half', unit: 'MB' },
      median(samples.slice(samples.length / 2)) / MB,
    ),
    plain(
      { name: 'taken in meanwhile', unit: 'readings/s', bar: { of: 'value', op: '>=', limit: RATE * 0.95 } },
      takenIn,
    ),
  ];
}

async function sample(gateway: BenchGateway, signal: AbortSignal): Promise<number[]> {
  const samples: number[] = [];
  for await (const _ of every(SAMPLE_MS)) {
    if (signal.aborted) break;
    samples.push(gateway.residentBytes() ?? Number.NaN);
  }
  return samples;
}
