import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { prove } from '../testing/blocks.ts';
import { losePages } from '../testing/lost-pages.ts';
import { Store } from './store.ts';

const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 1e9, nowUs: 1 };
const READINGS = 20;
/** Days are cold up to here, then planned, then frozen, then as they were cut. */
const [COLD, PLANNED, FROZEN, DAYS] = [30, 34, 37, 40];

const made = mkdtempSync(join(tmpdir(), 'tidemark-mend-'));
const path = (name: string): string => join(made, name);
const open = (name: string): Store => new Store({ path: path(name), maxSeries: 1_000, nowUs: 0 });
let store: Store | undefined;

function add(s: Store, days: readonly number[], value: number): void {
  const id = s.series.resolve({ measurement: 'm', field: 'a', tags: [] }) ?? 0;
  const t = Float64Array.from(
    days.flatMap((day) => Array.from({ length: READINGS }, (_, i) => day * DAY_US + i * 1_000_000)),
  );
  s.append({ count: t.length, series: new Uint32Array(t.length).fill(id), t, v: t.map(() => value) }, 1);
}

function finish(s: Store, day: number): void {
  while (s.compactDay(day, 1));
  while (s.rollUpDay(day, 1));
}

/** A gateway whose days are in all states. New trees begin on the pages after the first ones of the others: `before` is written there. */
function make(name: string, days: readonly number[], before: number): void {
  const s = open(name);
  s.addEvent({ atUs: 0, code: 'TM-TEST', level: 'info', text: 'x'.repeat(before), detail: {} });
  add(s, days, 1);
  s.cut(1, 'always');
  for (const day of days.filter((each) => each < FROZEN)) {
    finish(s, day);
    s.freezeDay(day);
    if (day >= PLANNED) continue;
    const id = s.planBlock(day, PLAN)?.id ?? '';
    if (day >= COLD) continue;
    prove(s, id, 1);
    expect(s.evictBlock(id, 1)).toBeDefined();
  }
  for (let i = 0; i < 20; i++)
    s.addEvent({ atUs: i, code: 'TM-TEST', level: 'info', text: 'x'.repeat(700), detail: {} });
  s.close();
}
beforeAll(() => {
  const days = Array.from({ length: DAYS }, (_, day) => day);
  make('whole', days, 200_000);
  make('crowded', days.slice(0, PLANNED), 0);
});
afterEach(() => store?.close());
afterAll(() => rmSync(made, { recursive: true, force: true }));

/** A stopped gateway's database, with these pages lost, started again. */
function lose(tree: string, chosen: (n: number) => boolean, of = 'whole'): Store {
  copyFileSync(path(of), path('lost'));
  for (const rest of ['-wal', '-shm']) rmSync(path(`lost${rest}`), { force: true });
  let n = 0;
  expect(losePages(path('lost'), tree, 'leaf', () => chosen(n++))).toBeGreaterThan(0);
  store = open('lost');
  return store;
}
const first = (n: number): boolean => n === 0;
const all = (): boolean => true;

type Where = 'local' | 'cold' | 'damaged' | 'none';

/** Where the readings of each day are. */
function tiers(s: Store): Where[] {
  return Array.from({ length: DAYS }, (_, day): Where => {
    const { pieces, missing } = s.runs('m.a', day * DAY_US, (day + 1) * DAY_US, new Map(), new Set());
    if (pieces.some((piece) => piece.damaged === true)) return 'damaged';
    return pieces.length === 0 ? 'none' : missing.length > 0 ? 'cold' : 'local';
  });
}
const WHOLE = Array.from({ length: DAYS }, (_, day): Where => (day < COLD ? 'cold' : 'local'));
const codes = (s: Store): string[] =>
  s.events({ limit: 99 }).flatMap(({ code }) => (code.startsWith('TM-DATABASE-') ? [code] : []));

/** Days move on from where they are, and what comes is stored: nothing stands still. Returns the days that came into blocks. */
function goOn(s: Store): number[] {
  add(s, [DAYS], 2);
  s.cut(2, 'always');
  for (let day = 0; day <= DAYS; day++) {
    finish(s, day);
    s.freezeDay(day);
    while (s.planBlock(day, PLAN) !== undefined);
  }
  const days: number[] = [];
  for (const { id, day, state } of s.blocks()) {
    if (state !== 'cold') {
      prove(s, id, 1);
      expect(s.evictBlock(id, 1)).toBeDefined();
    }
    days.push(day);
  }
  return days.sort((a, b) => a - b);
}
const TO_THE_END = Array.from({ length: DAYS + 1 }, (_, day) => day);

