import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_US } from '../shared/units.ts';
import { startBucket } from './lib/bucket.ts';
import { WriteClients } from './lib/clients.ts';
import { BenchGateway } from './lib/gateway.ts';
import { type Measure, plain } from './lib/measure.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';
import { percentile } from './lib/stats.ts';

const HUBS = 25;
/** 50,000 readings a second: a batch of 5,000 each tenth. */
const RATE = 50_000;
const EVERY_MS = 100;
const STEPS = (RATE * EVERY_MS) / 1_000 / (HUBS * FIELDS.length);
const AT_LEAST_MS = 12_000;
const MOST_WAITING = 100;
/** An old day, of which one after the other comes in (on top of the rate) and is tiered. */
const OLD_STEPS = 1_000;
const OLD_READINGS = OLD_STEPS * HUBS * FIELDS.length;
const FIRST_OLD_DAY = Math.floor((Date.now() * 1_000) / DAY_US) - 400;
/** Tiered before the measurement, so that queries find cold days from its first moment on. */
const WARM_DAYS = 3;
const CLIENTS = 2;

/** The delay of the gateway's main thread while it takes in, moves days to a real MinIO and answers queries, all at once on this machine. */
export async function loop(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'), bucket.toml);
  try {
    await gateway.start();
    for (let day = 0; day < WARM_DAYS; day++) await moveDay(gateway, day);
    return await measure(gateway);
  } finally {
    await gateway.stop('SIGKILL');
    await bucket.close();
    scratch.remove();
  }
}

/** Takes in one old day and waits until it is cold. */
async function moveDay(gateway: BenchGateway, day: number): Promise<void> {
  const clients = new WriteClients(gateway.ingest, CLIENTS);
  const startUs = (FIRST_OLD_DAY + day) * DAY_US;
  const site = new PumpSite({ hubs: HUBS, startUs, stepUs: 60_000_000, seed: day + 1 });
  await clients.postAll([site.lines(OLD_STEPS / 2), site.lines(OLD_STEPS / 2)], CLIENTS);
  clients.close();
  await gateway.tierAll();
}

async function moveDays(gateway: BenchGateway, untilMs: number): Promise<number> {
  let day = WARM_DAYS;
  while (performance.now() < untilMs) await moveDay(gateway, day++);
  return day - WARM_DAYS;
}

async function measure(gateway: BenchGateway): Promise<Measure[]> {
  const running = { ended: false };
  const before = await gateway.status();
  await gateway.probe('reset');
  const start = performance.now();
  const moving = moveDays(gateway, start + AT_LEAST_MS).finally(() => {
    running.ended = true;
  });
  const [acks, answers, days] = await Promise.all([write(gateway, running), ask(gateway, running), moving]);
  const seconds = (performance.now() - start) / 1_000;
  const delay = await gateway.probe('read');
  const after = await gateway.status();
  const moved = after.tiers.cold.readings - before.tiers.cold.readings;
  if (moved !== days * OLD_READINGS) throw new Error(`${moved} readings are cold instead of ${days * OLD_READINGS}`);
  return [
    plain(
      {
        name: 'main-thread delay, p99',
        unit: 'ms',
        bar: { of: 'value', op: '<=', limit: 30 },
        aim: { of: 'value', op: '<=', limit: 10 },
      },
      delay.p99,
    ),
    plain({ name: 'main-thread delay, longest', unit: 'ms' }, delay.max),
    plain({ name: 'main thread busy', unit: '%' }, delay.busy * 100),
    plain(
      { name: 'taken in meanwhile', unit: 'readings/s', bar: { of: 'value', op: '>=', limit: RATE * 0.95 } },
      (acks.length * RATE * EVERY_MS) / 1_000 / seconds,
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

/** Sends at a fixed rate, however long answers take (a real hub does not slow down either); the times until each acknowledgement. */
async function write(gateway: BenchGateway, running: { ended: boolean }): Promise<number[]> {
  const clients = new WriteClients(gateway.ingest, CLIENTS);
  const site = new PumpSite({ hubs: HUBS, startUs: Date.now() * 1_000, stepUs: (EVERY_MS * 1_000) / STEPS, seed: 99 });
  const acks: number[] = [];
  const waiting = new Set<Promise<void>>();
  const start = performance.now();
  for (let n = 1; !running.ended; n++) {
    const body = site.lines(STEPS);
    const sentAt = performance.now();
    const post = clients.post(body).then(() => {
      acks.push(performance.now() - sentAt);
      waiting.delete(post);
    });
    waiting.add(post);
    if (waiting.size > MOST_WAITING) await Promise.race(waiting);
    await sleep(Math.max(0, start + n * EVERY_MS - performance.now()));
  }
  await Promise.all(waiting);
  clients.close();
  return acks;
}

/** One cold day, or all there is, in turn, two askers; the time of each answer. */
async function ask(gateway: BenchGateway, running: { ended: boolean }): Promise<number[]> {
  const answers: number[] = [];
  const asker = async (first: number): Promise<void> => {
    for (let n = first; !running.ended; n += 2) {
      const series = `pump.${FIELDS[n % FIELDS.length]}{hub=h${n % HUBS}}`;
      const day = FIRST_OLD_DAY + (n % WARM_DAYS);
      const [from, to] = n % 4 < 2 ? [day * DAY_US, (day + 1) * DAY_US] : [day * DAY_US, (day + 500) * DAY_US];
      const start = performance.now();
      await gateway.call(
        'GET',
        `/query?${new URLSearchParams({ series, from: `${from}`, to: `${to}`, points: '1000' })}`,
      );
      answers.push(performance.now() - start);
      await sleep(100);
    }
  };
  await Promise.all([asker(0), asker(1)]);
  return answers;
}
