import { describe, expect, it } from 'vitest';
import { GB, MB } from '../shared/units.ts';
import type { Log } from './ports/log.ts';
import { startReserveWatch } from './reserve.ts';
import { createManualClock } from './testing/manual-clock.ts';

const log = { info: () => undefined, warn: () => undefined } as unknown as Log;

/** A disk, and a reserve file that takes its room from it. */
function disk(freeBytes: number, totalBytes: number) {
  const state = { freeBytes, totalBytes, held: 0, broken: false, replaced: undefined as string | undefined };
  const read = async () => {
    if (state.broken) throw new Error('the file system is gone');
    return { freeBytes: state.freeBytes, totalBytes: state.totalBytes };
  };
  const grow = async (bytes: number): Promise<void> => {
    state.held += bytes;
    state.freeBytes -= bytes;
  };
  const file = { bytes: async () => state.held, grow, release: async () => grow(-state.held) };
  return { state, file, space: { read, replaced: async () => state.replaced } };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it.each([
  ['a large disk', 512 * MB, 100 * GB],
  ['a small disk', 0.2 * GB, 4 * GB],
  ['a smaller disk', 0.128 * GB, GB],
  ['a tiny disk', 0.016 * GB, 0.064 * GB],
])(
  'T8 on %s ingest is refused below the reserve within a second, and taken again above it',
  async (_, reserve, total) => {
    const clock = createManualClock(0);
    const { state, file, space } = disk(reserve, total);
    const watch = await startReserveWatch(space, file, clock, log);
    const second = async (): Promise<void> => {
      clock.advance(1_000);
      await turn();
    };
    expect(watch.gate()).toBeUndefined();
    state.freeBytes = reserve - 1;
    await second();
    expect(watch.gate()).toEqual({ reason: expect.stringContaining('the disk is nearly full'), retryAfterS: 30 });
    state.broken = true;
    await second();
    expect(watch.gate()).toBeDefined();
    Object.assign(state, { broken: false, freeBytes: reserve });
    await second();
    expect(watch.gate()).toBeUndefined();
    watch.stop();
  },
);

it('T8 what was taken in since the last look counts as written', async () => {
  const clock = createManualClock(0);
  const { state, file, space } = disk(600 * MB, 100 * GB);
  const watch = await startReserveWatch(space, file, clock, log);
  watch.took(80 * MB);
  expect(watch.gate()).toBeUndefined();
  watch.took(20 * MB);
  expect(watch.gate()).toMatchObject({ reason: expect.stringContaining('500 MB free') });
  state.freeBytes = 520 * MB;
  clock.advance(1_000);
  await turn();
  expect(watch.gate()).toBeUndefined();
  watch.stop();
});

it('T8 refuses while a file of the store is not the one it was, for what comes in would go nowhere', async () => {
  const clock = createManualClock(0);
  const { state, file, space } = disk(10 * GB, 100 * GB);
  const watch = await startReserveWatch(space, file, clock, log);
  const second = async (): Promise<void> => {
    clock.advance(1_000);
    await turn();
  };
  state.replaced = 'tidemark.db';
  await second();
  expect(watch.gate()?.reason).toMatch(/tidemark\.db was removed or replaced/);
  state.replaced = undefined;
  await second();
  expect(watch.gate()).toBeUndefined();
});

describe('SZ7 the reserve file', () => {
  /** 100 GB with a reserve of 512 MB, of which the file is to hold half; `free` when the watch starts, `held` from an earlier run. */
  async function watched(free: number, held = 0) {
    const clock = createManualClock(0);
    const { state, file, space } = disk(free, 100 * GB);
    state.held = held;
    const watch = await startReserveWatch(space, file, clock, log);
    const seconds = async (n: number): Promise<void> => {
      for (let i = 0; i < n; i++) {
        clock.advance(1_000);
        await turn();
      }
    };
    return { state, watch, seconds };
  }

  it('SZ7 is made slowly, after the start, and moves the point of refusal by nothing', async () => {
    const { state, watch, seconds } = await watched(GB);
    await seconds(50);
    expect(state.held).toBe(0);
    await seconds(40);
    expect(state.held).toBeGreaterThan(0);
    expect(state.held).toBeLessThan(256 * MB);
    expect(watch.roomBytes()).toBe(488 * MB);
    await seconds(100);
    expect([state.held, watch.roomBytes()]).toEqual([256 * MB, 488 * MB]);
    state.freeBytes = 256 * MB;
    await seconds(1);
    expect(watch.gate()).toBeUndefined();
    state.freeBytes--;
    await seconds(1);
    expect(watch.gate()?.reason).toMatch(/nearly full/);
    watch.stop();
  });

  it('SZ7 is released when hardly anything is free, while ingest stays refused, and made again when there is room', async () => {
    const { state, watch, seconds } = await watched(300 * MB, 256 * MB);
    state.freeBytes = 130 * MB;
    await seconds(70);
    expect([state.held, watch.gate() === undefined]).toEqual([256 * MB, false]);
    state.freeBytes = 10 * MB;
    await seconds(1);
    expect([state.held, state.freeBytes, watch.gate() === undefined]).toEqual([0, 266 * MB, false]);
    state.freeBytes = 511 * MB;
    await seconds(10);
    expect(state.held).toBe(0);
    state.freeBytes = 512 * MB;
    await seconds(100);
    expect([state.held, watch.gate()]).toEqual([256 * MB, undefined]);
    watch.stop();
  });

  it('SZ7 is released by the start itself on a full disk', async () => {
    const { state, watch } = await watched(0, 256 * MB);
    expect([state.held, state.freeBytes]).toEqual([0, 256 * MB]);
    expect(watch.gate()).toBeDefined();
    watch.stop();
  });
});
