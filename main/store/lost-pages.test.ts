import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { prove } from '../testing/blocks.ts';
import { losePages } from '../testing/lost-pages.ts';
import { StoreFolder } from '../testing/store-folder.ts';
import { SnapshotReader } from './snapshot.ts';
import type { ReadView } from './types.ts';

const READINGS = 3_000;
const FIELDS = ['a', 'b'];
const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 1e9, nowUs: 1 };

let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: 1_000, nowUs: 0 });
});
afterEach(() => folder.end());

/** Random readings of both series, at times of their own: their chunks are larger than a page, and nothing is shared. */
function fillDay(day: number, readings = READINGS): void {
  for (const [at, field] of FIELDS.entries()) {
    const id = folder.store.series.resolve({ measurement: 'm', field, tags: [] }) ?? 0;
    const t = Float64Array.from({ length: readings }, (_, i) => day * DAY_US + i * 1_000_000 + at);
    const series = new Uint32Array(readings).fill(id);
    folder.store.append({ count: readings, series, t, v: t.map(Math.random) }, 1);
  }
  folder.store.cut(1, 'always');
}

function finish(day: number): void {
  folder.close(day);
}

/** As the reader thread reads, beside the writer. */
function ask<T>(question: (view: ReadView) => T): T {
  const reader = new SnapshotReader(folder.path);
  const { value, damage } = reader.read([], question);
  reader.close();
  folder.store.tellDamage(damage);
  return value;
}

/** Readings of a day that come back, and whether what does not is called damaged. */
function dayOf(day: number, field = 'a'): { readings: number; damaged: boolean } {
  const { runs, pieces } = ask((view) =>
    view.runs(`m.${field}`, day * DAY_US, (day + 1) * DAY_US, new Map(), new Set()),
  );
  return { readings: mergeRuns(runs).t.length, damaged: pieces.some((piece) => piece.damaged === true) };
}

const WHOLE = { readings: READINGS, damaged: false };
const LOST = { readings: 0, damaged: true };
const told = (code: string): unknown[] =>
  folder.store.events({ limit: 99 }).flatMap((e) => (e.code === code ? [e.detail.series ?? e.detail.day] : []));

function lose(...args: Parameters<typeof losePages> extends [string, ...infer Rest] ? Rest : never): void {
  folder.restart(() => expect(losePages(folder.path, ...args)).toBeGreaterThan(0));
}

/** The pages of the body of the n-th row, which are all its own. */
const ofRow = (n: number) => (place: string) => place.startsWith(`/00${n}+`);

it.each(['as it was cut', 'in its final form', 'frozen'] as const)(
  'D3 pages of a row that the disk lost, %s: its series and day are told, and nothing else is held up',
  (state) => {
    // The last row made is that of day 1.
    for (const day of [0, 1]) fillDay(day);
    if (state !== 'as it was cut') for (const day of [0, 1]) finish(day);
    if (state === 'frozen') expect(folder.store.freezeDay(1)).toBe(1);
    lose('segment_body', 'overflow', ofRow(1));
    expect([dayOf(0), dayOf(0, 'b'), dayOf(1), dayOf(1, 'b')]).toEqual([WHOLE, WHOLE, LOST, LOST]);
    expect(told('TM-LOCAL-DAMAGED').sort()).toEqual(['m.a', 'm.b']);
    fillDay(2);
    fillDay(1);
    const planned = [0, 1, 2].map((day) => {
      // A row that is found rotten when it is to be planned goes back to compaction.
      for (let turn = 0; turn < 2; turn++) {
        finish(day);
        folder.store.freezeDay(day);
        const block = folder.store.planBlock(day, PLAN);
        if (block !== undefined) return block.readings;
      }
      return undefined;
    });
    // What came for the day again is there, whatever was lost of it.
    expect(planned).toEqual([2 * READINGS, 2 * READINGS, 2 * READINGS]);
    expect([dayOf(0), dayOf(1), dayOf(2)]).toEqual([WHOLE, { readings: READINGS, damaged: true }, WHOLE]);
    expect(folder.store.stats().local.damaged).toBe(true);
  },
);

it.each<[string, string, number, string, string, number?]>([
  ['its end', 'segment_piece', 4, 'b', 'a'],
  ['its beginning', 'segment_body', 8, 'a', 'b'],
  ['its beginning, which is rewritten in slices', 'segment_body', 8, 'a', 'b', 4_000_000],
])(
  'D3 D10 pages of a part of a body that the disk lost, %s, are damage of the series in it only, also when the rest was written anew',
  (_, table, times, lost, other, limitBytes) => {
    const readings = times * READINGS;
    fillDay(0, readings);
    lose(table, 'overflow');
    if (limitBytes !== undefined) folder.restart(undefined, { limitBytes });
    const found = [{ readings, damaged: false }, LOST];
    expect([dayOf(0, other), dayOf(0, lost)]).toEqual(found);
    finish(0);
    expect([dayOf(0, other), dayOf(0, lost)]).toEqual(found);
    expect(told('TM-LOCAL-DAMAGED')).toEqual([`m.${lost}`]);
    folder.store.freezeDay(0);
    expect(folder.store.planBlock(0, PLAN)?.readings).toBe(readings);
    expect(dayOf(0, lost)).toEqual(LOST);
  },
);

