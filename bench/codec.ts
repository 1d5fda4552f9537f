import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { mergeRuns } from '../main/codec/merge.ts';
import { buildSegment, readChunk } from '../main/codec/segment.ts';
import { TimeColumns } from '../main/codec/time-columns.ts';
import { importFile } from '../main/ingest/import/import-file.ts';
import { createIngestor } from '../main/ingest/ingestor.ts';
import { toEnd } from '../main/ingest/steps.ts';
import { Store } from '../main/store/store.ts';
import { DAY_US } from '../shared/units.ts';
import { compared, type Measure } from './lib/measure.ts';
import { FIELDS, type PumpRows, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';
import { peerSizes, type SeriesDay } from './lib/sizes.ts';
import { busy } from './lib/stats.ts';

const RECORDINGS = join(import.meta.dirname, '..', 'assets', 'recordings');
/** What pcodec's bare values and timestamps take over the same days, bytes a reading: used where pcodec cannot be had. */
const PCODEC = [
  { name: 'NAB machine', file: 'machine_temperature_system_failure.csv', bytes: 4.26, aim: 1 },
  { name: 'NAB ambient', file: 'ambient_temperature_system_failure.csv', bytes: 8.19, aim: 1 },
  { name: 'SURFRAD', file: 'surfrad-slv16001.dat', bytes: 0.573, aim: 0.85 },
] as const;

const ROUNDS = 7;
const STEPS = 40_000;
const READINGS = STEPS * FIELDS.length;
const ZSTD_3 = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** Bytes in the bucket of real recordings, and speed on one core. */
export async function codec({ quick }: { quick: boolean }): Promise<Measure[]> {
  const sizes: Measure[] = [];
  for (const recording of PCODEC) sizes.push(...(await sizesOf(recording, !quick)));
  return [...sizes, ...speeds()];
}

/** A recording through parser, head, compaction and plan, day by day, as if it had come in over HTTP. */
async function sizesOf(o: (typeof PCODEC)[number], withPeers: boolean): Promise<Measure[]> {
  const scratch = scratchFolder();
  try {
    mkdirSync(scratch.folder, { recursive: true });
    const store = new Store({ path: join(scratch.folder, 'tidemark.db'), maxSeries: 100, nowUs: 1 });
    const ingestor = createIngestor(store);
    for await (const { body, precision } of importFile(o.file, createReadStream(join(RECORDINGS, o.file))))
      toEnd(ingestor.ingest([{ format: 'line', body, precision }], 1));
    store.cut(1, 'always');
    const days = store.days();
    for (const { day } of days) while (store.compactDay(day, 1));
    for (const { day } of days) while (store.rollUpDay(day, 1));
    const compacted = store.days();
    const readings = compacted.reduce((n, day) => n + day.openReadings, 0);
    const frames = compacted.reduce((n, day) => n + day.openBytes, 0);
    const peers = withPeers ? peerSizes(seriesDays(store), join(scratch.folder, 'columns')) : undefined;
    const plan = { gatewayId: 'bench', prefix: '', storeId: 'bench', targetBytes: 32e6, partBytes: 5 << 20, nowUs: 1 };
    for (const { day } of days) {
      store.freezeDay(day);
      while (store.planBlock(day, plan) !== undefined);
    }
    const objects = store.blocks().reduce((n, block) => n + block.bytes, 0);
    store.close();
    const unit = 'B/reading';
    const against = { unit, baseline: peers === undefined ? 'pcodec (constant)' : 'pcodec' };
    const pcodec = peers === undefined ? o.bytes : peers.pcodec / readings;
    const whole = { name: `${o.name}, whole objects`, unit };
    return [
      compared({ ...against, name: `${o.name}, timestamps and values` }, [
        { subject: frames / readings, baseline: pcodec },
      ]),
      compared(
        {
          ...whole,
          ...against,
          bar: { of: 'ratio', op: '<=', limit: 1.05 },
          aim: { of: 'ratio', op: '<=', limit: o.aim },
        },
        [{ subject: objects / readings, baseline: pcodec }],
      ),
      ...(peers === undefined
        ? []
        : [
            compared({ ...whole, baseline: 'Parquet, zstd-9' }, [
              { subject: objects / readings, baseline: peers.parquet / readings },
            ]),
          ]),
    ];
  } finally {
    scratch.remove();
  }
}

/** What pcodec gets: each series of each day by itself. */
function seriesDays(store: Store): SeriesDay[] {
  return store.listSeries({ limit: 100 }).series.flatMap(({ key }, series) =>
    store.days().map(({ day }) => {
      const { runs } = store.runs(key, day * DAY_US, (day + 1) * DAY_US, new Map(), new Set());
      return { series, ...mergeRuns(runs) };
    }),
  );
}

/** Millions of readings a second, against zstd of the raw rows: each timestamp and value as 8 bytes. */
function speeds(): Measure[] {
  const site = new PumpSite({ hubs: 1, startUs: 1_700_000_000_000_000, stepUs: 1_000_000, seed: 3 });
  const runs = runsOf(site.rows(STEPS));
  const raw = Buffer.concat(runs.map(rawRows));
  const encode: { subject: number; baseline: number }[] = [];
  const decode: { subject: number; baseline: number }[] = [];
  let segment = buildSegment(runs);
  let packed = zstdCompressSync(raw, ZSTD_3);
  for (let round = 0; round <= ROUNDS; round++) {
    const packMs = busy(() => {
      packed = zstdCompressSync(raw, ZSTD_3);
    });
    const buildMs = busy(() => {
      segment = buildSegment(runs);
    });
    const unpackMs = busy(() => zstdDecompressSync(packed));
    const readMs = busy(() => {
      const times = new TimeColumns();
      for (const chunk of segment.chunks) readChunk(segment.body, chunk, times);
    });
    // The first round ran code that was not compiled yet.
    if (round === 0) continue;
    encode.push({ subject: READINGS / buildMs / 1e3, baseline: READINGS / packMs / 1e3 });
    decode.push({ subject: READINGS / readMs / 1e3, baseline: READINGS / unpackMs / 1e3 });
  }
  const against = {
    unit: 'M readings/s',
    baseline: 'zstd-3 of raw rows',
    bar: { of: 'ratio', op: '>=', limit: 1 },
    aim: { of: 'ratio', op: '>=', limit: 2 },
  } as const;
  return [
    compared({ ...against, name: 'encode, one core' }, encode),
    compared({ ...against, name: 'decode, one core, digests checked' }, decode),
    compared({ unit: 'B/reading', baseline: 'zstd-3 of raw rows', name: 'pump walks' }, [
      { subject: segment.body.length / READINGS, baseline: packed.length / READINGS },
    ]),
  ];
}

function runsOf({ t, v }: PumpRows): { series: number; t: Float64Array; v: Float64Array }[] {
  const column = (from: Float64Array, field: number): Float64Array =>
    Float64Array.from({ length: STEPS }, (_, i) => from[i * FIELDS.length + field] ?? 0);
  return FIELDS.map((_, f) => ({ series: f + 1, t: column(t, f), v: column(v, f) }));
}

function rawRows({ t, v }: { t: Float64Array; v: Float64Array }): Buffer {
  const rows = Float64Array.from({ length: 2 * t.length }, (_, i) => (i % 2 === 0 ? t[i >> 1] : v[i >> 1]) ?? 0);
  return Buffer.from(rows.buffer);
}
