import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Store } from '../main/store/store.ts';
import { folderBytes } from './lib/files.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { FIELDS, PumpSite } from './lib/pump.ts';
import { memoryFolder, scratchFolder } from './lib/scratch.ts';
import { SqliteRows } from './lib/sqlite-rows.ts';
import { busy } from './lib/stats.ts';

const HUBS = 20;
/** Two hours at 1 Hz, in batches of a minute, cut every half hour. */
const STEPS = 60;
const BATCHES = 120;
const CUT_EVERY = 30;
const READINGS = HUBS * FIELDS.length * STEPS * BATCHES;
/** What VictoriaMetrics takes for such readings, bytes: walks of two decimals, measured once; the group peers measures it on recordings. */
const VICTORIA_METRICS = 1.8;
const SITE = { hubs: HUBS, startUs: 1_700_000_000_000_000, stepUs: 1_000_000, seed: 2 };

/** Bytes on the SSD per reading once a day is compacted, against the same rows in SQLite. Sizes are of whole files, logs written back. */
export function disk(): Measure[] {
  const scratch = scratchFolder();
  const rows = memoryFolder();
  try {
    const folder = join(scratch.folder, 'data');
    mkdirSync(folder);
    const baselines = new SqliteRows(rows.folder);
    const store = openStore(folder);
    const site = new PumpSite(SITE);
    const steps: number[] = [];
    const cuts: number[] = [];
    for (let batch = 1; batch <= BATCHES; batch++) {
      const rows = site.rows(STEPS);
      baselines.insert(rows);
      store.append({ count: rows.t.length, ...rows }, SITE.startUs);
      if (batch % CUT_EVERY === 0) cuts.push(...stepTimes(() => store.cutStep(SITE.startUs, 'always').more));
    }
    for (const { day } of store.days()) steps.push(...stepTimes(() => store.compactDay(day, SITE.startUs)));
    while (store.vacuum(500));
    store.close();
    return [
      compared(
        {
          name: 'data folder after compaction',
          unit: 'B/reading',
          baseline: 'same rows in SQLite',
          bar: { of: 'ratio', op: '<=', limit: 1 / 10 },
          aim: { of: 'value', op: '<=', limit: VICTORIA_METRICS },
        },
        [{ subject: folderBytes(folder) / READINGS, baseline: baselines.close() / READINGS }],
      ),
      plain(
        { name: 'longest step of a cut', unit: 'ms of processor', aim: { of: 'value', op: '<=', limit: 50 } },
        Math.max(...cuts),
      ),
      plain(
        { name: 'longest step of compaction', unit: 'ms of processor', aim: { of: 'value', op: '<=', limit: 50 } },
        Math.max(...steps),
      ),
    ];
  } finally {
    scratch.remove();
    rows.remove();
  }
}

/** A store that knows the hubs' series under the ids that PumpSite uses. */
function openStore(folder: string): Store {
  const store = new Store({ path: join(folder, 'tidemark.db'), maxSeries: 1_000, nowUs: SITE.startUs });
  for (let hub = 0; hub < HUBS; hub++) {
    for (const field of FIELDS) store.series.resolve({ measurement: 'pump', field, tags: [['hub', `h${hub}`]] });
  }
  return store;
}

/** Milliseconds of each step, until there is no more. */
function stepTimes(step: () => boolean): number[] {
  const times: number[] = [];
  for (let more = true; more; ) {
    times.push(
      busy(() => {
        more = step();
      }),
    );
  }
  return times;
}
