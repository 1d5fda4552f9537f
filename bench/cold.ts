import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { planFetches } from '../main/query/fetches.ts';
import type { QueryService } from '../main/query/service.ts';
import { wantedOf } from '../main/query/window.ts';
import { Store } from '../main/store/store.ts';
import { type Connection, connectWorker } from '../main/store/thread.ts';
import { DAY_US, SECOND_US } from '../shared/units.ts';
import type { BareFetchApi, SeriesDay } from './lib/bare-fetch.ts';
import { startBucket } from './lib/bucket.ts';
import { WriteClients } from './lib/clients.ts';
import { BenchGateway } from './lib/gateway.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { PumpSite } from './lib/pump.ts';
import { openQuery } from './lib/query-parts.ts';
import { scratchFolder } from './lib/scratch.ts';
import { median } from './lib/stats.ts';

/** Of each round the medians are compared: one sample takes some milliseconds, and any of them may be held up by something else. */
const ROUNDS = 5;
const SAMPLES = 8;
const DAY = Math.floor((Date.now() * 1_000) / DAY_US) - 100;
/** What is measured: series-days at one reading a second, one series each, so that none shares its timestamps with another that was fetched before. */
const SAMPLED = { day: DAY, hubs: ROUNDS * SAMPLES, stepUs: SECOND_US };
/** What both sides fetch before, as does a gateway that has run for a while: code that ran some dozen times takes twice the processor time. */
const WARM_UP = { day: DAY - 1, hubs: 150, stepUs: 10 * SECOND_US };
type Site = typeof SAMPLED;

interface Round {
  subject: number;
  baseline: number;
}

/**
 * One series-day that is in the bucket only. First its readings, by the gateway's query service and its threads, against ranged GETs of the same bytes and their
 * decoding: both have the same columns in the thread that asked. Then what a program gets of it, over REST.
 */
export async function cold(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'), bucket.toml);
  const bare = connectWorker<BareFetchApi>(
    new Worker(join(import.meta.dirname, 'lib', 'bare-fetch.ts'), { workerData: bucket.options }),
  );
  try {
    await gateway.start();
    await moveDays(gateway, [WARM_UP, SAMPLED]);
    await gateway.stop();
    const days = { warmUp: seriesDays(gateway.data, WARM_UP), sampled: seriesDays(gateway.data, SAMPLED) };
    const { query, settle, close } = await openQuery(gateway.data, bucket.store, join(scratch.folder, 'cache'));
    const readings = await sample(bare.api, days, async (day) => {
      const taken = await elapsed(() => page(query, day));
      await settle();
      return taken;
    });
    await close();
    await gateway.start();
    const rest = await sample(bare.api, days, (day) => elapsed(() => ask(gateway, day)));
    return [
      compared(
        {
          name: 'readings of one cold series-day',
          unit: 'ms',
          baseline: 'ranged GET of the same and decoding',
          bar: { of: 'ratio', op: '<=', limit: 1.5 },
          aim: { of: 'ratio', op: '<=', limit: 1.2 },
        },
        readings,
      ),
      compared(
        {
          name: 'the same over REST, in 1,000 points',
          unit: 'ms',
          baseline: 'ranged GET of the same and decoding',
          aim: { of: 'ratio', op: '<=', limit: 1.5 },
        },
        rest,
      ),
      plain({ name: 'fetched for it', unit: 'kB' }, median(days.sampled.map(({ bytes }) => bytes)) / 1e3),
    ];
  } finally {
    await gateway.stop('SIGKILL');
    await bare.api.close();
    await bucket.close();
    scratch.remove();
  }
}

async function moveDays(gateway: BenchGateway, sites: readonly Site[]): Promise<void> {
  const clients = new WriteClients(gateway.ingest, 2);
  for (const { day, hubs, stepUs } of sites) {
    const site = new PumpSite({ hubs, startUs: day * DAY_US, stepUs, seed: 5, fields: ['temp'] });
    for (let hour = 0; hour < 24; hour++) await clients.post(site.lines(DAY_US / stepUs / 24));
  }
  clients.close();
  await gateway.tierAll();
}

/** Where each series-day lies, as the manifest of the (stopped) gateway says. */
function seriesDays(data: string, { day, hubs }: Site): SeriesDay[] {
  const store = new Store({ path: join(data, 'tidemark.db'), maxSeries: 1_000, nowUs: Date.now() * 1_000 });
  const [from, to] = [day * DAY_US, (day + 1) * DAY_US];
  const days = Array.from({ length: hubs }, (_, hub) => {
    const key = `pump.temp{hub=h${hub}}`;
    const { missing } = store.runs(key, from, to, new Map(), new Set());
    const cold = missing[0]?.cold;
    if (cold === undefined || missing.length !== 1) throw new Error(`${key} is in ${missing.length} cold pieces`);
    const fetches = planFetches(missing.flatMap(wantedOf));
    return { key, from, to, cold, fetches, bytes: fetches.reduce((sum, { length }) => sum + length, 0) };
  });
  store.close();
  return days;
}

/** Asks for a series-day; resolves with the milliseconds that it took, and what it said. */
type Ask = (day: SeriesDay) => Promise<{ ms: number; bytes: number; readings: number }>;

async function sample(
  bare: Connection<BareFetchApi>['api'],
  days: { warmUp: readonly SeriesDay[]; sampled: readonly SeriesDay[] },
  subject: Ask,
): Promise<Round[]> {
  const both = async (day: SeriesDay, site: Site, subjectFirst: boolean): Promise<Round> => {
    const round = { subject: 0, baseline: 0 };
    for (const ours of [subjectFirst, !subjectFirst]) {
      const { ms, readings, bytes } = ours ? await subject(day) : { bytes: day.bytes, ...(await bare.fetch(day)) };
      if (readings !== DAY_US / site.stepUs) throw new Error(`the answer has ${readings} readings`);
      if (bytes !== day.bytes) throw new Error(`${bytes} bytes were fetched instead of ${day.bytes}`);
      round[ours ? 'subject' : 'baseline'] = ms;
    }
    return round;
  };
  for (const [i, day] of days.warmUp.entries()) await both(day, WARM_UP, i % 2 === 0);
  const samples: Round[] = [];
  for (const [i, day] of days.sampled.entries()) samples.push(await both(day, SAMPLED, i % 2 === 0));
  return Array.from({ length: ROUNDS }, (_, i) => {
    const round = samples.slice(i * SAMPLES, (i + 1) * SAMPLES);
    return { subject: median(round.map((s) => s.subject)), baseline: median(round.map((s) => s.baseline)) };
  });
}

interface Answer {
  bytes: number;
  readings: number;
}

async function page(query: QueryService, { key, from, to }: SeriesDay): Promise<Answer> {
  const { t, v, cold } = await query.raw({ key, from, to, limit: 100_000 });
  return { bytes: cold.bytes, readings: Math.min(t.length, v.length) };
}

async function ask(gateway: BenchGateway, { key, from, to }: SeriesDay): Promise<Answer> {
  const range = { series: key, from: `${from}`, to: `${to}`, points: '1000' };
  const { points, cold } = (await gateway.call('GET', `/query?${new URLSearchParams(range)}`)) as {
    points: number[][];
    cold: { bytes: number };
  };
  return { bytes: cold.bytes, readings: points.reduce((sum, row) => sum + (row[4] ?? 0), 0) };
}

async function elapsed(work: () => Promise<Answer>): Promise<{ ms: number } & Answer> {
  const start = performance.now();
  const answer = await work();
  return { ms: performance.now() - start, ...answer };
}
