import { expect, it } from 'vitest';
import { archiveCalendar } from './archive-calendar.ts';
import type { BlockInfo, DayInfo } from './store/types.ts';

const DAY = 20_000; // 2024-10-04

const local = (day: number, of: Partial<DayInfo> = {}): DayInfo => ({
  day,
  headReadings: 0,
  openSegments: 1,
  openReadings: 100,
  openBytes: 300,
  frozenSegments: 0,
  frozenBytes: 0,
  uncompacted: false,
  unrolled: false,
  lastReceivedUs: 0,
  blocks: 0,
  cold: false,
  dirty: false,
  ...of,
});

const block = (day: number, of: Partial<BlockInfo> = {}): BlockInfo => ({
  id: 'b',
  key: 'k',
  storeId: 's',
  day,
  tMin: 0,
  tMax: 0,
  readings: 1_000,
  series: 2,
  bytes: 5_000,
  partBytes: 5_000,
  parts: 1,
  sha256: '',
  formatVersion: 1,
  state: 'cold',
  attempts: 0,
  nextAttemptUs: 0,
  plannedUs: 1,
  verifiedUs: 50,
  damaged: false,
  partsStored: 1,
  partsVerified: 1,
  ...of,
});

const only = (days: DayInfo[], blocks: BlockInfo[]) => {
  const [row, ...rest] = archiveCalendar(days, blocks);
  expect(rest).toEqual([]);
  return row;
};

it('AC1 a day is local, in the archive, or both, with the readings and bytes of each', () => {
  expect(only([local(DAY, { headReadings: 7 })], [])).toEqual({
    day: '2024-10-04',
    local_bytes: 300,
    local_readings: 107,
    cold_bytes: 0,
    cold_readings: 0,
    blocks: 0,
    verified_us: null,
    problem: null,
  });
  expect(only([], [block(DAY)])).toMatchObject({
    local_readings: 0,
    cold_readings: 1_000,
    cold_bytes: 5_000,
    blocks: 1,
  });
  expect(only([local(DAY)], [block(DAY)])).toMatchObject({ local_readings: 100, cold_readings: 1_000 });
});

it.each(['planned', 'uploading', 'uploaded', 'verified', 'quarantined'] as const)(
  'AC1 a block that is %s is still on this gateway',
  (state) => {
    expect(only([], [block(DAY, { state })])).toMatchObject({
      local_readings: 1_000,
      local_bytes: 5_000,
      cold_readings: 0,
    });
  },
);

it('AC1 days come oldest first, each once', () => {
  const rows = archiveCalendar([local(DAY + 1), local(DAY - 1)], [block(DAY), block(DAY - 1), block(DAY - 1)]);
  expect(rows.map((row) => [row.day, row.blocks])).toEqual([
    ['2024-10-03', 2],
    ['2024-10-04', 1],
    ['2024-10-05', 0],
  ]);
});

it('AC2 a day is checked when all of its blocks are, and as long ago as the oldest check', () => {
  expect(only([], [block(DAY, { verifiedUs: 90 }), block(DAY, { verifiedUs: 50 })])?.verified_us).toBe(50);
  const { verifiedUs: _, ...unproven } = block(DAY, { state: 'uploaded' });
  expect(only([], [block(DAY), unproven])?.verified_us).toBeNull();
  expect(only([], [unproven, block(DAY)])?.verified_us).toBeNull();
});

it.each(['planned', 'uploading', 'uploaded', 'quarantined'] as const)(
  'AC2 a proof from before does not count for a block that is %s again',
  (state) => {
    expect(only([], [block(DAY, { state, verifiedUs: 50 })])?.verified_us).toBeNull();
  },
);

it('AC3 a block that was set aside is a problem, with what went wrong', () => {
  const lastError = { code: 'integrity', message: 'part 1 read back differently', atUs: 1 };
  expect(only([], [block(DAY, { state: 'quarantined', lastError })])?.problem).toBe('part 1 read back differently');
  expect(only([], [block(DAY, { state: 'quarantined' })])?.problem).toBe('a block was set aside');
  expect(only([], [block(DAY, { state: 'uploading', lastError })])?.problem).toBeNull();
});

it('AC3 damage in the archive outranks a block that was set aside, in whatever order they come', () => {
  const blocks = [block(DAY, { damaged: true }), block(DAY, { state: 'quarantined' })];
  for (const list of [blocks, blocks.toReversed()])
    expect(only([], list)?.problem).toBe('a block in the archive is damaged');
});

it('AC3 a block that the archive has no more is told as missing', () => {
  const lastError = { code: 'not-found', message: 'no such object', atUs: 1 };
  expect(only([], [block(DAY, { damaged: true, lastError })])?.problem).toBe('a block in the archive is missing');
});
