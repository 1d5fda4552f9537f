import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { prove } from '../testing/blocks.ts';
import { losePages } from '../testing/lost-pages.ts';
import { StoreFolder } from '../testing/store-folder.ts';

/** Random readings of a day that take some 700 bytes, and such that take two pieces. */
const [SHORT, LONG] = [100, 20_000];
const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 1e9, nowUs: 1 };

let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: 10, nowUs: 0 });
});
afterEach(() => folder.end());

function add(day: number, readings: number): void {
  const id = folder.store.series.resolve({ measurement: 'm', field: 'a', tags: [] }) ?? 0;
  const t = Float64Array.from({ length: readings }, (_, i) => day * DAY_US + i * 1_000_000);
  folder.store.append({ count: readings, series: new Uint32Array(readings).fill(id), t, v: t.map(Math.random) }, 1);
}

/** As the writer thread does it: what fails is done again when something was mended. */
function cut(): void {
  for (;;) {
    try {
      folder.store.cut(1, 'always');
      return;
    } catch (error) {
      expect(error).toMatchObject({ code: 'SQLITE_CORRUPT' });
      expect(folder.store.mend()).toBe(true);
    }
  }
}

/** Of each day up to this one. */
function statesUpTo(last: number, readings: number): string[] {
  return Array.from({ length: last + 1 }, (_, day) => {
    const { runs, pieces } = folder.store.runs('m.a', day * DAY_US, (day + 1) * DAY_US, new Map(), new Set());
    const isWhole = mergeRuns(runs).t.length === readings;
    return pieces.some(({ damaged }) => damaged === true) ? 'damaged' : isWhole ? 'whole' : 'none';
  });
}

/** Leaves of the table's tree in the order of their rows, as the disk loses them while the gateway is off. */
function loseLeaves(table: string, chosen: (n: number, all: number) => boolean): void {
  folder.restart(() => {
    const leaves: string[] = [];
    losePages(folder.path, table, 'leaf', (place) => leaves.push(place) < 0);
    const lost = leaves.sort().filter((_, n) => chosen(n, leaves.length));
    expect(losePages(folder.path, table, 'leaf', (place) => lost.includes(place))).toBeGreaterThan(0);
  });
}
const told = (): unknown[] =>
  folder.store
    .events({ limit: 99 })
    .flatMap(({ code, detail }) => (code === 'TM-DATABASE-DAMAGED' ? [detail.table] : []));
const last = (n: number, all: number): boolean => n === all - 1;
const bothEnds = (n: number, all: number): boolean => n === 0 || n === all - 1;
const all = (): boolean => true;

it.each<[string, number, string, number, (n: number, all: number) => boolean, number]>([
  ['the last page of', 34, 'segment_body', SHORT, last, 1],
  ['the last of two pages of', 10, 'segment_body', SHORT, last, 2],
  ['the first and the last page of', 34, 'segment_body', SHORT, bothEnds, 1],
  ['the last page of', 8, 'segment_piece', LONG, last, 1],
  ['the first and the last page of', 8, 'segment_piece', LONG, bothEnds, 1],
  ['all of', 8, 'segment_piece', LONG, all, 1],
])(
  'D9 %s %i days in the table %s that the disk lost hold up nothing that comes, and what was not on them is there',
  (_, days, table, readings, chosen, mends) => {
    for (let day = 0; day < days; day++) {
      add(day, readings);
      cut();
    }
    loseLeaves(table, chosen);
    const before = statesUpTo(days - 1, readings);
    expect(new Set(before)).toEqual(new Set(chosen === all ? ['damaged'] : ['damaged', 'whole']));
    for (const day of [days, days + 1]) add(day, readings);
    expect(told()).toEqual([]);
    cut();
    expect(told()).toEqual(Array(mends).fill(table));
    const after = [...before, 'whole', 'whole'];
    expect(statesUpTo(days + 1, readings)).toEqual(after);
    // The next start meets the same, or nothing.
    folder.restart();
    add(days + 2, readings);
    cut();
    expect(statesUpTo(days + 2, readings)).toEqual([...after, 'whole']);
    for (const day of [days, days + 1, days + 2]) {
      folder.close(day);
      expect(folder.store.freezeDay(day)).toBe(1);
      const id = folder.store.planBlock(day, PLAN)?.id ?? '';
      prove(folder.store, id, 1);
      expect(folder.store.evictBlock(id, 1)).toBeDefined();
    }
    expect(statesUpTo(days - 1, readings)).toEqual(before);
  },
);
