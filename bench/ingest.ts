import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { WriteClients } from './lib/clients.ts';
import { BenchGateway } from './lib/gateway.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';
import { SqliteRows } from './lib/sqlite-rows.ts';
import { startVictoriaMetrics } from './lib/victoria-metrics.ts';

const ROUNDS = 5;
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
/** Posts of one line of 8 readings, a hundred a second. */
const POSTS = 500;
const POST_EVERY_MS = 10;
const DAY_S = 86_400;

/** Readings per second from HTTP to the durable acknowledgement, and what they cost the disk. */
export async function ingest(): Promise<Measure[]> {
  return [...(await largeBatches()), ...(await smallPosts())];
}

/** Against one row per reading in SQLite on the same disk, and against VictoriaMetrics, which takes the same bodies. */
async function largeBatches(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const rows = new SqliteRows(scratch.folder);
  const gateway = await new BenchGateway(join(scratch.folder, 'gateway')).start();
  const clients = new WriteClients(gateway.ingest, CLIENTS);
  const peer = await startVictoriaMetrics(join(scratch.folder, 'victoria-metrics'), CLIENTS);
  try {
    const [lines, columns] = [new PumpSite(SITE), new PumpSite(SITE)];
    const againstRows: { subject: number; baseline: number }[] = [];
    const againstPeer: typeof againstRows = [];
    const written: typeof againstRows = [];
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
      const before = gateway.bytesWritten();
      const subject = await readingsPerSecond(clients, bodies);
      const after = gateway.bytesWritten();
      againstRows.push({ subject, baseline: inRows });
      if (before !== undefined && after !== undefined)
        written.push({ subject: (after - before) / READINGS, baseline: journalBytes(gateway.data) });
      if (peer !== undefined) againstPeer.push({ subject, baseline: await readingsPerSecond(peer.clients, bodies) });
    }
    const name = 'line protocol over HTTP, 2 clients, acknowledged';
    const unit = 'readings/s';
    return [
      compared({ name, unit, baseline: 'one row per reading', bar: { of: 'ratio', op: '>=', limit: 6 } }, againstRows),
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
      ...(written.length === 0
        ? []
        : [
            compared(
              {
                name: 'written to the disk meanwhile, cuts included',
                unit: 'B/reading',
                baseline: 'rows of the journal',
                bar: { of: 'ratio', op: '<=', limit: 1.5 },
              },
              written,
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

/** Bytes of a reading in the journal rows that are there now. */
function journalBytes(folder: string): number {
  const db = new Database(join(folder, 'tidemark.db'), { readonly: true });
  try {
    const row = db
      .prepare<[], { bytes: number; readings: number }>(
        'select sum(length(body)) bytes, sum(readings) readings from journal',
      )
      .get();
    return (row?.bytes ?? 0) / (row?.readings ?? 0);
  } finally {
    db.close();
  }
}

/** What a day of small posts would write: some seconds of them, extrapolated. */
async function smallPosts(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const gateway = await new BenchGateway(join(scratch.folder, 'gateway')).start();
  const clients = new WriteClients(gateway.ingest, 16);
  const site = new PumpSite({ hubs: 1, startUs: Date.now() * 1_000, stepUs: POST_EVERY_MS * 1_000, seed: 5 });
  try {
    await clients.post(site.lines(1));
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
    return [
      plain(
        {
          name: 'posts of 8 readings, 100/s: written in a day, extrapolated',
          unit: 'GB',
          bar: { of: 'value', op: '<=', limit: 12 },
        },
        (((after - before) / seconds) * DAY_S) / 1e9,
      ),
    ];
  } finally {
    clients.close();
    await gateway.stop('SIGKILL');
    scratch.remove();
  }
}
