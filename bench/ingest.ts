import { join } from 'node:path';
import { WriteClients } from './lib/clients.ts';
import { BenchGateway } from './lib/gateway.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';
import { SqliteRows } from './lib/sqlite-rows.ts';

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

/** Readings per second from HTTP to the durable acknowledgement, against one row per reading in SQLite on the same disk. */
export async function ingest(): Promise<Measure[]> {
  const scratch = scratchFolder();
  const rows = new SqliteRows(scratch.folder);
  const gateway = await new BenchGateway(join(scratch.folder, 'gateway')).start();
  const clients = new WriteClients(gateway.ingest, CLIENTS);
  try {
    const [lines, columns] = [new PumpSite(SITE), new PumpSite(SITE)];
    const perSecond: { subject: number; baseline: number }[] = [];
    const written: number[] = [];
    // Untimed: the first requests run code that is not compiled yet, the baseline's too.
    await clients.postAll(batches(lines, 4), CLIENTS);
    rows.insert(columns.rows(25));
    for (let round = 0; round < ROUNDS; round++) {
      const given = columns.rows(ROW_STEPS);
      const rowsFrom = performance.now();
      const baseline = rows.insert(given, ROWS_MS) / ((performance.now() - rowsFrom) / 1_000);
      const bodies = batches(lines, BATCHES);
      const before = gateway.bytesWritten();
      const start = performance.now();
      await clients.postAll(bodies, CLIENTS);
      perSecond.push({ subject: READINGS / ((performance.now() - start) / 1_000), baseline });
      const after = gateway.bytesWritten();
      if (before !== undefined && after !== undefined) written.push((after - before) / READINGS);
    }
    return [
      compared(
        {
          name: 'line protocol over HTTP, 2 clients, acknowledged',
          unit: 'readings/s',
          baseline: 'one row per reading',
          bar: { of: 'ratio', op: '>=', limit: 3 },
          aim: { of: 'ratio', op: '>=', limit: 6 },
        },
        perSecond,
      ),
      ...(written.length === 0 ? [] : [plain({ name: 'written to the disk meanwhile', unit: 'B/reading' }, written)]),
    ];
  } finally {
    clients.close();
    await gateway.stop('SIGKILL');
    rows.close();
    scratch.remove();
  }
}

function batches(site: PumpSite, n: number): Buffer[] {
  return Array.from({ length: n }, () => site.lines(BATCH_STEPS));
}
