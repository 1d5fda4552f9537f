import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createIngestor } from '../../main/ingest/ingestor.ts';
import { toEnd } from '../../main/ingest/steps.ts';
import { Store } from '../../main/store/store.ts';
import { DAY_US } from '../../shared/units.ts';
import type { MeasuredDay } from './model.ts';
import { FIELDS, PumpSite } from './pump.ts';
import { scratchFolder } from './scratch.ts';
import { busy } from './stats.ts';

/** A day (or a share of one, counted up) of hubs of 8 series through parser, journal, cut, compaction, rollups and plan of the real store. `objects`: of all of them. */
export function measureDay(
  hubs: number,
  readingsPerSecond: number,
  share: number,
  targetBytes: number,
): MeasuredDay & { objects: number } {
  const scratch = scratchFolder();
  try {
    const path = join(scratch.folder, 'tidemark.db');
    const store = new Store({ path, maxSeries: 10_000, nowUs: 1 });
    const ingestor = createIngestor(store);
    const site = new PumpSite({ hubs, startUs: DAY_US, stepUs: Math.round(1e6 / readingsPerSecond), seed: 8 });
    const steps = Math.floor(readingsPerSecond * 86_400 * share);
    const most = Math.max(1, Math.floor(200_000 / (hubs * FIELDS.length)));
    let busyMs = 0;
    for (let done = 0; done < steps; done += most) {
      const body = new Uint8Array(site.lines(Math.min(most, steps - done)));
      busyMs += busy(() => {
        toEnd(ingestor.ingest([{ format: 'line', body, precision: 'us' }], 1));
        store.cut(1, 'due');
      });
    }
    busyMs += busy(() => {
      store.cut(1, 'always');
      while (store.compactDay(1, 1));
      while (store.rollUpDay(1, 1));
      store.freezeDay(1);
      const plan = { gatewayId: 'bench', prefix: '', storeId: 'bench', targetBytes, nowUs: 1 };
      while (store.planBlock(1, plan) !== undefined);
    });
    const blocks = store.blocks();
    const bucket = blocks.reduce((n, block) => n + block.bytes, 0);
    store.close();
    const each = hubs * FIELDS.length * share;
    return {
      readingsPerSecond,
      objects: blocks.length,
      bucketBytes: bucket / each,
      indexBytes: sum(path, 'select sum(length(body)) n from block_index') / each,
      rollupBytes: sum(path, 'select sum(length(directory) + length(body)) n from rollup') / each,
      busySeconds: busyMs / 1_000 / each,
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
