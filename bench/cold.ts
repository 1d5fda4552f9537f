import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeChunk } from '../main/codec/segment.ts';
import { type Fetch, planFetches } from '../main/query/fetches.ts';
import type { QueryService } from '../main/query/service.ts';
import { wantedOf } from '../main/query/window.ts';
import { Store } from '../main/store/store.ts';
import type { Piece } from '../main/store/types.ts';
import { DAY_US } from '../shared/units.ts';
import { type Bucket, startBucket } from './lib/bucket.ts';
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
const WARM_UP = 8;
/** One series each, so that none shares its timestamps with another that was fetched before. */
const HUBS = WARM_UP + ROUNDS * SAMPLES;
/** Before the samples, as to a gateway that has run for a while: what is asked is in its cache. */
const WARM_QUESTIONS = 150;
/** A day at one reading a second. */
const STEPS = 86_400;
const DAY = Math.floor((Date.now() * 1_000) / DAY_US) - 100;
/** Between samples: what the gateway does behind its answer (the cache on disk) is charged to neither. */
const PAUSE_MS = 20;

interface Round {
  subject: number;
  baseline: number;
}

/** What a series-day is in the bucket. */
interface SeriesDay {
  key: string;
  cold: NonNullable<Piece['cold']>;
  fetches: Fetch[];
  bytes: number;
}

/**
 * One series-day that is in the bucket only. First its readings, by the gateway's query service and its threads, against ranged GETs of the same bytes and their
 * decoding: both have the same columns in the thread that asked. Then what a program gets of it, over REST.
 */
export async function cold(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'), bucket.toml);
  try {
    await gateway.start();
    await moveDay(gateway);
    await gateway.stop();
    const days = seriesDays(gateway.data);
    const { query, close } = await openQuery(gateway.data, bucket.store, join(scratch.folder, 'cache'));
    const readings = await sample(bucket, days, ({ key }) => page(query, key));
    await close();
    await gateway.start();
    const rest = await sample(bucket, days, ({ key }) => ask(gateway, key));
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
      plain({ name: 'fetched for it', unit: 'kB' }, median(days.map(({ bytes }) => bytes)) / 1e3),
    ];
  } finally {
    await gateway.stop('SIGKILL');
    await bucket.close();
    scratch.remove();
  }
}

async function moveDay(gateway: BenchGateway): Promise<void> {
  const clients = new WriteClients(gateway.ingest, 2);
  const site = new PumpSite({ hubs: HUBS, startUs: DAY * DAY_US, stepUs: 1_000_000, seed: 5, fields: ['temp'] });
  for (let hour = 0; hour < 24; hour++) await clients.post(site.lines(STEPS / 24));
  clients.close();
  await gateway.tierAll();
}

/** Where each series-day lies, as the manifest of the (stopped) gateway says. */
function seriesDays(data: string): SeriesDay[] {
  const store = new Store({ path: join(data, 'tidemark.db'), maxSeries: 1_000, nowUs: Date.now() * 1_000 });
  const days = Array.from({ length: HUBS }, (_, hub) => {
    const key = `pump.temp{hub=h${hub}}`;
    const { missing } = store.runs(key, DAY * DAY_US, (DAY + 1) * DAY_US, new Map(), new Set());
    const cold = missing[0]?.cold;
    if (cold === undefined || missing.length !== 1) throw new Error(`${key} is in ${missing.length} cold pieces`);
    const fetches = planFetches(missing.flatMap(wantedOf));
    return { key, cold, fetches, bytes: fetches.reduce((sum, { length }) => sum + length, 0) };
  });
  store.close();
  return days;
}

/** Asks for a series-day; resolves with the bytes that were fetched for it. */
type Ask = (day: SeriesDay) => Promise<number>;

async function sample(bucket: Bucket, days: readonly SeriesDay[], subject: Ask): Promise<Round[]> {
  const early = days.slice(0, WARM_UP);
  for (const day of early) await compare(bucket, day, subject, false);
  for (let i = 0; i < WARM_QUESTIONS / WARM_UP; i++) {
    for (const day of early) {
      await subject(day);
      await bare(bucket, day);
    }
  }
  const samples: Round[] = [];
  for (const [i, day] of days.slice(WARM_UP).entries()) samples.push(await compare(bucket, day, subject, i % 2 === 0));
  return Array.from({ length: ROUNDS }, (_, i) => {
    const round = samples.slice(i * SAMPLES, (i + 1) * SAMPLES);
    return { subject: median(round.map((s) => s.subject)), baseline: median(round.map((s) => s.baseline)) };
  });
}

/** Both, one after the other. */
async function compare(bucket: Bucket, day: SeriesDay, ask: Ask, subjectFirst: boolean): Promise<Round> {
  let [subject, baseline] = [0, 0];
  for (const ours of [subjectFirst, !subjectFirst]) {
    await sleep(PAUSE_MS);
    if (!ours) baseline = await elapsed(() => bare(bucket, day));
    else
      subject = await elapsed(async () => {
        const bytes = await ask(day);
        if (bytes !== day.bytes) throw new Error(`${bytes} bytes were fetched instead of ${day.bytes}`);
      });
  }
  return { subject, baseline };
}

const RANGE = { from: DAY * DAY_US, to: (DAY + 1) * DAY_US };

function checkCount(readings: number): void {
  if (readings !== STEPS) throw new Error(`the answer has ${readings} readings`);
}

async function page(query: QueryService, key: string): Promise<number> {
  const { t, v, cold } = await query.raw({ key, ...RANGE, limit: 100_000 });
  checkCount(Math.min(t.length, v.length));
  return cold.bytes;
}

async function ask(gateway: BenchGateway, series: string): Promise<number> {
  const range = { series, from: `${RANGE.from}`, to: `${RANGE.to}`, points: '1000' };
  const { points, cold } = (await gateway.call('GET', `/query?${new URLSearchParams(range)}`)) as {
    points: number[][];
    cold: { bytes: number };
  };
  checkCount(points.reduce((sum, row) => sum + (row[4] ?? 0), 0));
  return cold.bytes;
}

async function bare({ store }: Bucket, { cold, fetches }: SeriesDay): Promise<void> {
  const { key, etag } = cold.object;
  const call = etag === undefined ? {} : { ifMatch: etag };
  const got = await Promise.all(fetches.map(async (range) => buffer(await store.get(key, range, call))));
  const frame = ({ offset, length }: { offset: number; length: number }): Uint8Array => {
    const i = fetches.findIndex((f) => f.offset <= offset && offset + length <= f.offset + f.length);
    const start = offset - (fetches[i]?.offset ?? 0);
    return got[i]?.subarray(start, start + length) ?? new Uint8Array(0);
  };
  checkCount(decodeChunk(frame(cold.time), frame(cold.value)).t.length);
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
