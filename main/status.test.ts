import { describe, expect, it } from 'vitest';
import { buildStatus, type StatusInput } from './status.ts';
import type { TierStats } from './store/figures.ts';
import type { TieringStatus } from './tiering/types.ts';

const NOW = Date.UTC(2026, 10, 24, 15, 30) * 1_000;

interface Change {
  queue?: Partial<TierStats['queue']>;
  cold?: Partial<TierStats['cold']>;
  local?: Partial<TierStats['local']>;
  tiering?: Partial<TieringStatus>;
  ingest?: Partial<StatusInput['ingest']>;
  file?: Partial<TierStats['file']>;
  room?: Partial<Pick<StatusInput, 'roomBytes' | 'maxLocalBytes'>>;
  due?: StatusInput['due'];
  demo?: boolean;
}

function input({
  queue,
  cold,
  local,
  tiering,
  ingest,
  file,
  room,
  due = { days: 0, readings: 0 },
  demo = false,
}: Change = {}): StatusInput {
  return {
    nowUs: NOW,
    site: { name: 'Site', zone: 'UTC', version: '0', demo, archive: 's3://bucket' },
    stats: {
      head: { readings: 10, bytes: 320 },
      local: { readings: 1_000, segments: 1, bytes: 2_000, damaged: false, ...local },
      cold: { readings: 0, bytes: 0, blocks: 0, damaged: 0, ...cold },
      queue: { planned: 0, uploading: 0, uploaded: 0, verified: 0, quarantined: 0, bytes: 0, sentBytes: 0, ...queue },
      file: { dbBytes: 700, usedBytes: 700, walBytes: 200, goingBytes: 0, ...file },
      series: 3,
      ingested: 10,
    },
    tiering: { link: { state: 'ok', lastSuccessUs: NOW }, running: false, requested: false, ...tiering },
    cache: { bytes: 100, limitBytes: 1_000 },
    disk: { freeBytes: 1_000_000, totalBytes: 2_000_000, reserveBytes: 0 },
    roomBytes: 900_000,
    maxLocalBytes: 10_000_000_000,
    ...room,
    ingest: { readingsPerS: 0, minutes: [], measuredUs: 3_600_000_000, ...ingest },
    maxAgeDays: 30,
    due,
  };
}

const verdict = (change?: Change): [state: string, sentence: string] => {
  const { state, sentence } = buildStatus(input(change));
  return [state, sentence];
};

