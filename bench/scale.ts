import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Store } from '../main/store/store.ts';
import { DAY_US, MB } from '../shared/units.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { grow, type Limits, type MeasuredDay } from './lib/model.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';

const LIMITS: Limits = {
  ingest: 2_000_000,
  maxSeries: 200_000,
  blockBytes: 32 * MB,
  partBytes: 5 << 20,
  localDays: 30,
  headReadings: 2_000_000,
  headReadingBytes: 24,
  seriesBytes: 400,
  idleBytes: 130 * MB,
};
/** The model takes its figures from one hub, and is checked against more. */
const HUBS = 10;
const YEARS = [1, 10];
const SERIES = [10, 1_000, 100_000];
/** Of a day at 100/s only a part is measured. */
const RATES = [
  { name: '1/min', readingsPerSecond: 1 / 60, share: 1 },
  { name: '1/s', readingsPerSecond: 1, share: 1 },
  { name: '100/s', readingsPerSecond: 100, share: 1 / 24 },
];

/** What sites of many sizes come to, by a small model that is checked against days that went through the store. */
export function scale(): Measure[] {
  const measures: Measure[] = [];
  for (const { name, readingsPerSecond, share } of RATES) {
    const day = measureDay(1, readingsPerSecond, share);
    if (share === 1) {
      const more = measureDay(HUBS, readingsPerSecond, share);
      measures.push(
        compared(
          {
            name: `model from 8 series at ${name}, bytes of ${HUBS * FIELDS.length} in the bucket`,
            unit: 'B a series-day',
            baseline: 'measured',
            bar: { of: 'ratio', op: '<=', limit: 1.1 },
          },
          [{ subject: day.bucketBytes, baseline: more.bucketBytes }],
        ),
      );
    }
    measures.push(
      plain({ name: `${name}: bucket`, unit: 'B/reading' }, day.bucketBytes / (readingsPerSecond * 86_400)),
      plain({ name: `${name}: index on the gateway`, unit: 'B a series-day' }, day.indexBytes),
      plain({ name: `${name}: rollups on the gateway`, unit: 'B a series-day' }, day.rollupBytes),
    );
    for (const series of SERIES)
      for (const years of YEARS) {
        const g = grow({ series, readingsPerSecond, years }, day, LIMITS);
        const of = `${series} series, ${name}, ${years} years`;
        measures.push(
          plain({ name: `${of}: bucket`, unit: 'GB' }, g.bucketBytes / 1e9),
          plain({ name: `${of}: objects`, unit: 'objects' }, g.objects),
          plain({ name: `${of}: requests, writing and reading`, unit: 'requests' }, g.writes + g.reads),
          plain({ name: `${of}: on the gateway`, unit: 'GB' }, g.localBytes / 1e9),
          plain({ name: `${of}: manifest`, unit: 'MB' }, g.manifestBytes / 1e6),
          plain({ name: `${of}: memory of a gateway`, unit: 'MB' }, g.ramBytes / 1e6),
          plain({ name: `${of}: gateways`, unit: 'gateways' }, g.gateways),
        );
      }
  }
  return measures;
}

/** A day (or a share of one, counted up) of hubs of 8 series through journal, cut, compaction, rollups and plan of the real store. */
function measureDay(hubs: number, readingsPerSecond: number, share: number): MeasuredDay {
  const scratch = scratchFolder();
  try {
    const path = join(scratch.folder, 'tidemark.db');
    const store = new Store({ path, maxSeries: 1_000, nowUs: 1 });
    for (let hub = 0; hub < hubs; hub++)
      for (const field of FIELDS) store.series.resolve({ measurement: 'pump', field, tags: [['hub', `h${hub}`]] });
    const site = new PumpSite({ hubs, startUs: DAY_US, stepUs: Math.round(1e6 / readingsPerSecond), seed: 8 });
    const steps = Math.floor(readingsPerSecond * 86_400 * share);
    const most = Math.max(1, Math.floor(200_000 / (hubs * FIELDS.length)));
    for (let done = 0; done < steps; done += most) {
      const rows = site.rows(Math.min(most, steps - done));
      store.append({ count: rows.t.length, ...rows }, 1);
      store.cut(1, 'due');
    }
    store.cut(1, 'always');
    while (store.compactDay(1, 1));
    while (store.rollUpDay(1, 1));
    store.freezeDay(1);
    const plan = { gatewayId: 'bench', prefix: '', storeId: 'bench', nowUs: 1 };
    const sizes = { targetBytes: LIMITS.blockBytes, partBytes: LIMITS.partBytes };
    while (store.planBlock(1, { ...plan, ...sizes }) !== undefined);
    const bucket = store.blocks().reduce((n, block) => n + block.bytes, 0);
    store.close();
    const each = hubs * FIELDS.length * share;
    return {
      readingsPerSecond,
      bucketBytes: bucket / each,
      indexBytes: sum(path, 'select sum(length(body)) n from block_index') / each,
      rollupBytes: sum(path, 'select sum(length(directory) + length(body)) n from rollup') / each,
    };
  } finally {
    scratch.remove();
  }
}

function sum(path: string, sql: string): number {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare<[], { n: number | null }>(sql).get()?.n ?? 0;
  } finally {
    db.close();
  }
}
