import { describe, expect, it } from 'vitest';
import type { Preview, Status } from '../../../shared/schemas.ts';
import { overallOf } from '../../ui/icons.ts';
import { moveOf } from './move.ts';
import { sparkline } from './sparkline.ts';
import { storageParts } from './storage.ts';

const extent = { oldest_us: null, newest_us: null };
const status: Status = {
  state: 'ok',
  sentence: '',
  site: { name: 'Site', zone: 'UTC', version: '0', demo: false, archive: 's3://b' },
  now_us: 0,
  tiers: {
    head: { readings: 10, bytes: 320, ...extent },
    local: { readings: 100, bytes: 400, ...extent },
    cache: { bytes: 100, limit_bytes: 1_000 },
    cold: { readings: 0, bytes: 0, blocks: 0, damaged: 0, ...extent },
  },
  storage: { used_bytes: 1_000, limit_bytes: 10_000, db_bytes: 700, wal_bytes: 200 },
  queue: { pending: 0, uploading: 0, quarantined: 0, bytes: 0, sent_bytes: 0, rate_bytes_per_s: null, eta_s: null },
  link: { state: 'ok', since_us: null, last_success_us: null, last_error: null },
  tiering: {
    last_run_us: null,
    next_run_us: null,
    running: false,
    requested: false,
    stage: null,
    paused_until_us: null,
    last_verified_us: null,
    keeps_up: true,
    max_age_days: 30,
    due_days: 0,
    due_readings: 0,
  },
  ingest: { readings_per_s: 0, last_received_us: null, minutes: [], series: 0, refusing: null },
  disk: { free_bytes: 0, total_bytes: 0, room_bytes: 0, reserve_bytes: 0 },
  runway_days: null,
} as Status;
const due: Preview = { days: 2, readings: 500, bytes: 3_000, nothing: null };
const none: Preview = { days: 0, readings: 0, bytes: 0, nothing: 'Nothing is older than 30 days.' };

describe('storage bar', () => {
  const sum = (s: Status): number => storageParts(s).parts.reduce((n, part) => n + part.bytes, 0);

  it('UI2 its parts add up to the limit, and what is no reading is the system', () => {
    expect(storageParts(status).parts.map((p) => [p.name, p.bytes])).toEqual([
      ['recent', 320],
      ['local', 400],
      ['cache', 100],
      ['system', 180],
      ['free', 9_000],
    ]);
    expect(sum(status)).toBe(10_000);
    expect(storageParts(status).thin).toBe(true);
  });

  it('UI2 figures that were read a moment apart never make a part negative', () => {
    const odd = { ...status, storage: { used_bytes: 300, limit_bytes: 200, db_bytes: 200, wal_bytes: 0 } };
    const { parts, whole } = storageParts(odd);
    expect(Math.min(...parts.map((p) => p.bytes))).toBe(0);
    expect([sum(odd), whole]).toEqual([300, 300]);
  });
});

describe('Tier now', () => {
  const at = (tiering: Partial<Status['tiering']>, rest: Partial<Status> = {}): Status => ({
    ...status,
    ...rest,
    tiering: { ...status.tiering, ...tiering },
  });
  const offline = { link: { ...status.link, state: 'offline' as const } };

  it('UI2 says what would move, and how long only when the rate is known', () => {
    expect(moveOf(status, due)).toEqual({
      kind: 'ready',
      days: 2,
      readings: 500,
      bytes: 3_000,
      estimated: false,
      blocks: 0,
      seconds: null,
    });
    const queue = { ...status.queue, pending: 1, bytes: 2_000, sent_bytes: 1_000, rate_bytes_per_s: 1_000 };
    expect(moveOf({ ...status, queue }, none)).toEqual({
      kind: 'ready',
      days: 0,
      readings: 0,
      bytes: 1_000,
      estimated: false,
      blocks: 1,
      seconds: 1,
    });
  });

  it('UI2 calls the size an estimate while readings that are due are not packed', () => {
    const now_us = 100 * 86_400_000_000;
    const old = (days: number): Status => ({
      ...status,
      now_us,
      tiers: { ...status.tiers, head: { ...status.tiers.head, oldest_us: now_us - days * 86_400_000_000 } },
    });
    expect(moveOf(old(31), due)).toMatchObject({ kind: 'ready', estimated: true });
    expect(moveOf(old(29), due)).toMatchObject({ kind: 'ready', estimated: false });
  });

  it('UI2 says why it can do nothing', () => {
    expect(moveOf(status, none)).toEqual({ kind: 'nothing', reason: 'Nothing is older than 30 days.' });
    expect(moveOf(status, undefined)).toEqual({ kind: 'checking' });
    expect(moveOf(at({ paused_until_us: 0 }), due)).toEqual({ kind: 'paused' });
    const bare = { ...status, site: { ...status.site, archive: null } };
    expect(moveOf(bare, { ...none, nothing: 'No archive is set up.' })).toEqual({
      kind: 'nothing',
      reason: 'No archive is set up.',
    });
  });

  it('UI2 shows a request until it is done: it waits for the link or a pause, and runs stage by stage', () => {
    expect(moveOf(at({ requested: true }), due)).toEqual({ kind: 'queued', until: 'now' });
    expect(moveOf(at({ requested: true }, offline), due)).toEqual({ kind: 'queued', until: 'link' });
    expect(moveOf(at({ requested: true, paused_until_us: 5 }), due)).toEqual({ kind: 'queued', until: 'resumed' });
    expect(moveOf(at({ requested: true, running: true, stage: 'verify' }), due)).toEqual({
      kind: 'running',
      stage: 'verify',
    });
    expect(moveOf(at({ requested: true, running: true, stage: 'new' }), due)).toMatchObject({ stage: undefined });
  });

  it('UI2 a run by itself that finds nothing to send stays quiet', () => {
    expect(moveOf(at({ running: true, stage: 'cut' }), none)).toMatchObject({ kind: 'nothing' });
    const queue = { ...status.queue, uploading: 1 };
    expect(moveOf(at({ running: true, stage: 'upload' }, { queue }), none)).toEqual({
      kind: 'running',
      stage: 'upload',
    });
  });
});

describe('overall state', () => {
  it('UI2 a pause is no work; what is worse than work is said in spite of it', () => {
    const paused = (state: Status['state'], until: number | null): Status => ({
      ...status,
      state,
      tiering: { ...status.tiering, paused_until_us: until },
    });
    expect(overallOf(paused('working', 0), true)).toBe('paused');
    expect(overallOf(paused('working', null), true)).toBe('working');
    expect(overallOf(paused('offline', 0), true)).toBe('offline');
    expect(overallOf(paused('working', 0), false)).toBe('gone');
  });
});

describe('sparkline', () => {
  it('UI2 ends at the right edge, and its highest minute touches the top', () => {
    expect(sparkline([0, 5, 10], 100, 20)).toBe('M0 20L50 10L100 0');
  });

  it('UI2 nothing came in: a flat line at the bottom', () => {
    expect(sparkline([0, 0], 100, 20)).toBe('M0 20L100 20');
    expect(sparkline([], 100, 20)).toBe('');
  });
});