describe('the sentence', () => {
  /** From worst to best; each is a change that alone gives the state and the beginning of the sentence. */
  const RANKS: readonly [name: string, change: Change, state: string, begins: string][] = [
    [
      'refusing',
      { ingest: { refusing: 'the disk is nearly full' } },
      'error',
      'New readings are refused: the disk is nearly full.',
    ],
    [
      'blocked',
      { tiering: { blocked: 'another gateway writes there.' } },
      'attention',
      'Needs attention: another gateway writes there.',
    ],
    [
      'quarantined',
      { queue: { quarantined: 1 } },
      'attention',
      'Needs attention: 1 block is quarantined. Its data is still on this gateway.',
    ],
    [
      'damaged',
      { cold: { damaged: 2 } },
      'attention',
      'Needs attention: 2 blocks in the archive are damaged or missing, and their readings are not shown.',
    ],
    [
      'damaged here',
      { local: { damaged: true } },
      'attention',
      'Needs attention: some readings stored on this gateway are damaged and not shown.',
    ],
    [
      'offline',
      { tiering: { link: { state: 'offline', sinceUs: NOW - 60_000_000 } } },
      'offline',
      'Offline since 15:29. Nothing waits.',
    ],
    ['paused', { tiering: { pausedUntilUs: 0 } }, 'working', 'Paused. Nothing waits.'],
    [
      'waiting',
      { queue: { planned: 1, uploading: 1, bytes: 41_000_000 } },
      'working',
      'Moving data to the archive. 2 blocks wait (41 MB).',
    ],
    [
      'not asked yet',
      { tiering: { link: { state: 'ok' } } },
      'working',
      'Asking the archive whether it is there. Nothing waits.',
    ],
    ['safe', { cold: { blocks: 214, readings: 1, bytes: 1 } }, 'ok', 'All data safe. 214 blocks in the archive'],
    ['nothing moved', {}, 'ok', 'All data is on this gateway; nothing is older than 30 days yet.'],
  ];

  it.each(RANKS)('ST1 %s', (_, change, state, begins) => {
    const [is, says] = verdict(change);
    expect(is).toBe(state);
    expect(says).toContain(begins);
  });

  it('ST2 of two states the worse one is told', () => {
    const merge = (a: Change, b: Change): Change => ({
      queue: { ...b.queue, ...a.queue },
      cold: { ...b.cold, ...a.cold },
      local: { ...b.local, ...a.local },
      tiering: { ...b.tiering, ...a.tiering },
      ingest: { ...b.ingest, ...a.ingest },
    });
    for (const [i, [name, worse, state]] of RANKS.entries())
      for (const [other, better] of RANKS.slice(i + 1)) {
        const [is, says] = verdict(merge(worse, better));
        expect(is, `${name} and ${other}`).toBe(state);
        // What waits is told as well; the first sentence tells the state.
        const first = (text: string): string => text.split(/[.(]/)[0] ?? '';
        expect(first(says).replace(/\d+/g, ''), `${name} and ${other}`).toBe(
          first(verdict(worse)[1]).replace(/\d+/g, ''),
        );
      }
  });

  it.each([
    ['clock', 'the clock of this gateway or of the archive is wrong'],
    ['credentials', 'the archive refuses our keys'],
    ['bucket', 'the bucket or folder of the archive'],
    ['portal', 'something other than the archive answers'],
  ] as const)('ST1 a link that is %s needs attention and says what to look at', (state, says) => {
    const [is, sentence] = verdict({ tiering: { link: { state } }, cold: { blocks: 3 } });
    expect(is).toBe('attention');
    expect(sentence).toContain(says);
  });

  it('ST3 data is called safe only when all that was moved is verified and nothing waits', () => {
    const cold = { blocks: 3 };
    expect(verdict({ cold })[1]).toMatch(/^All data safe\..*verified/);
    const unsure: Change[] = [
      {},
      { cold: { ...cold, damaged: 1 } },
      { cold, local: { damaged: true } },
      { cold, queue: { planned: 1 } },
      { cold, queue: { uploading: 1 } },
      { cold, queue: { uploaded: 1 } },
      { cold, queue: { verified: 1 } },
      { cold, queue: { quarantined: 1 } },
      { cold, tiering: { link: { state: 'ok' } } },
      { cold, tiering: { link: { state: 'offline' } } },
      { cold, tiering: { link: { state: 'credentials' } } },
      { cold, tiering: { link: { state: 'unset' } } },
      { cold, tiering: { requested: true } },
      { cold, tiering: { pausedUntilUs: 0 } },
      { cold, tiering: { blocked: 'x' } },
      { cold, ingest: { refusing: 'x' } },
    ];
    for (const change of unsure) expect(verdict(change)[1], JSON.stringify(change)).not.toMatch(/safe/i);
  });

  it('ST1 without an archive it says that nothing is moved', () => {
    expect(verdict({ tiering: { link: { state: 'unset' } } })).toEqual([
      'ok',
      'All data is on this gateway. No archive is set up, so nothing is moved.',
    ]);
  });

  it('ST1 a slow link is no state of its own, and a demo that refuses others is well', () => {
    expect(verdict({ tiering: { link: { state: 'slow', lastSuccessUs: NOW } }, cold: { blocks: 1 } })[0]).toBe('ok');
    expect(verdict({ demo: true, ingest: { refusing: 'this is a demo' } })[0]).toBe('ok');
  });

  it('ST1 SZ8 a gateway that is nearly full says so wherever data waits, and that the oldest moves early: now, or as soon as it can', () => {
    const fill = { usedBytes: 9_300_000_000, limitBytes: 10_000_000_000, nearlyFull: true };
    const full = 'This gateway is nearly full (9.3 GB of 10.0 GB)';
    const queue = { planned: 2, bytes: 5_000_000 };
    const says = (tiering: Partial<TieringStatus>): string => verdict({ queue, tiering: { fill, ...tiering } })[1];
    expect(says({})).toContain(`${full}, so the oldest data moves early.`);
    for (const held of [{ link: { state: 'offline' } }, { pausedUntilUs: 0 }] as const)
      expect(says(held)).toContain(`${full}: the oldest data moves early as soon as it can.`);
    expect(says({ fill: { ...fill, nearlyFull: false } })).not.toMatch(/full/);
  });

  it('ST1 SZ1 past its limit a gateway says so, and how long new readings are stored all the same', () => {
    const fill = { usedBytes: 62_000_000, limitBytes: 50_000_000, nearlyFull: true };
    const offline = { link: { state: 'offline' }, fill } as const;
    expect(verdict({ tiering: offline, room: { roomBytes: 68_000_000_000 } })[1]).toContain(
      'This gateway holds more than its limit (62 MB of 50 MB): the oldest data moves early as soon as it can. New readings are stored as long as the disk has room (68.0 GB).',
    );
  });

  it('ST1 an outage of more than a day is told with its date', () => {
    const sinceUs = NOW - 3 * 86_400_000_000;
    expect(verdict({ tiering: { link: { state: 'offline', sinceUs } } })[1]).toMatch(
      /^Offline since 21 Nov,? (at )?15:30\./,
    );
  });
});

describe('figures', () => {
  const runway = (change: Change): number | null => buildStatus(input(change)).runway_days;

  const MINUTE = 60_000_000;
  const hour = (perMinute: number): Partial<StatusInput['ingest']> => ({ minutes: Array(60).fill(perMinute) });

  it('ST4 the room left is that of the disk, free pages and the cache with it, at the mean rate of the last hour; the limit ends nothing', () => {
    // 1,000 readings a minute of 3 bytes: 4,320,000 bytes a day; 100 bytes are in the cache.
    const room = { roomBytes: 43_199_900 };
    expect(runway({ ingest: hour(1_000), room })).toBeCloseTo(10, 9);
    expect(runway({ ingest: hour(1_000), room: { ...room, maxLocalBytes: 500 } })).toBeCloseTo(10, 9);
    const file = { dbBytes: 43_200_700, usedBytes: 700 };
    expect(runway({ ingest: hour(1_000), room, file })).toBeCloseTo(20, 9);
    expect(buildStatus(input({ room, file })).disk.room_bytes).toBe(86_400_000);
  });

  it('ST4 idle minutes count, those before the start do not', () => {
    const room = { roomBytes: 43_199_900 };
    const burst = [...Array(54).fill(0), ...Array(6).fill(1_000)];
    expect(runway({ ingest: { minutes: burst }, room })).toBeCloseTo(100, 9);
    expect(runway({ ingest: { minutes: burst, measuredUs: 6 * MINUTE }, room })).toBeCloseTo(10, 9);
  });

  it('ST4 the size of a reading is what this site measured, once there are enough of them', () => {
    const change = { ingest: hour(1_000), room: { roomBytes: 43_199_900 } };
    expect(runway({ ...change, local: { readings: 20_000, bytes: 20_000 } })).toBeCloseTo(30, 9);
  });

  it('ST4 no forecast from less than five minutes or without readings, and none below zero', () => {
    expect(runway({ ingest: { ...hour(1), measuredUs: 5 * MINUTE - 1 } })).toBeNull();
    expect(runway({ ingest: { ...hour(1), measuredUs: 5 * MINUTE } })).not.toBeNull();
    expect(runway({ ingest: hour(0) })).toBeNull();
    expect(runway({ ingest: hour(1), room: { roomBytes: 0 } })).toBeGreaterThanOrEqual(0);
  });

  it('ST8 the disk is said not to fill only while the archive is there, nothing holds the moving up, and the limit is kept', () => {
    const keeps = (tiering: Partial<TieringStatus>, more: Change = {}): boolean =>
      buildStatus(input({ ...more, tiering })).tiering.keeps_up;
    const fill = (usedBytes: number) => ({ fill: { usedBytes, limitBytes: 1_000, nearlyFull: usedBytes > 900 } });
    expect(keeps({})).toBe(true);
    expect(keeps({ link: { state: 'slow', lastSuccessUs: NOW }, ...fill(1_049) })).toBe(true);
    expect(keeps(fill(1_051))).toBe(false);
    expect(keeps({ link: { state: 'ok' } })).toBe(false);
    for (const state of ['offline', 'clock', 'credentials', 'bucket', 'portal', 'unset'] as const)
      expect(keeps({ link: { state, lastSuccessUs: NOW } }), state).toBe(false);
    expect(keeps({ pausedUntilUs: 0 })).toBe(false);
    expect(keeps({ blocked: 'another gateway writes there' })).toBe(false);
    expect(keeps({}, { ingest: { refusing: 'the disk is nearly full' } })).toBe(false);
  });

  it('ST5 a time of arrival is told only while a rate is known and something is left', () => {
    const eta = (rateBytesPerS: number | undefined, sentBytes: number): number | null =>
      buildStatus(
        input({
          queue: { uploading: 1, bytes: 1_000, sentBytes },
          tiering: rateBytesPerS === undefined ? {} : { rateBytesPerS },
        }),
      ).queue.eta_s;
    expect(eta(undefined, 0)).toBeNull();
    expect(eta(0, 0)).toBeNull();
    expect(eta(100, 1_000)).toBeNull();
    expect(eta(300, 100)).toBe(3);
  });

  it('ST6 SZ1 the local limit is max_local_size_gb, or what is used and what the disk still gives above the reserve if that is less', () => {
    expect(buildStatus(input()).storage).toEqual({
      used_bytes: 1_000,
      limit_bytes: 901_000,
      db_bytes: 700,
      wal_bytes: 200,
    });
    expect(buildStatus(input({ room: { roomBytes: 0 } })).storage.limit_bytes).toBe(1_000);
    expect(buildStatus(input({ room: { maxLocalBytes: 5_000 } })).storage.limit_bytes).toBe(5_000);
  });

  it('ST6 what is sent but not freed still waits', () => {
    const { queue } = buildStatus(
      input({ queue: { planned: 1, uploading: 2, uploaded: 4, verified: 8, quarantined: 16 } }),
    );
    expect([queue.pending, queue.uploading, queue.quarantined]).toEqual([13, 2, 16]);
  });
});

describe('what is due', () => {
  const due = { days: 12, readings: 3_000 };

  it('ST7 due days are named in every state in which they wait', () => {
    const blocks = { cold: { blocks: 2 } };
    expect(verdict({ due })[1]).toBe('All data is on this gateway; 12 days are due and move at the next run.');
    expect(verdict({ ...blocks, due: { days: 1, readings: 1 } })[1]).toMatch(
      /1 day is due and moves at the next run\.$/,
    );
    expect(verdict({ due: { days: 1_234, readings: 1 } })[1]).toMatch(/1,234 days are due/);
    expect(verdict({ ...blocks, due, tiering: { link: { state: 'offline' } } })[1]).toMatch(/^Offline\. 12 days wait/);
    expect(verdict({ ...blocks, due, queue: { planned: 3, bytes: 41_000_000 } })[1]).toMatch(
      /3 blocks \(41 MB\) and 12 more days wait/,
    );
    expect(verdict({ ...blocks, due, tiering: { pausedUntilUs: NOW + 3_600_000_000 } })[1]).toBe(
      'Paused until 16:30. 12 days wait for the archive.',
    );
  });

  it('ST7 nothing is said to wait only when nothing is due', () => {
    expect(verdict({ cold: { blocks: 2 } })[1]).toMatch(/nothing waiting\.$/);
    expect(verdict({ cold: { blocks: 2 }, due })[1]).not.toContain('nothing');
  });
});
