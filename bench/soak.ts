import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_US, GB, MB } from '../shared/units.ts';
import { startBucket } from './lib/bucket.ts';
import { WriteClients } from './lib/clients.ts';
import { folderBytes } from './lib/files.ts';
import { BenchGateway } from './lib/gateway.ts';
import { type Measure, plain } from './lib/measure.ts';
import { randomSource } from './lib/random.ts';
import { scratchFolder } from './lib/scratch.ts';
import { median, percentile, spread } from './lib/stats.ts';

/** SOAK_MINUTES: how long it runs. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 3);
/** Several times as much goes through, compressed. */
const LIMIT_GB = MINUTES >= 15 ? 0.1 : 0.02;
const HUBS = 5;
const FIELDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
/** 40,000 readings a second of some 7 bytes each. */
const RATE = 40_000;
const EVERY_MS = 100;
const STEPS = (RATE * EVERY_MS) / 1_000 / (HUBS * FIELDS.length);
const MOST_WAITING = 100;
const SLICES = 12;

interface Slice {
  rss: number[];
  disk: number[];
  acks: number[];
  answers: number[];
}

/** Ingest, tiering and queries against a real MinIO with a limit that is small: memory, latency and disk over time. */
export async function soak(): Promise<Measure[]> {
  if (!(MINUTES > 0)) throw new Error('SOAK_MINUTES must be a number of minutes');
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  const gateway = new BenchGateway(
    join(scratch.folder, 'gateway'),
    `${bucket.toml}[tiering]\nmax_local_size_gb = ${LIMIT_GB}\n`,
  );
  try {
    await gateway.start();
    return await run(gateway);
  } finally {
    await gateway.stop('SIGKILL');
    await bucket.close();
    scratch.remove();
  }
}

async function run(gateway: BenchGateway): Promise<Measure[]> {
  const slices: Slice[] = Array.from({ length: SLICES }, () => ({ rss: [], disk: [], acks: [], answers: [] }));
  const [start, length] = [performance.now(), (MINUTES * 60_000) / SLICES];
  const slice = (): Slice | undefined => slices[Math.floor((performance.now() - start) / length)];
  const running = (): boolean => slice() !== undefined;
  const [sent] = await Promise.all([
    write(gateway, running, (ms) => slice()?.acks.push(ms)),
    ask(gateway, running, (ms) => slice()?.answers.push(ms)),
    watch(gateway, running, (rss, disk) => {
      slice()?.rss.push(rss);
      slice()?.disk.push(disk);
    }),
  ]);
  const { tiers } = await gateway.status();
  const found = await count(gateway);
  if (found !== sent) throw new Error(`${sent} readings were acknowledged, ${found} are found`);
  return [...overTime(slices), ...judged(slices, tiers.cold.bytes, sent)];
}

/** Noise that does not compress, at a fixed rate; how many readings were acknowledged. */
async function write(gateway: BenchGateway, running: () => boolean, took: (ms: number) => void): Promise<number> {
  const clients = new WriteClients(gateway.ingest, 2);
  const random = randomSource(7);
  const waiting = new Set<Promise<void>>();
  const [start, startUs] = [performance.now(), Date.now() * 1_000];
  let n = 0;
  for (; running(); n++) {
    let body = '';
    for (let step = 0; step < STEPS; step++) {
      const t = startUs + Math.floor((n + step / STEPS) * EVERY_MS * 1_000);
      for (let hub = 0; hub < HUBS; hub++)
        body += `noise,hub=h${hub} ${FIELDS.map((field) => `${field}=${random()}`).join()} ${t}\n`;
    }
    const sentAt = performance.now();
    const post = clients.post(Buffer.from(body)).then(() => {
      took(performance.now() - sentAt);
      waiting.delete(post);
    });
    waiting.add(post);
    if (waiting.size > MOST_WAITING) await Promise.race(waiting);
    await sleep(Math.max(0, start + (n + 1) * EVERY_MS - performance.now()));
  }
  await Promise.all(waiting);
  clients.close();
  return n * STEPS * HUBS * FIELDS.length;
}

const seriesAt = (i: number): string =>
  `noise.${FIELDS[i % FIELDS.length]}{hub=h${Math.floor(i / FIELDS.length) % HUBS}}`;

