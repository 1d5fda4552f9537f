import { join } from 'node:path';
import { setInterval as every, setTimeout as sleep } from 'node:timers/promises';
import { MB } from '../shared/units.ts';
import { WriteClients } from './lib/clients.ts';
import { fiveYears } from './lib/five-years.ts';
import { BenchGateway } from './lib/gateway.ts';
import { hardInputs } from './lib/hard-input.ts';
import { type Measure, plain } from './lib/measure.ts';
import { scratchFolder } from './lib/scratch.ts';
import { median } from './lib/stats.ts';
import { RATE, warm, work } from './lib/workload.ts';

const AT_LEAST_MS = 30_000;
const SAMPLE_MS = 100;

/** Resident memory of the whole gateway: in full work, and while it takes in what asks much of it. */
export async function memory(): Promise<Measure[]> {
  return [...(await fullWork()), ...(await hardInput())];
}

/** While it takes in, moves days to a real MinIO and answers queries, with five years of manifest. */
async function fullWork(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const site = await fiveYears();
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'), site.toml);
  site.copyTo(gateway.data);
  try {
    // What is compiled is kept from the first start on.
    await gateway.start();
    await gateway.stop('SIGKILL');
    await gateway.start();
    return await measure(gateway);
  } finally {
    await gateway.stop('SIGKILL');
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
        bar: { of: 'value', op: '<=', limit: 300 },
        aim: { of: 'value', op: '<=', limit: 220 },
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

/** Each input for itself, the gateway started anew; one that is told to come back does so when it was told. */
async function hardInput(): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const { name, bodies, clients, most, isRefused } of hardInputs()) {
    const scratch = scratchFolder();
    const gateway = await new BenchGateway(join(scratch.folder, 'gateway')).start();
    const writers = new WriteClients(gateway.ingest, clients);
    try {
      const refused = await Promise.all(bodies.map((body) => untilTaken(writers, body, isRefused ? 400 : 204)));
      const times = refused.reduce((sum, n) => sum + n, 0);
      const bar = { of: 'value', op: '<=', limit: most } as const;
      measures.push(plain({ name: `${name}: highest`, unit: 'MB', bar }, (gateway.peakBytes() ?? Number.NaN) / MB));
      if (times > 0) measures.push(plain({ name: 'told to come back meanwhile', unit: 'times' }, times));
    } finally {
      writers.close();
      await gateway.stop('SIGTERM');
    }
    try {
      await gateway.start();
      measures.push(plain({ name: 'start after it', unit: 's' }, gateway.startMs / 1_000));
    } finally {
      await gateway.stop('SIGKILL');
      scratch.remove();
    }
  }
  return measures;
}

/** How often it was refused for now. */
async function untilTaken(clients: WriteClients, body: Buffer, taken: 204 | 400): Promise<number> {
  for (let refused = 0; ; refused++) {
    const { status, retryAfter, said } = await clients.send(body);
    if (status === taken) return refused;
    if (status !== 503 || !/^[1-9]\d*$/.test(retryAfter ?? ''))
      throw new Error(`a write was answered ${status}: ${said}`);
    await sleep(Number(retryAfter) * 1_000);
  }
}
