import { afterEach, it } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import { Site } from './site.ts';

let site: Site;
afterEach(() => site.end());

async function turns(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
}

it('F3 a stop at the moment a pass begins ends that pass, too', async () => {
  const archive = createMemoryStore();
  let armed = false;
  let stopped: Promise<void> | undefined;
  site = new Site({
    ...archive,
    probe: (call) =>
      new Promise((resolve, reject) => {
        if (!armed) return resolve({});
        // From then on the link is silent: only the signal ends the call.
        const end = (): void => reject(new Error('stopped'));
        if (call?.signal?.aborted === true) end();
        call?.signal?.addEventListener('abort', end);
      }),
  });
  const tiering = site.boot((method) => {
    // The first thing a pass asks is which blocks wait: there the stop comes.
    if (armed && method === 'blocks') stopped ??= tiering.stop();
  });
  await tiering.start();
  await turns(() => tiering.status().lastRunUs !== undefined && !tiering.status().running);
  armed = true;
  site.clock.advance(3_700_000);
  await turns(() => stopped !== undefined);
  await stopped;
});

it('P4 "Tier now" pressed while a pass runs is done by a pass of its own', async () => {
  site = new Site(createMemoryStore());
  site.fillDay(1);
  let pressed: Promise<void> | undefined;
  // Pressed when the running pass has already chosen its days, with one more of them arriving.
  const tiering = site.boot((method) => {
    if (method !== 'evictBlock' || pressed !== undefined) return;
    site.append([[2 * 86_400_000_000, 1]]);
    pressed = tiering.tierNow();
  });
  await tiering.start();
  await tiering.tierNow();
  await turns(() => site.states().length === 2 && site.states().every((state) => state === 'cold'));
  await pressed;
  await tiering.stop();
  await site.expectWhole();
});
