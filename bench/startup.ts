import { join } from 'node:path';
import { WriteClients } from './lib/clients.ts';
import { BenchGateway } from './lib/gateway.ts';
import { type Measure, plain } from './lib/measure.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';

const ROUNDS = 3;
const HUBS = 100;
const BATCH_STEPS = 50;
/** 2 million readings: as many as a journal holds before the head is cut. */
const BATCHES = 50;

/** From the start of the process until it says that it serves: with an empty folder, and after a power cut with a full journal to replay. */
export async function startup(): Promise<Measure[]> {
  const empty: number[] = [];
  const replay: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const scratch = scratchFolder();
    const gateway = new BenchGateway(join(scratch.folder, 'gateway'));
    try {
      await gateway.start();
      empty.push(gateway.startMs / 1_000);
      await fillJournal(gateway.ingest);
      await gateway.stop('SIGKILL');
      await gateway.start();
      // A full head is cut soon after the start.
      const { head, local } = (await gateway.status()).tiers;
      const readings = head.readings + local.readings;
      if (readings !== BATCHES * BATCH_STEPS * HUBS * FIELDS.length)
        throw new Error(`${readings} readings were replayed`);
      replay.push(gateway.startMs / 1_000);
    } finally {
      await gateway.stop('SIGKILL');
      scratch.remove();
    }
  }
  const bar = { of: 'value', op: '<=', limit: 3 } as const;
  const aim = { of: 'value', op: '<=', limit: 1 } as const;
  return [
    plain({ name: 'empty data folder', unit: 's', bar, aim }, empty),
    plain({ name: 'full journal after a power cut', unit: 's', bar, aim }, replay),
  ];
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
