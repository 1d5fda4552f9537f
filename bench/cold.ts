import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { decodeChunk } from '../main/codec/segment.ts';
import type { ObjectStore } from '../main/ports/object-store.ts';
import { Store } from '../main/store/store.ts';
import { DAY_US } from '../shared/units.ts';
import { type Bucket, startBucket } from './lib/bucket.ts';
import { WriteClients } from './lib/clients.ts';
import { BenchGateway } from './lib/gateway.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';

/** Each sample asks for another series. */
const HUBS = 4;
const SAMPLES = HUBS * FIELDS.length;
/** A day at one reading a second. */
const STEPS = 86_400;
const DAY = Math.floor((Date.now() * 1_000) / DAY_US) - 100;

interface Frames {
  key: string;
  time: { offset: number; length: number };
  value: { offset: number; length: number };
}

/** History of one series-day that is in the bucket only, as REST answers it, against bare ranged GETs of its two frames and their decoding. */
export async function cold(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'), bucket.toml);
  try {
    await gateway.start();
    await moveDay(gateway);
    await gateway.stop();
    const frames = framesOf(gateway.data);
    await gateway.start();
    return await sample(gateway, bucket, frames);
  } finally {
    await gateway.stop('SIGKILL');
    await bucket.close();
    scratch.remove();
  }
}

const seriesAt = (i: number): string => `pump.${FIELDS[i % FIELDS.length]}{hub=h${Math.floor(i / FIELDS.length)}}`;

async function moveDay(gateway: BenchGateway): Promise<void> {
  const clients = new WriteClients(gateway.ingest, 2);
  const site = new PumpSite({ hubs: HUBS, startUs: DAY * DAY_US, stepUs: 1_000_000, seed: 5 });
  await clients.postAll(
    Array.from({ length: 24 }, () => site.lines(STEPS / 24)),
    2,
  );
  clients.close();
  await gateway.tierAll();
}

/** Where the frames of each series lie, as the manifest of the (stopped) gateway says. */
function framesOf(data: string): Frames[] {
  const store = new Store({ path: join(data, 'tidemark.db'), maxSeries: 1_000, nowUs: Date.now() * 1_000 });
  const frames = Array.from({ length: SAMPLES }, (_, i) => {
    const { missing } = store.runs(seriesAt(i), DAY * DAY_US, (DAY + 1) * DAY_US, new Map(), new Set());
    const piece = missing[0]?.cold;
    if (piece === undefined || missing.length !== 1)
      throw new Error(`${seriesAt(i)} is in ${missing.length} cold pieces`);
    return { key: store.block(piece.blockId)?.key ?? '', time: piece.time, value: piece.value };
  });
  store.close();
  return frames;
}

async function sample(gateway: BenchGateway, { store }: Bucket, frames: readonly Frames[]): Promise<Measure[]> {
  const rounds: { subject: number; baseline: number }[] = [];
  let bytes = 0;
  let fetched = 0;
  let times: Promise<Buffer> | undefined;
  for (const [i, frame] of frames.entries()) {
    const subject = await elapsed(async () => {
      const range = { series: seriesAt(i), from: `${DAY * DAY_US}`, to: `${(DAY + 1) * DAY_US}`, points: '1000' };
      const answer = (await gateway.call('GET', `/query?${new URLSearchParams(range)}`)) as { cold: { bytes: number } };
      if (answer.cold.bytes < frame.value.length) throw new Error(`only ${answer.cold.bytes} bytes were fetched`);
      fetched = answer.cold.bytes;
    });
    bytes += fetched;
    const baseline = await elapsed(async () => {
      // The same bytes: hubs share their timestamps, which the gateway fetches once.
      if (fetched >= frame.time.length + frame.value.length) times = get(store, frame.key, frame.time);
      const [time, value] = await Promise.all([
        times ?? get(store, frame.key, frame.time),
        get(store, frame.key, frame.value),
      ]);
      if (decodeChunk(time, value).t.length !== STEPS)
        throw new Error('the bare fetch brought another number of readings');
    });
    // The first answers ran code that was not compiled yet.
    if (i >= FIELDS.length) rounds.push({ subject, baseline });
  }
  return [
    compared(
      {
        name: 'history of one cold series-day, 1,000 points',
        unit: 'ms',
        baseline: 'ranged GETs and decoding',
        aim: { of: 'ratio', op: '<=', limit: 1.5 },
      },
      rounds,
    ),
    plain({ name: 'fetched for it', unit: 'kB' }, bytes / frames.length / 1e3),
  ];
}

async function get(store: ObjectStore, key: string, range: { offset: number; length: number }): Promise<Buffer> {
  return buffer(await store.get(key, range));
}

async function elapsed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
