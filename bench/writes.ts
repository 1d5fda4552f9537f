import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { WriteClients } from './lib/clients.ts';
import { BenchGateway } from './lib/gateway.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { FIELDS, type PumpOptions, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';

const START_US = 1_700_000_000_000_000;
/** Large batches: 5,000 lines of 8 fields from two clients. */
const CLIENTS = 2;
const HUBS = 100;
const STEPS = 50;
/** How often the log, 64 MB each time, is filled and written back. */
const LARGE_LOGS = 2;
/** A body of what 10 posts of a line each come to when they share a commit, ten of which are made a second. */
const LINES_A_COMMIT = 10;
const COMMITS_A_DAY = 10 * 86_400;

/** All that a gateway has written to the disk, its reserve file aside, from its start until the log was written back so often: log, cuts and writing back. Linux only. */
export async function writes(): Promise<Measure[]> {
  return [...(await largeBatches()), ...(await smallPosts())];
}

async function largeBatches(): Promise<Measure[]> {
  const hubs: PumpOptions = { hubs: HUBS, startUs: START_US, stepUs: 1_000_000, seed: 1 };
  const site = new PumpSite(hubs);
  const written = await bytesWritten({ clients: CLIENTS, logs: LARGE_LOGS, body: () => site.lines(STEPS) });
  if (written === undefined) return [];
  const readings = written.bodies * STEPS * HUBS * FIELDS.length;
  const subject = written.bytes / readings;
  const of = { name: 'large batches: log, cuts and write-back, without compaction', unit: 'B/reading' };
  return [
    compared({ ...of, baseline: 'plain rows of a journal', bar: { of: 'ratio', op: '<=', limit: 1.5 } }, [
      { subject, baseline: plainJournal(hubs) },
    ]),
    compared({ ...of, name: 'the same', baseline: 'our rows of the journal' }, [
      { subject, baseline: written.journal },
    ]),
  ];
}

/** Bytes of a reading in a journal that takes a batch as it comes: numbers of series, times, and values in planes of bytes, each column by zstd level 1. */
function plainJournal(o: PumpOptions): number {
  const { series, t, v } = new PumpSite(o).rows(STEPS);
  const bytes = new Uint8Array(v.buffer);
  const planes = Uint8Array.from(bytes, (_, i) => bytes[(i % v.length) * 8 + Math.floor(i / v.length)] ?? 0);
  const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
  const packed = [series, t, planes].map((column) => zstdCompressSync(column, level).length);
  return packed.reduce((sum, length) => sum + length, 0) / v.length;
}

async function smallPosts(): Promise<Measure[]> {
  const site = new PumpSite({ hubs: 1, startUs: START_US, stepUs: 10_000, seed: 5 });
  const written = await bytesWritten({
    clients: 1,
    logs: 1,
    body: () => site.lines(LINES_A_COMMIT),
    toml: '[ingest]\ncommit_linger_ms = 0\n',
  });
  if (written === undefined) return [];
  return [
    plain(
      {
        name: 'posts of 8 readings, 100/s: log and write-back of a day, extrapolated',
        unit: 'GB',
        bar: { of: 'value', op: '<=', limit: 12 },
      },
      ((written.bytes / written.bodies) * COMMITS_A_DAY) / 1e9,
    ),
  ];
}

/** Posts bodies until the log was written back `logs` times. `journal`: bytes of a reading in journal rows, on average. */
async function bytesWritten(o: {
  clients: number;
  logs: number;
  body(): Buffer;
  toml?: string;
}): Promise<{ bytes: number; bodies: number; journal: number } | undefined> {
  const scratch = scratchFolder();
  const gateway = await new BenchGateway(join(scratch.folder, 'gateway'), o.toml).start();
  const clients = new WriteClients(gateway.ingest, o.clients);
  const log = logOf(gateway.data);
  try {
    let logs = 0;
    let bodies = 0;
    let last = log.generation();
    const client = async (): Promise<void> => {
      while (logs < o.logs) {
        await clients.post(o.body());
        bodies++;
        const now = log.generation();
        if (now === last) continue;
        last = now;
        logs++;
      }
    };
    await Promise.all(Array.from({ length: o.clients }, client));
    const bytes = gateway.bytesWritten();
    if (bytes === undefined) return undefined;
    // The reserve file is written once in the life of a gateway, piece by piece from its second minute on.
    const reserve = statSync(join(gateway.data, 'reserve'), { throwIfNoEntry: false });
    return { bytes: bytes - (reserve?.size ?? 0), bodies, journal: journalBytes(gateway.data) };
  } finally {
    log.close();
    clients.close();
    await gateway.stop('SIGKILL');
    scratch.remove();
  }
}

/** What tells one filling of the log from the next: the salts in its head, which change with the first commit after it was written back. */
function logOf(folder: string): { generation(): string; close(): void } {
  const file = openSync(join(folder, 'tidemark.db-wal'), 'r');
  const salts = Buffer.alloc(8);
  return {
    generation: () => {
      readSync(file, salts, 0, salts.length, 16);
      return salts.toString('hex');
    },
    close: () => closeSync(file),
  };
}

/** Bytes of a reading in the journal rows that are there now; NaN when a cut has just taken all. */
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