it('D9 rows of which no index knows leave their bodies behind: what comes after them is stored', () => {
  for (const day of [0, 1, 2]) fillDay(day);
  folder.reopen((db) => {
    db.pragma('foreign_keys = OFF');
    db.exec('delete from segment where day > 0');
  });
  fillDay(3);
  expect([0, 1, 2, 3].map((day) => dayOf(day).readings)).toEqual([READINGS, 0, 0, READINGS]);
});

it('D3 a flipped bit is told by compaction with its series and day, before anybody reads it', () => {
  fillDay(0);
  folder.reopen((db) => {
    db.exec(
      `update segment_body set body = cast(substr(body, 1, length(body) - 9) || x'ff' || substr(body, -8) as blob)`,
    );
  });
  finish(0);
  expect(told('TM-LOCAL-DAMAGED')).toEqual(['m.b']);
  expect([dayOf(0), dayOf(0, 'b')]).toEqual([WHOLE, LOST]);
});

it.each(['leaf', 'internal'] as const)(
  'R7 D3 a %s page of the rollups that the disk lost is told, and the readings take their place',
  (kind) => {
    for (let day = 0; day < 12; day++) {
      fillDay(day);
      finish(day);
    }
    const summedUp = (): number =>
      ask((view) =>
        view.rollups('m.a', { from: 0, to: 12 * DAY_US, levels: ['minutes'], exactUpTo: 0, thinFromDays: 0 }),
      ).reduce((n, { rollup }) => n + (rollup?.count.reduce((sum, count) => sum + count, 0) ?? 0), 0);
    expect(summedUp()).toBe(12 * READINGS);
    lose('rollup', kind);
    expect(summedUp()).toBe(0);
    expect(told('TM-ROLLUP-DAMAGED')).toEqual(['1970-01-01']);
    expect([dayOf(0), dayOf(11)]).toEqual([WHOLE, WHOLE]);
  },
);

it('D3 pages of the index of a cold block that the disk lost are one damaged piece: other days and what is local are there', () => {
  for (const day of [0, 1]) {
    fillDay(day);
    finish(day);
  }
  folder.store.freezeDay(0);
  const id = folder.store.planBlock(0, PLAN)?.id ?? '';
  prove(folder.store, id, 1);
  expect(folder.store.evictBlock(id, 1)).toBeDefined();
  lose('block_index', 'leaf');
  expect([dayOf(0), dayOf(1)]).toEqual([LOST, WHOLE]);
  expect(told('TM-LOCAL-DAMAGED')).toEqual(['some series']);
});

it('D3 where the tree of the bodies is damaged, what hangs on the lost page is told, and an answer has everything else', () => {
  for (let day = 0; day < 12; day++) fillDay(day);
  const leaves: string[] = [];
  folder.restart(() =>
    expect(losePages(folder.path, 'segment_body', 'leaf', (place) => leaves.push(place) === 1)).toBe(1),
  );
  expect(leaves.length).toBeGreaterThan(1);
  const days = Array.from({ length: 12 }, (_, day) => dayOf(day));
  expect(days.filter(({ damaged }) => damaged)).not.toEqual([]);
  expect(days.filter(({ damaged }) => !damaged)).not.toEqual([]);
  for (const day of days) expect(day).toEqual(day.damaged ? LOST : WHOLE);
  expect(told('TM-LOCAL-DAMAGED').length).toBe(days.filter(({ damaged }) => damaged).length);
});

it.each(['leaf', 'overflow'] as const)(
  'D3 a %s page of the rows themselves that the disk lost: their days are told, other days are whole, and what comes is stored',
  (kind) => {
    // Of a few series the directory of a row fits its leaf, of many it does not.
    const count = kind === 'leaf' ? 60 : 500;
    const ids = Array.from(
      { length: count },
      (_, n) => folder.store.series.resolve({ measurement: 'n', field: `${n}`, tags: [] }) ?? 0,
    );
    for (let day = 0; day < 12; day++) {
      const t = new Float64Array(count).fill(day * DAY_US);
      folder.store.append({ count, series: Uint32Array.from(ids), t, v: t.map(Math.random) }, 1);
      fillDay(day);
    }
    let n = 0;
    lose('segment', kind, () => n++ === 0);
    const days = Array.from({ length: 12 }, (_, day) => dayOf(day));
    const lost = days.filter(({ damaged }) => damaged).length;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(12);
    for (const day of days) expect(day).toEqual(day.damaged ? LOST : WHOLE);
    expect(told('TM-LOCAL-DAMAGED')).toEqual(Array(lost).fill('some series'));
    const { runs } = ask((view) => view.runs('m.a', 0, 12 * DAY_US, new Map(), new Set()));
    expect(mergeRuns(runs).t.length).toBe((12 - lost) * READINGS);
    fillDay(12);
    expect(dayOf(12)).toEqual(WHOLE);
  },
);