it.each([
  'segment_by_day',
  'segment_figures',
  'segment_by_block',
  'segment_unrolled',
  'block_by_state',
  'block_by_day',
  'sqlite_autoindex_block_1',
  'sqlite_autoindex_block_2',
  'sqlite_autoindex_block_index_1',
  'sqlite_autoindex_series_1',
  'sqlite_autoindex_source_1',
  'rollup_by_day',
])(
  'D9 an index whose pages the disk lost, %s, is made anew at the start: nothing is lost, and nothing stands still',
  (index) => {
    let s = lose(index, first);
    expect([tiers(s), codes(s)]).toEqual([WHOLE, ['TM-DATABASE-MENDED']]);
    expect(s.stats().local.damaged).toBe(false);
    expect(goOn(s)).toEqual(TO_THE_END);
    s.close();
    s = open('lost');
    store = s;
    expect(codes(s)).toEqual(['TM-DATABASE-MENDED']);
  },
);

it.each<[string, string, (n: number) => boolean]>([
  ['its first page', 'segment', first],
  ['all of it', 'segment', all],
])('D9 segments, %s: what was there is told by the indexes, and nothing stands still', (_, table, chosen) => {
  const s = lose(table, chosen);
  const after = tiers(s);
  expect(after.slice(0, COLD)).toEqual(WHOLE.slice(0, COLD));
  expect(after.slice(COLD)).not.toContain('none');
  expect(after).toContain('damaged');
  expect(codes(s).filter((code) => code === 'TM-DATABASE-DAMAGED')).toHaveLength(1);
  expect(s.stats().local.damaged).toBe(true);
  const days = goOn(s);
  // What was planned is in the archive as it was; what was not, and is lost, is told for good.
  expect(days).toEqual(expect.arrayContaining([...TO_THE_END.slice(0, PLANNED), DAYS]));
  for (const [day, where] of tiers(s).entries())
    expect([day, where]).toEqual([day, days.includes(day) ? 'cold' : 'damaged']);
});

it.each<[string, (n: number) => boolean]>([
  ['its first page', first],
  ['all but its first page', (n) => n > 0],
])('D9 blocks, %s: those in the archive are known again by their indexes, others are planned anew', (_, chosen) => {
  const before = open('whole');
  const known = new Map(before.blocks().map((block) => [block.id, block]));
  before.close();
  const s = lose('block', chosen);
  expect(codes(s)).toEqual(['TM-DATABASE-DAMAGED']);
  expect(tiers(s)).toEqual(WHOLE);
  for (const { id, day, key, state, tMin, tMax, readings, bytes, series, storeId, formatVersion } of s.blocks({
    states: ['cold'],
  }))
    expect(known.get(id)).toMatchObject({
      day,
      key,
      state,
      tMin,
      tMax,
      readings,
      bytes,
      series,
      storeId,
      formatVersion,
    });
  expect(goOn(s)).toEqual(TO_THE_END);
});

it.each(['part', 'event', 'block_tail', 'block_index'])(
  'D9 a page of the table %s: nothing that does not hang on it stands still',
  (table) => {
    const s = lose(table, first);
    expect(codes(s)).toEqual(['TM-DATABASE-DAMAGED']);
    expect(tiers(s).map((where) => (where === 'damaged' && table === 'block_index' ? 'cold' : where))).toEqual(WHOLE);
    if (table === 'part' || table === 'event' || table === 'block_index') expect(goOn(s)).toEqual(TO_THE_END);
  },
);

it('D9 pages that cannot be made anew where they lie are told once, and what does not hang on them goes on', () => {
  const s = lose('block', first, 'crowded');
  expect([codes(s), s.events({ limit: 9 }).find(({ code }) => code === 'TM-DATABASE-DAMAGED')?.text]).toEqual([
    ['TM-DATABASE-DAMAGED'],
    expect.stringContaining('cannot be made anew'),
  ]);
  expect(() => s.blocks()).toThrow(expect.objectContaining({ code: 'SQLITE_CORRUPT' }));
  expect([s.mend(), codes(s).length]).toEqual([false, 1]);
  add(s, [DAYS], 2);
  expect(s.cut(2, 'always').readings).toBe(READINGS);
});
