import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createArchiveMarker, createDirectoryStore } from '../../main/adapters/directory-store.ts';
import type { Log } from '../../main/ports/log.ts';
import type { ObjectStore } from '../../main/ports/object-store.ts';
import type { Remote } from '../../main/store/remote.ts';
import { createManualClock } from '../../main/testing/manual-clock.ts';
import { startWriter } from '../../main/testing/writer-thread.ts';
import { Tiering } from '../../main/tiering/tiering.ts';
import type { WriterApi } from '../../main/writer-api.ts';
import { DAY_US, HOUR_US, MB } from '../../shared/units.ts';
import { FIELDS, type PumpRows, PumpSite } from './pump.ts';

export interface HistoryOptions {
  /** As BenchGateway's: the data folder is `<folder>/data`, the archive `<folder>/archive` unless there is another. */
  folder: string;
  /** Another archive, and what the configuration says about it. */
  bucket?: { store: ObjectStore; toml: string };
  /** Days of readings up to now; all but the last `maxAgeDays` (30) end in the archive. */
  days: number;
  /** Hubs of 8 series each, and how often each sends. */
  hubs: number;
  stepUs: number;
  /** Each day only one hub of so many sends, another one the next day (1: all do every day). */
  turns?: number;
  seed: number;
}

export interface BuiltHistory {
  /** What the configuration of a BenchGateway on this folder says about the archive. */
  toml: string;
  /** The data folder's database file. */
  database: string;
  archiveFolder: string;
  /** [from, to) of all readings. */
  from: number;
  to: number;
  readings: number;
  blocks: number;
}

/** Simulated days between two passes of tiering: a real gateway makes one an hour, which finds nothing new for most of the day. */
const PASS_DAYS = 8;
/** From a day's last reading until the day counts as closed, and a little more. */
const QUIET_MS = (3 * HOUR_US) / 1_000;
/** Id of the gateway, as in BenchGateway's configuration. */
const GATEWAY_ID = 'bench';

/** The key of series `i` of a history. */
export function seriesKey(i: number): string {
  return `pump.${FIELDS[i % FIELDS.length]}{hub=h${Math.floor(i / FIELDS.length)}}`;
}

/**
 * Years of a gateway's life through the real writer thread and the real stages, on a clock that is moved: each day is committed to the journal, cut and
 * compacted, planned, uploaded into a folder archive or a bucket, read back, and evicted when it is older than 30 days. Nothing is written past the pipeline.
 */
export async function buildHistory(o: HistoryOptions): Promise<BuiltHistory> {
  // Yesterday's end: the last pass is some hours later.
  const to = (Math.floor((Date.now() * 1_000) / DAY_US) - 1) * DAY_US;
  const from = to - o.days * DAY_US;
  const [data, archiveFolder] = [join(o.folder, 'data'), join(o.folder, 'archive')];
  mkdirSync(data, { recursive: true });
  const folderToml = `[cold]\ndirectory = ${JSON.stringify(archiveFolder)}\n`;
  const { store: archive, toml } = o.bucket ?? { store: await archiveIn(archiveFolder), toml: folderToml };
  const database = join(data, 'tidemark.db');
  const clock = createManualClock(from);
  const { api, ended } = startWriter({ path: database, maxSeries: 200_000, nowUs: from });
  await nameSeries(api, o.hubs, from);
  const tiering = new Tiering({
    writer: api,
    // The archive's own clock is that of this machine, which the simulated one is years behind.
    archive: { ...archive, probe: async () => ({ serverTimeUs: clock.nowUs() }) },
    // Nothing comes late.
    fetchFrames: async () => undefined,
    clock,
    room: { limitBytes: () => Number.POSITIVE_INFINITY, cacheBytes: () => 0, limitCache: async () => undefined },
    log: QUIET,
    random: () => 0,
    startReport: await api.startReport(),
    settings: {
      maxAgeDays: 30,
      intervalMs: HOUR_US / 1_000,
      concurrency: 2,
      targetBlockBytes: 32 * MB,
      verify: 'readback',
      gatewayId: GATEWAY_ID,
      prefix: '',
    },
  });
  const site = new PumpSite({ hubs: o.hubs, startUs: from, stepUs: o.stepUs, seed: o.seed });
  let readings = o.hubs * FIELDS.length;
  for (let day = 0; day < o.days; day++) {
    clock.advance(DAY_US / 1_000);
    if (day % PASS_DAYS === 0) await tiering.runOnce('interval');
    const steps = Math.floor(((day + 1) * DAY_US) / o.stepUs) - Math.floor((day * DAY_US) / o.stepUs);
    const rows = ofTurn(site.rows(steps), day, o.turns ?? 1);
    await api.append({ count: rows.t.length, ...rows }, clock.nowUs());
    readings += rows.t.length;
  }
  clock.advance(QUIET_MS);
  await tiering.runOnce('interval');
  const { cold, queue } = await api.stats();
  if (queue.bytes > 0 || tiering.status().trouble !== undefined)
    throw new Error(`the history did not move: ${tiering.status().trouble ?? `${queue.bytes} bytes wait`}`);
  await api.close();
  await ended;
  return { toml, database, archiveFolder, from, to, readings, blocks: cold.blocks };
}

/** The rows of the hubs whose turn it is. */
function ofTurn(rows: PumpRows, day: number, turns: number): PumpRows {
  if (turns === 1) return rows;
  const isDue = (series: number): boolean => Math.floor((series - 1) / FIELDS.length) % turns === day % turns;
  const due = Array.from(rows.series.keys()).filter((i) => isDue(rows.series[i] ?? 0));
  const pick = (column: Float64Array): Float64Array => Float64Array.from(due, (i) => column[i] ?? 0);
  return { series: Uint32Array.from(due, (i) => rows.series[i] ?? 0), t: pick(rows.t), v: pick(rows.v) };
}

async function archiveIn(directory: string): Promise<ObjectStore> {
  await createArchiveMarker(directory, GATEWAY_ID);
  return createDirectoryStore({ directory, gatewayId: GATEWAY_ID });
}

/** One reading of each series, so that PumpSite's ids are theirs. */
async function nameSeries(api: Remote<Pick<WriterApi, 'ingest'>>, hubs: number, at: number): Promise<void> {
  const values = FIELDS.map((field) => `${field}=0`).join();
  const lines = Array.from({ length: hubs }, (_, hub) => `pump,hub=h${hub} ${values} ${at}`);
  await api.ingest([{ format: 'line', body: Buffer.from(lines.join('\n')), precision: 'us' }], at);
}

const QUIET: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: console.error };
