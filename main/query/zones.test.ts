import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../../shared/units.ts';
import { History, KEY } from '../testing/history.ts';
import type { QueryAnswer } from './service.ts';

let h: History;
beforeEach(async () => {
  h = await History.create();
});
afterEach(() => h.end());

const day = (n: number): number => n * DAY_US;
const cut = (): unknown => h.site.store.cut(h.site.clock.nowUs(), 'always');
const sources = ({ coverage }: QueryAnswer): string[] => [...new Set(coverage.map((c) => c.source))].sort();

/** Readings, then all that is old enough into the archive, and that away. */
async function archived(rows: [number, number][]): Promise<void> {
  h.site.append(rows);
  cut();
  await h.tier();
  h.away = true;
}

it('Q16 a reading a year, in the archive only, is there with the archive away', async () => {
  const years = [-40, -3, -2, -1].map((year): [number, number] => [day(365 * year) + 12_345, year / 10]);
  await archived([...years, [day(60), -0.5]]);
  const answer = await h.service.wholeBuckets({ key: KEY, from: day(-50 * 365), to: day(100), points: 2_000 });
  h.expectBuckets(answer, 2_000);
  expect(answer.buckets.time).toEqual(Float64Array.from([...years.map(([t]) => t), day(60)]));
  expect([answer.done, answer.coarse, sources(answer)]).toEqual([true, false, ['none', 'rollup']]);
  expect([answer.cold, h.gets()]).toEqual([{ bytes: 0, requests: 0, totalBytes: 0 }, []]);
});

it('Q16 runs that lie in one bucket are told; what an edge of the range or of a bucket cuts is read', async () => {
  const rows = Array.from({ length: 4 * 20 }, (_, i): [number, number] => [day(20) + i * 6 * HOUR_US, i]);
  await archived(rows);
  const range = { key: KEY, from: day(20), to: day(40) };
  const whole = await h.service.wholeBuckets({ ...range, points: 20 });
  h.expectBuckets(whole, 20);
  expect([sources(whole), whole.cold.requests]).toEqual([['rollup'], 0]);
  // Its hours would tell it, too.
  h.forgetRollups();
  // Half of the first day lies outside, and the third bucket ends within a day.
  const edge = { ...range, from: day(20) + 6 * HOUR_US + 1, to: day(23) + 6 * HOUR_US + 1 };
  const away = await h.service.wholeBuckets({ ...edge, points: 1 });
  expect(away.coverage.map((c) => c.source)).toEqual(['unreachable', 'rollup', 'unreachable']);
  h.expectBuckets(away, 1, h.rows(day(21), day(23)));
  h.away = false;
  for (const points of [1, 3, 7, 100]) {
    h.expectBuckets(await h.service.wholeBuckets({ ...edge, points }), points);
    h.expectBuckets(await h.service.wholeBuckets({ ...range, points }), points);
  }
});

it('Q16 a run that late or doubled readings overlap, in memory or on the disk, is read; its neighbours are not', async () => {
  const rows = Array.from({ length: 4 * 10 }, (_, i): [number, number] => [day(60) + i * 6 * HOUR_US, i]);
  await archived(rows);
  h.away = false;
  h.site.append([
    [day(63) + 6 * HOUR_US, -7],
    [day(65) + 1, -8],
  ]);
  const range = { key: KEY, from: day(60), to: day(70), points: 10 };
  for (const when of ['in memory', 'on the disk']) {
    if (when === 'on the disk') cut();
    const answer = await h.service.wholeBuckets(range);
    h.expectBuckets(answer, 10);
    const read = answer.coverage.filter((c) => c.source === 'cold' || c.source === 'cache');
    expect(read.map((c) => Math.floor(c.from / DAY_US))).toEqual([63, 65]);
  }
});

it('Q16 what is on this gateway is told, too, and says so', async () => {
  h.site.append([95, 96].flatMap((d) => [0, 1, 2].map((i): [number, number] => [day(d) + i * HOUR_US, d + i])));
  cut();
  let windows = 0;
  h.beforeRead = () => void windows++;
  const answer = await h.service.wholeBuckets({ key: KEY, from: day(90), to: day(100), points: 10 });
  h.expectBuckets(answer, 10);
  expect([sources(answer), windows]).toEqual([['local', 'none'], 0]);
});

it('Q16 NaN and infinities count as their readings do', async () => {
  const rows: [number, number][] = [
    [day(20), Number.NaN],
    [day(20) + 1, Number.NEGATIVE_INFINITY],
    [day(21), Number.NaN],
    [day(22), 2],
    [day(22) + 1, Number.NaN],
  ];
  await archived(rows);
  const { buckets } = await h.service.wholeBuckets({ key: KEY, from: day(20), to: day(24), points: 4 });
  const { min, max, sum, numbers, count, first, last } = buckets;
  expect([...count]).toEqual([2, 1, 2]);
  expect([...numbers]).toEqual([1, 0, 1]);
  for (const extremes of [min, max]) expect([...extremes]).toEqual([Number.NEGATIVE_INFINITY, Number.NaN, 2]);
  expect([...sum]).toEqual([Number.NEGATIVE_INFINITY, 0, 2]);
  expect([...first]).toEqual([Number.NaN, Number.NaN, 2]);
  expect([...last]).toEqual([Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN]);
});
