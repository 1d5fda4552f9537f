import { expect, it } from 'vitest';
import type { Log } from './ports/log.ts';
import { startReserveWatch } from './reserve.ts';
import { createManualClock } from './testing/manual-clock.ts';

const GB = 1e9;
const log = { warn: () => undefined } as unknown as Log;

function disk(freeBytes: number, totalBytes: number) {
  const state = { freeBytes, totalBytes, broken: false, replaced: undefined as string | undefined };
  const read = async () => {
    if (state.broken) throw new Error('the file system is gone');
    return { freeBytes: state.freeBytes, totalBytes: state.totalBytes };
  };
  return { state, space: { read, replaced: async () => state.replaced } };
}

it.each([
  ['a large disk', 512 * 1e6, 100 * GB],
  ['a small disk', 0.2 * GB, 4 * GB],
  ['a smaller disk', 0.128 * GB, GB],
  ['a tiny disk', 0.016 * GB, 0.064 * GB],
])(
  'T8 on %s ingest is refused below the reserve within a second, and taken again above it',
  async (_, reserve, total) => {
    const clock = createManualClock(0);
    const { state, space } = disk(reserve, total);
    const watch = await startReserveWatch(space, clock, log);
    const second = async (): Promise<void> => {
      clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
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
  const { state, space } = disk(600 * 1e6, 100 * GB);
  const watch = await startReserveWatch(space, clock, log);
  watch.took(80 * 1e6);
  expect(watch.gate()).toBeUndefined();
  watch.took(20 * 1e6);
  expect(watch.gate()).toMatchObject({ reason: expect.stringContaining('500 MB free') });
  state.freeBytes = 520 * 1e6;
  clock.advance(1_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(watch.gate()).toBeUndefined();
  watch.stop();
});

it('T8 refuses while a file of the store is not the one it was, for what comes in would go nowhere', async () => {
  const clock = createManualClock(0);
  const { state, space } = disk(10 * GB, 100 * GB);
  const watch = await startReserveWatch(space, clock, log);
  const second = async (): Promise<void> => {
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  };
  state.replaced = 'tidemark.db';
  await second();
  expect(watch.gate()?.reason).toMatch(/tidemark\.db was removed or replaced/);
  state.replaced = undefined;
  await second();
  expect(watch.gate()).toBeUndefined();
});
