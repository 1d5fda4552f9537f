import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_US } from '../../shared/units.ts';
import { WriteClients } from './clients.ts';
import type { BenchGateway } from './gateway.ts';
import { FIELDS, PumpSite } from './pump.ts';

const HUBS = 25;
/** 100,000 readings a second: a batch of 10,000 each tenth. */
export const RATE = 100_000;
const EVERY_MS = 100;
const STEPS = (RATE * EVERY_MS) / 1_000 / (HUBS * FIELDS.length);
const MOST_WAITING = 100;
/** An old day, of which one after the other comes in (on top of the rate) and is tiered. */
const OLD_STEPS = 1_000;
export const OLD_READINGS = OLD_STEPS * HUBS * FIELDS.length;
/** Before the five years that a gateway may have behind it: late readings for a day that has moved stay local. */
const FIRST_OLD_DAY = Math.floor((Date.now() * 1_000) / DAY_US) - 2_200;
/** Tiered before anything is measured, so that queries find cold days from its first moment on. */
const WARM_DAYS = 3;
const CLIENTS = 2;

/** What happened while everything went on at once. */
export interface Workload {
  seconds: number;
  /** Milliseconds until each acknowledgement, of readings at RATE. */
  acks: number[];
  /** Readings of those per second. */
  takenIn: number;
  /** Milliseconds of each answer. */
  answers: number[];
  /** Old days that came in on top and became cold. */
  days: number;
}

/** The first old days, cold before the workload begins. */
export async function warm(gateway: BenchGateway): Promise<void> {
  for (let day = 0; day < WARM_DAYS; day++) await moveDay(gateway, day);
}

/** For at least so long, all at once: readings at RATE, old days into the archive one after the other, and queries of cold and mixed history. */
export async function work(gateway: BenchGateway, atLeastMs: number): Promise<Workload> {
  const running = { ended: false };
  const start = performance.now();
  const moving = moveDays(gateway, start + atLeastMs).finally(() => {
    running.ended = true;
  });
  const [acks, answers, days] = await Promise.all([write(gateway, running), ask(gateway, running), moving]);
  const seconds = (performance.now() - start) / 1_000;
  return { seconds, acks, takenIn: (acks.length * RATE * EVERY_MS) / 1_000 / seconds, answers, days };
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
