import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mergeRuns } from '../../main/codec/merge.ts';
import { createIngestor } from '../../main/ingest/ingestor.ts';
import { toEnd } from '../../main/ingest/steps.ts';
import { Store } from '../../main/store/store.ts';
import { DAY_US } from '../../shared/units.ts';
import { folderBytes } from './files.ts';
import type { RecordingBody } from './recordings.ts';
import type { SeriesDay } from './sizes.ts';

const NOW_US = 1;
const PLAN = { gatewayId: 'bench', prefix: '', storeId: 'bench', targetBytes: 32e6, nowUs: NOW_US };

/** What a recording takes in the store, bytes. */
export interface Stored {
  readings: number;
  /** Timestamps and values alone, as they are in the frames. */
  frames: number;
  /** The data folder once the days are compacted and rolled up, beyond an empty one. */
  disk: number;
  /** Whole objects: frames, rollups, index, envelope. */
  objects: number;
}

/**
 * A recording through parser, head, compaction, rollups and plan of the real store, as if it had come in over HTTP. `look` sees the compacted days
 * before they are planned; `folder` is made for it.
 */
export async function storeRecording(
  folder: string,
  bodies: AsyncIterable<RecordingBody>,
  look?: (days: SeriesDay[]) => void,
): Promise<Stored> {
  mkdirSync(folder, { recursive: true });
  let store = openStore(folder);
  store.close();
  const empty = folderBytes(folder);
  store = openStore(folder);
  const ingestor = createIngestor(store);
  for await (const { body, precision } of bodies) toEnd(ingestor.ingest([{ format: 'line', body, precision }], NOW_US));
  store.cut(NOW_US, 'always');
  const days = store.days();
  for (const { day } of days) while (store.compactDay(day, NOW_US));
  for (const { day } of days) while (store.rollUpDay(day, NOW_US));
  while (store.mergeRollups(NOW_US));
  const compacted = store.days();
  look?.(seriesDays(store));
  while (store.vacuum(500));
  store.close();
  const disk = folderBytes(folder) - empty;
  store = openStore(folder);
  for (const { day } of days) {
    store.freezeDay(day);
    while (store.planBlock(day, PLAN) !== undefined);
  }
  const objects = store.blocks().reduce((n, block) => n + block.bytes, 0);
  store.close();
  return {
    readings: compacted.reduce((n, day) => n + day.openReadings, 0),
    frames: compacted.reduce((n, day) => n + day.openBytes, 0),
    disk,
    objects,
  };
}

function openStore(folder: string): Store {
  return new Store({ path: join(folder, 'tidemark.db'), maxSeries: 1_000, nowUs: NOW_US });
}

/** Each series of each day by itself, which is how peers for columns get them. */
function seriesDays(store: Store): SeriesDay[] {
  return store.listSeries({ limit: 1_000 }).series.flatMap(({ key }, series) =>
    store.days().flatMap(({ day }) => {
      const { runs } = store.runs(key, day * DAY_US, (day + 1) * DAY_US, new Map(), new Set());
      const merged = mergeRuns(runs);
      return merged.t.length === 0 ? [] : [{ series, ...merged }];
    }),
  );
}
