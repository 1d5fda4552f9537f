import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { readIndex } from '../codec/block.ts';
import { mergeRuns, type Run } from '../codec/merge.ts';
import { readChunk } from '../codec/segment.ts';
import { MAX_TRAILER_BYTES, parseTrailer } from '../codec/trailer.ts';
import { Store } from '../store/store.ts';
import { objectBytes, prove } from './blocks.ts';
import { bitsOf } from './columns.ts';
import { releasedDatabase, releasedObjects, releasedReadings } from './released.ts';

const [FROM, TO] = [0, 40_000 * DAY_US];
const NOW = 20_500 * DAY_US;
const objects = releasedObjects();
const readings = releasedReadings();
let database: ReturnType<typeof releasedDatabase>;
let store: Store;

beforeEach(() => {
  database = releasedDatabase();
  store = new Store({ path: database.file, maxSeries: 100, nowUs: NOW });
});

afterEach(() => {
  store.close();
  database.remove();
});

/** All of a series, cold frames from the bucket. */
function ask(key: string): { run: Run; cold: number } {
  const frames = new Map<string, Uint8Array>();
  let { missing, runs } = store.runs(key, FROM, TO, frames, new Set());
  let cold = 0;
  // Indexes that are gone come first.
  for (let round = 0; missing.length > 0 && round < 2; round++) {
    cold = missing.length;
    for (const { cold } of missing) {
      const object = objects.get(store.block(cold?.blockId ?? '')?.key ?? '');
      for (const ref of cold?.frames ?? [])
        frames.set(ref.digest, object?.subarray(ref.offset, ref.offset + ref.length) ?? new Uint8Array(0));
    }
    ({ missing, runs } = store.runs(key, FROM, TO, frames, new Set()));
  }
  return { run: mergeRuns(runs), cold };
}

function expectAll(): { cold: number } {
  let cold = 0;
  for (const { key, all } of readings) {
    const answer = ask(key);
    cold += answer.cold;
    expect(answer.run.t).toEqual(all.t);
    expect(bitsOf(answer.run.v)).toBe(all.bits);
  }
  return { cold };
}

test('C19 a data folder of the first release opens and answers every reading to the bit, from journal, segments and blocks', () => {
  expect(store.startReport().replayed).toBe(328);
  expect(store.listSeries({ limit: 100 }).series.map(({ key, unit }) => ({ key, unit }))).toEqual(
    readings.map(({ key, unit }) => ({ key, unit })).sort((a, b) => (a.key < b.key ? -1 : 1)),
  );
  expect(expectAll().cold).toBeGreaterThan(20);
});

test('C19 SZ11 indexes of the blocks of the first release make room, too, and are had again from the objects', () => {
  while (store.dropKept(0, NOW) !== undefined);
  expect(store.pieces(readings[0]?.key ?? '', FROM, TO).pieces.some(({ cold }) => cold?.frames.length === 1)).toBe(
    true,
  );
  expect(expectAll().cold).toBeGreaterThan(20);
});

test('C19 blocks planned by the first release finish byte for byte as they were begun, and what is left is tiered anew', () => {
  // The first release had no rollups: those of what is still here are made before any of it goes.
  for (const { day } of store.days()) while (store.rollUpDay(day, NOW));
  const unfinished = store.blocks({ states: ['planned', 'verified'] });
  expect(unfinished.map(({ state, formatVersion }) => `${state} ${formatVersion}`).sort()).toEqual([
    'planned 1',
    'verified 1',
  ]);
  for (const { id, key, bytes, sha256, state } of unfinished) {
    const object = Buffer.from(objectBytes(store, id, 0, bytes));
    expect(object.equals(objects.get(key) as Buffer)).toBe(true);
    expect(objectBytes(store, id, bytes - 50, 40)).toEqual(new Uint8Array(object.subarray(-50, -10)));
    expect(createHash('sha256').update(object).digest('hex')).toBe(sha256);
    if (state === 'planned') prove(store, id, NOW);
    expect(store.evictBlock(id, NOW)).toBeDefined();
  }
  expectAll();
  store.cut(NOW, 'always');
  for (const { day } of store.days()) {
    while (store.compactDay(day, NOW));
    while (store.rollUpDay(day, NOW));
    store.freezeDay(day);
    const plan = {
      gatewayId: 'fixture',
      prefix: 'site/',
      storeId: 'fixture',
      targetBytes: 32e6,
      nowUs: NOW,
    };
    for (let block = store.planBlock(day, plan); block !== undefined; block = store.planBlock(day, plan)) {
      objects.set(block.key, Buffer.from(objectBytes(store, block.id, 0, block.bytes)));
      prove(store, block.id, NOW);
      expect(store.evictBlock(block.id, NOW)).toBeDefined();
    }
  }
  expect(store.stats().local.readings).toBe(0);
  expectAll();
});

test('C19 the objects of the first release are read without the database that planned them', () => {
  const runs = new Map<string, { age: [number, number]; run: Run }[]>();
  for (const object of releasedObjects().values()) {
    const trailer = parseTrailer(object.subarray(-MAX_TRAILER_BYTES), object.length);
    const index = readIndex(object.subarray(trailer.from), trailer);
    for (const chunk of index.chunks) {
      const { key } = index.series[chunk.series]!;
      const { epoch, seqLo } = index.segments[chunk.segment]!;
      runs.set(key, [...(runs.get(key) ?? []), { age: [epoch, seqLo], run: readChunk(object, chunk) }]);
    }
  }
  for (const { key, archived } of readings) {
    const byAge = (runs.get(key) ?? []).sort((a, b) => a.age[0] - b.age[0] || a.age[1] - b.age[1]);
    const { t, v } = mergeRuns(byAge.map(({ run }) => run));
    expect(t).toEqual(archived.t);
    expect(bitsOf(v)).toBe(archived.bits);
  }
});