/** The last minute, or some minute since the start, in turn. */
async function ask(gateway: BenchGateway, running: () => boolean, took: (ms: number) => void): Promise<void> {
  const [startUs, minuteUs] = [Date.now() * 1_000, 60_000_000];
  const random = randomSource(8);
  for (let n = 0; running(); n++) {
    const nowUs = Date.now() * 1_000;
    const from = n % 2 === 0 ? nowUs - minuteUs : Math.floor(startUs + random() * (nowUs - startUs));
    const range = { series: seriesAt(n), from: `${from}`, to: `${from + minuteUs}`, points: '500' };
    const askedAt = performance.now();
    // Not there before its first reading.
    if (n > 20) await gateway.call('GET', `/query?${new URLSearchParams(range)}`);
    if (n > 20) took(performance.now() - askedAt);
    await sleep(200);
  }
}

/** Without the reserve, which is room, and the shared memory of the log. */
const isData = (path: string): boolean => path !== 'reserve' && !path.endsWith('-shm');

/** Once a second: memory of the gateway, and what it takes on the disk. */
async function watch(
  gateway: BenchGateway,
  running: () => boolean,
  saw: (rss: number, disk: number) => void,
): Promise<void> {
  while (running()) {
    saw(gateway.residentBytes() ?? Number.NaN, folderBytes(gateway.data, isData));
    await sleep(1_000);
  }
}

/** Readings of all series, over all tiers. */
async function count(gateway: BenchGateway): Promise<number> {
  let readings = 0;
  const [from, to] = [Date.now() * 1_000 - DAY_US, Date.now() * 1_000 + DAY_US];
  for (let i = 0; i < HUBS * FIELDS.length; i++) {
    const range = { series: seriesAt(i), from: `${from}`, to: `${to}`, points: '1' };
    const { points } = (await gateway.call('GET', `/query?${new URLSearchParams(range)}`)) as { points: number[][] };
    readings += points.reduce((n, point) => n + (point[4] ?? 0), 0);
  }
  return readings;
}

/** Every figure by slices of time. */
function overTime(slices: readonly Slice[]): Measure[] {
  const minutes = (n: number): string => ((n * MINUTES) / SLICES).toFixed(1);
  return slices.flatMap((s, n) => {
    const when = `minute ${minutes(n)} to ${minutes(n + 1)}`;
    return [
      plain({ name: `${when}: memory (RSS)`, unit: 'MB' }, Math.max(...s.rss) / MB),
      plain({ name: `${when}: disk, most`, unit: 'MB' }, Math.max(...s.disk) / MB),
      plain({ name: `${when}: write acknowledged after, median`, unit: 'ms' }, median(s.acks)),
      plain({ name: `${when}: write acknowledged after, p99`, unit: 'ms' }, percentile(s.acks, 0.99)),
      plain({ name: `${when}: query of 500 points, median`, unit: 'ms' }, median(s.answers)),
    ];
  });
}

/** The last third against the middle one: by then the limit was reached, and all code had run. */
function judged(slices: readonly Slice[], coldBytes: number, sent: number): Measure[] {
  const third = SLICES / 3;
  const [middle, last] = [slices.slice(third, 2 * third), slices.slice(2 * third)];
  const flat = (name: string, unit: string, of: (s: Slice) => number, limit: number): Measure => {
    const [before, after] = [median(middle.map(of)), median(last.map(of))];
    const bar = { of: 'ratio', op: '<=', limit } as const;
    const baseline = 'the middle third';
    return {
      name,
      unit,
      value: after,
      baseline,
      baselineValue: before,
      ratio: after / before,
      spread: spread(last.map(of)),
      bar,
    };
  };
  return [
    flat('memory (RSS) in the last third', 'MB', (s) => Math.max(...s.rss) / MB, 1.1),
    flat('write acknowledged after, median, in the last third', 'ms', (s) => median(s.acks), 1.5),
    flat('write acknowledged after, p99, in the last third', 'ms', (s) => percentile(s.acks, 0.99), 2),
    flat('query of 500 points, median, in the last third', 'ms', (s) => median(s.answers), 1.5),
    plain(
      { name: 'disk of the limit, most', unit: '%', bar: { of: 'value', op: '<=', limit: 105 } },
      (Math.max(...slices.flatMap((s) => s.disk)) / (LIMIT_GB * GB)) * 100,
    ),
    plain(
      { name: 'moved to MinIO, in limits', unit: 'x', bar: { of: 'value', op: '>=', limit: 1.5 } },
      coldBytes / (LIMIT_GB * GB),
    ),
    plain(
      { name: 'taken in, all found again', unit: 'readings/s', bar: { of: 'value', op: '>=', limit: RATE * 0.95 } },
      sent / (MINUTES * 60),
    ),
  ];
}
