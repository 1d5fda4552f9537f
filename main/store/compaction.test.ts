import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { StoreFolder } from '../testing/store-folder.ts';

/** So many readings that the three series of the day make two slices, and each slice several steps. */
const MANY = 180_000;
const EVERY_US = 400_000;
const FIELDS = ['a', 'b', 'c'];

let folder: StoreFolder;
let oracle: Map<number, number>[];
beforeEach(() => {
  oracle = FIELDS.map(() => new Map());
  folder = new StoreFolder({ maxSeries: 10, nowUs: 0 });
});
afterEach(() => folder.end());

/** `n` readings of every series from `first` on, each series with timestamps of its own, cut to segments. */
function addCut(first: number, n: number, value: number): void {
  for (const [i, field] of FIELDS.entries()) {
    const id = folder.store.series.resolve({ measurement: 'm', field, tags: [] }) ?? 0;
    const t = Float64Array.from({ length: n }, (_, k) => (first + k) * EVERY_US + i);
    const v = Float64Array.from({ length: n }, (_, k) => value + (k % 100) / 100);
    folder.store.append({ count: n, series: new Uint32Array(n).fill(id), t, v }, 1);
    for (const [k, time] of t.entries()) oracle[i]?.set(time, v[k] ?? Number.NaN);
  }
  folder.store.cut(1, 'always');
}

/** Compares all columns at once: an expectation per reading would take minutes. */
function expectWhole(fields = FIELDS): void {
  for (const field of fields) {
    const { t, v } = mergeRuns(folder.store.runs(`m.${field}`, 0, DAY_US, new Map(), new Set()).runs);
    const expected = [...(oracle[FIELDS.indexOf(field)] ?? [])].sort(([a], [b]) => a - b);
    const differing = expected.findIndex(([time, value], k) => t[k] !== time || v[k] !== value);
    expect({ field, readings: t.length, differing }).toEqual({ field, readings: expected.length, differing: -1 });
  }
}

it('T5 T9 a day is compacted in steps: whole after each, with late readings and a restart in between', {
  timeout: 180_000,
}, () => {
  addCut(0, MANY, 1);
  addCut(MANY / 2, 1_000, 5);
  let steps = 0;
  const segments = new Set<number>();
  for (let more = true; more; steps++) {
    more = folder.store.compactDay(0, 1);
    segments.add(folder.store.stats().local.segments);
    if (more) expect(folder.store.freezeDay(0)).toBe(0);
    expectWhole();
    if (steps === 2) addCut(MANY / 4, 500, 9);
    if (steps === 5) {
      folder.restart();
    }
  }
  expect(steps).toBeGreaterThan(6);
  expect(segments.size).toBeGreaterThan(1);
  expect(folder.store.days()).toMatchObject([{ uncompacted: false, openReadings: 3 * MANY }]);
  expect(folder.store.compactDay(0, 1)).toBe(false);
  expect(folder.store.freezeDay(0)).toBeGreaterThan(1);
});

it('D3 a damaged chunk in one slice is told and set aside, and the rest of its row is compacted', {
  timeout: 180_000,
}, () => {
  addCut(0, MANY, 1);
  addCut(MANY / 2, 1_000, 5);
  folder.reopen((db) => {
    // The row of the second cut holds all three series; its first frame is of the first one.
    db.exec(
      `update segment_body set body = cast(zeroblob(8) || substr(body, 9) as blob) where id = (select max(id) from segment)`,
    );
  });
  while (folder.store.compactDay(0, 1));
  expectWhole(['b', 'c']);
  const damagedOf = (field: string): number =>
    folder.store.runs(`m.${field}`, 0, DAY_US, new Map(), new Set()).pieces.filter((piece) => piece.damaged).length;
  expect(FIELDS.map(damagedOf)).toEqual([1, 0, 0]);
  expect(folder.store.events({ limit: 9 }).some((event) => event.code === 'TM-LOCAL-DAMAGED')).toBe(true);
  expect(folder.store.freezeDay(0)).toBeGreaterThan(1);
});
