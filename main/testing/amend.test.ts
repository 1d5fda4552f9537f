import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US, SECOND_US } from '../../shared/units.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { Site } from './site.ts';

const START = 60 * DAY_US;
let archive: MemoryStore;
let site: Site;
beforeEach(() => {
  archive = createMemoryStore(1_000_000);
  site = new Site(archive);
});
afterEach(() => site.end());

const run = () => site.tiering.runOnce('interval');
/** Readings in no block, in memory included. */
const waiting = (): number => site.store.days().reduce((n, d) => n + d.openReadings + d.headReadings, 0);
const amendments = (): unknown[] =>
  site.store
    .events({ limit: 100 })
    .filter(({ code }) => code === 'TM-AMENDED')
    .map(({ text, detail }) => [text, detail]);

/** Late data of day 60, so old that it goes however many blocks the day has: `n` new readings of the value, and the first hundred of the day once more. */
function late(n: number, value: number): void {
  const rows = Array.from({ length: n }, (_, i): [number, number] => [START + i * SECOND_US + 500_000, value]);
  const first = [...site.oracle].filter(([t]) => t >= START && t % SECOND_US === 0 && t < START + 100 * SECOND_US);
  site.append([...rows, ...first]);
  site.clock.advance((16 * DAY_US) / 1_000);
}

async function coldDay(): Promise<void> {
  site.fillDay(60);
  await run();
  expect([site.states(), waiting()]).toEqual([['cold'], 0]);
}

it('AM2 SZ6 late data of a day in the archive is compared with it, and only what is new follows, as a block that wins', async () => {
  await coldDay();
  late(5, 77);
  await run();
  expect(site.store.blocks().map((block) => [block.state, block.readings])).toEqual(
    expect.arrayContaining([
      ['cold', 1_000],
      ['cold', 5],
    ]),
  );
  expect(waiting()).toBe(0);
  const text =
    'Late data of 1970-03-02 was compared with the archive: 5 new readings follow it there, 100 were there already and are dropped.';
  expect(amendments()).toEqual([[text, { kept: 5, dropped: 100 }]]);
  await site.expectWhole();
  site.restart();
  await site.expectWhole();
  archive.calls.length = 0;
  await run();
  expect(archive.calls.filter(({ key }) => key.endsWith('.tmb'))).toEqual([]);
});

it('AM4 while the archive cannot give what it has of the day, late data stays here and is merged, nothing else is held up, and it goes when the archive is back', async () => {
  await coldDay();
  late(5, 77);
  site.fillDay(61);
  site.clock.advance(DAY_US / 1_000);
  archive.fail = (method, key) =>
    method === 'get' && key.includes('date=1970-03-02') ? { fault: 'offline' } : undefined;
  await expect(run()).rejects.toMatchObject({ fault: 'offline' });
  expect([site.states(), waiting(), amendments()]).toEqual([['cold', 'cold'], 105, []]);
  archive.fail = undefined;
  await site.expectWhole();
  site.restart();
  await site.expectWhole();
  await run();
  expect([site.states(), waiting(), amendments().length]).toEqual([['cold', 'cold', 'cold'], 0, 1]);
  await site.expectWhole();
});

it('AM6 what is still dirty, because the archive lost what it takes, is tried again by later passes, ever more rarely, until it is there again', async () => {
  await coldDay();
  late(5, 77);
  const first = site.store.blocks()[0]?.key;
  const lost = (): number => archive.calls.filter(({ method, key }) => method === 'get' && key === first).length;
  archive.fail = (method, key) => (method === 'get' && key === first ? { fault: 'not-found' } : undefined);
  await run();
  expect([waiting(), site.store.days().map(({ dirty }) => dirty)]).toEqual([0, [true]]);
  site.clock.advance(DAY_US / 1_000);
  const tries: number[] = [];
  for (let hour = 0; hour < 8; hour++) {
    const before = lost();
    await run();
    if (lost() > before) tries.push(hour);
    site.clock.advance(3_600_000);
  }
  expect(tries).toEqual([0, 2, 6]);
  archive.fail = undefined;
  site.clock.advance(DAY_US / 1_000);
  await run();
  expect(site.store.days().map(({ dirty }) => dirty)).toEqual([]);
  await site.expectWhole();
});

it('AM5 killed before any call of an amendment, the next start finishes it: no reading is lost, doubled or older', async () => {
  await coldDay();
  const watched = ['amendDay', 'planStep', 'moveBlock', 'evictBlock'];
  let crashes = 0;
  for (let at = 0, ended = false; !ended && at < 50; at++) {
    late(5, at);
    let step = 0;
    site.boot((method) => {
      if (watched.includes(method) && step++ >= at) throw new Error('power cut');
    });
    await run().catch(() => undefined);
    ended = step <= at;
    if (!ended) crashes++;
    site.restart();
    await site.expectWhole();
    await run();
    expect([waiting(), new Set(site.states())]).toEqual([0, new Set(['cold'])]);
    await site.expectWhole();
  }
  expect(crashes).toBeGreaterThan(6);
  expect(crashes).toBeLessThan(50);
});
