import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { StoreFolder } from '../testing/store-folder.ts';
import { createCuts } from '../writer-cuts.ts';
import { cutIsDue, isBehind } from './cut.ts';
import { Head } from './head.ts';

/** More than one step of the cut, less than makes it due by itself. */
const MANY = 150_000;
const FIELDS = ['a', 'b', 'c'];

let folder: StoreFolder;
let oracle: Map<number, number>[];
beforeEach(() => {
  oracle = FIELDS.map(() => new Map());
  folder = new StoreFolder({ maxSeries: 10, nowUs: 0 });
});
afterEach(() => folder.end());

/** `n` readings of every series from `first` on, 500 ms apart. */
function add(first: number, n: number, value: number): void {
  for (const [i, field] of FIELDS.entries()) {
    const id = folder.store.series.resolve({ measurement: 'm', field, tags: [] }) ?? 0;
    const t = Float64Array.from({ length: n }, (_, k) => (first + k) * 500_000);
    const v = Float64Array.from({ length: n }, (_, k) => value + (k % 100) / 100);
    folder.store.append({ count: n, series: new Uint32Array(n).fill(id), t, v }, 1);
    for (const [k, time] of t.entries()) oracle[i]?.set(time, v[k] ?? Number.NaN);
  }
}

function expectWhole(): void {
  for (const [i, field] of FIELDS.entries()) {
    const { t, v } = mergeRuns(folder.store.runs(`m.${field}`, 0, 2 * DAY_US, new Map(), new Set()).runs);
    const expected = [...(oracle[i] ?? [])].sort(([a], [b]) => a - b);
    const differing = expected.findIndex(([time, value], k) => t[k] !== time || v[k] !== value);
    expect({ field, readings: t.length, differing }).toEqual({ field, readings: expected.length, differing: -1 });
  }
}

it('T5 a head is cut in steps while readings come in: whole after each, the newest wins, and a restart in between loses nothing', () => {
  add(0, MANY, 1);
  let steps = 0;
  for (let more = true; more; steps++) {
    more = folder.store.cutStep(1, 'always').more;
    // Readings that are being cut, given anew meanwhile.
    if (steps < 3) add(100 * steps, 50, 5 + steps);
    expectWhole();
  }
  expect(steps).toBeGreaterThan(3);
  expect(folder.store.stats().local.readings).toBe(3 * MANY);
  expect(folder.store.stats().head.readings).toBe(3 * 3 * 50);
  add(MANY, MANY / 3, 3);
  expect(folder.store.cutStep(1, 'always').more).toBe(true);
  add(7, 7, 9);
  folder.restart();
  expect(folder.store.startReport().replayed).toBe(3 * 3 * 50 + MANY + 3 * 7);
  expectWhole();
});

it('T5 a whole cut takes what is being cut and what came since; a day counts the readings of both', () => {
  add(0, MANY, 1);
  expect(folder.store.cutStep(1, 'always').more).toBe(true);
  add(MANY, 10, 2);
  expect(folder.store.days().map((day) => day.headReadings)).toEqual([3 * MANY + 30]);
  expect(folder.store.cut(1, 'always').readings).toBe(3 * MANY + 30);
  expect(folder.store.stats().head.readings).toBe(0);
  expectWhole();
});

it('ING17 when readings come in faster than the head before is cut, that is told, and at last nothing more is taken in', () => {
  add(0, MANY, 1);
  expect(folder.store.isBehind).toBe(false);
  expect(folder.store.cutStep(1, 'always').more).toBe(true);
  for (let i = 0; i < 2; i++) add(0, MANY, 2);
  expect(folder.store.isBehind).toBe(true);
  expectWhole();
  const n = 2_000_000;
  folder.store.append(
    { count: n, series: new Uint32Array(n).fill(1), t: new Float64Array(n), v: new Float64Array(n) },
    1,
  );
  const one = { count: 1, series: Uint32Array.of(1), t: Float64Array.of(5), v: Float64Array.of(5) };
  expect(() => folder.store.append(one, 1)).toThrow(expect.objectContaining({ code: 'head-full', retry: 'later' }));
  while (folder.store.cutStep(1, 'due').more);
  expect(folder.store.isBehind).toBe(false);
  folder.store.append(one, 1);
});

it('P7 readings that came under a clock that ran ahead by years are cut once it is set back', () => {
  const one = { count: 1, series: Uint32Array.of(1), t: Float64Array.of(5), v: Float64Array.of(5) };
  const ahead = 1_000 * DAY_US;
  folder.store.append(one, ahead);
  expect(folder.store.cut(ahead + 1, 'due').readings).toBe(0);
  // As little as clocks are corrected by all the time says nothing.
  expect(folder.store.cut(ahead - 1_000_000, 'due').readings).toBe(0);
  expect(folder.store.cut(DAY_US, 'due').readings).toBe(1);
});

it('P7 after a fault the writer cuts by itself again, also when the clock was set back meanwhile', async () => {
  const one = { count: 1, series: Uint32Array.of(1), t: Float64Array.of(5), v: Float64Array.of(5) };
  const ahead = 1_000 * DAY_US;
  const db = new Database(folder.path);
  db.exec(`create trigger no_cut before insert on segment begin select raise(abort, 'not now'); end`);
  folder.store.append(one, ahead);
  const cuts = createCuts(folder.store);
  await cuts.keepUp(ahead + DAY_US);
  expect(folder.store.stats().head.readings).toBe(1);
  db.exec('drop trigger no_cut');
  db.close();
  await cuts.keepUp(ahead + DAY_US + 1);
  expect(folder.store.stats().head.readings).toBe(1);
  await cuts.keepUp(DAY_US);
  expect(folder.store.stats().head.readings).toBe(0);
});

it('ING17 readings of thousands of days are due to be cut, and then hold up whoever sends more: each day is a row that waits in memory', () => {
  const head = new Head();
  const batch = (from: number, n: number) => {
    const t = Float64Array.from({ length: n }, (_, i) => (from + i) * DAY_US);
    return { count: n, series: new Uint32Array(n).fill(1), t, v: t };
  };
  head.add(batch(-1_000, 1_999), 1, 0);
  expect([cutIsDue(head, 0, Number.POSITIVE_INFINITY), isBehind(head)]).toEqual([false, false]);
  head.add(batch(-1_000, 2_000), 2, 0);
  expect([cutIsDue(head, 0, Number.POSITIVE_INFINITY), isBehind(head)]).toEqual([true, true]);
});

it('T5 the newest reading of each series survives the cut of more series than are saved at once', () => {
  folder.restart(undefined, { maxSeries: 20_000 });
  const n = 9_000;
  const series = Uint32Array.from({ length: n }, (_, i) => {
    return folder.store.series.resolve({ measurement: 'many', field: 'f', tags: [['n', `${i}`]] }) ?? 0;
  });
  const t = Float64Array.from({ length: n }, (_, i) => 1_000 + i);
  folder.store.append({ count: n, series, t, v: t }, 1);
  folder.store.cut(1, 'always');
  folder.restart(undefined, { maxSeries: 20_000 });
  expect(folder.store.startReport().replayed).toBe(0);
  for (const i of [0, 4_000, 8_999])
    expect(folder.store.series.byKey(`many.f{n=${i}}`)?.last).toEqual({ t: 1_000 + i, v: 1_000 + i });
});
