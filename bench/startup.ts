import { join } from 'node:path';
import { WriteClients } from './lib/clients.ts';
import { type FiveYears, fiveYears } from './lib/five-years.ts';
import { BenchGateway } from './lib/gateway.ts';
import { type Measure, plain } from './lib/measure.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';

const ROUNDS = 3;
const HUBS = 100;
const BATCH_STEPS = 50;
/** 2 million readings: as many as a journal holds before the head is cut. */
const BATCHES = 50;

/**
 * From the start of the process until it says that it serves: with an empty folder, and after a power cut with a full journal to replay, without a past and
 * with five years of manifest.
 */
export async function startup(): Promise<Measure[]> {
  const past = await fiveYears();
  // What is compiled is kept from the first start on.
  await twoStarts();
  const empty: number[] = [];
  const replay: number[] = [];
  const old: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = await twoStarts();
    empty.push(first);
    replay.push(second);
    old.push((await twoStarts(past))[1]);
  }
  const bar = { of: 'value', op: '<=', limit: 3 } as const;
  const aim = { of: 'value', op: '<=', limit: 1 } as const;
  return [
    plain({ name: 'empty data folder', unit: 's', bar, aim }, empty),
    plain({ name: 'full journal after a power cut', unit: 's', bar, aim }, replay),
    plain({ name: `the same with five years of manifest, ${past.blocks} blocks`, unit: 's', bar, aim }, old),
  ];
}

/** Seconds of a start, then of one with a full journal. */
async function twoStarts(past?: FiveYears): Promise<[first: number, second: number]> {
  const scratch = scratchFolder();
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'), past?.toml);
  past?.copyTo(gateway.data);
  const readings = async (): Promise<number> => {
    // A full head is cut soon after the start, and a day may move meanwhile.
    const { head, local, cold } = (await gateway.status()).tiers;
    return head.readings + local.readings + cold.readings;
  };
  try {
    await gateway.start();
    const first = gateway.startMs / 1_000;
    const before = await readings();
    await fillJournal(gateway.ingest);
    await gateway.stop('SIGKILL');
    await gateway.start();
    const replayed = (await readings()) - before;
    if (replayed !== BATCHES * BATCH_STEPS * HUBS * FIELDS.length)
      throw new Error(`${replayed} readings were replayed`);
    return [first, gateway.startMs / 1_000];
  } finally {
    await gateway.stop('SIGKILL');
    scratch.remove();
  }
}

async function fillJournal(ingest: string): Promise<void> {
  const clients = new WriteClients(ingest, 2);
  const site = new PumpSite({ hubs: HUBS, startUs: Date.now() * 1_000, stepUs: 100_000, seed: 4 });
  await clients.postAll(
    Array.from({ length: BATCHES }, () => site.lines(BATCH_STEPS)),
    2,
  );
  clients.close();
}
