import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { Site } from './site.ts';

let archive: MemoryStore;
let site: Site;
beforeEach(() => {
  archive = createMemoryStore(1_000_000);
  site = new Site(archive);
});
afterEach(async () => {
  await site.tiering.stop();
  site.end();
});

const isBlock = (key: string): boolean => key.endsWith('.tmb');
const calls = (method: string): number => archive.calls.filter((c) => c.method === method && isBlock(c.key)).length;

/** Moves time on a second at a time until `done`; each gives the loop a moment to work. */
async function until(done: () => boolean, seconds = 200): Promise<void> {
  for (let i = 0; i < seconds && !done(); i++) {
    site.clock.advance(1_000);
    await sleep(5);
  }
  expect(done()).toBe(true);
}
async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    site.clock.advance(1_000);
    await sleep(1);
  }
}

describe('P6 Tier now', () => {
  it('P6 asks no archive in a hurry whose clock is wrong, and goes on when it is right', async () => {
    site.fillDay(60);
    const { probe } = archive;
    let [skewUs, probes] = [3_600_000_000, 0];
    archive.probe = async (call) => {
      probes++;
      await probe(call);
      return { serverTimeUs: site.clock.nowUs() + skewUs };
    };
    await site.tiering.start();
    await site.tiering.tierNow();
    await pass(60);
    expect(site.states()).toEqual([]);
    expect(probes).toBeLessThan(300);
    expect(site.tiering.status()).toMatchObject({ requested: true, link: { state: 'clock' } });
    skewUs = 0;
    await until(() => site.states()[0] === 'cold');
    await until(() => !site.tiering.status().requested);
  });

  it('P6 tries a waiting block once for each press; then its waits hold', async () => {
    site.fillDay(60);
    site.tiering = site.boot(undefined, archive, () => 1);
    archive.fail = (method, key) => (method === 'put' && isBlock(key) ? { fault: 'integrity' } : undefined);
    await site.tiering.start();
    await site.tiering.tierNow();
    await until(() => site.store.blocks()[0]?.attempts === 1);
    await pass(4);
    expect(calls('put')).toBe(1);
    expect(site.tiering.status().requested).toBe(true);
    await site.tiering.tierNow();
    await until(() => site.store.blocks()[0]?.attempts === 2, 3);
    archive.fail = undefined;
    await until(() => site.states()[0] === 'cold');
    await until(() => !site.tiering.status().requested);
  });

  it('P6 is not forgotten by a restart', async () => {
    site.fillDay(60);
    archive.fail = () => ({ fault: 'offline' });
    await site.tiering.start();
    await site.tiering.tierNow();
    await until(() => site.tiering.linkAway());
    await site.tiering.stop();
    archive.fail = undefined;
    await site.restart().start();
    await until(() => site.states()[0] === 'cold');
  });
});

it('P4 a resume without a pause takes nothing from a later pause', async () => {
  for (const day of [60, 61, 62, 63]) site.fillDay(day);
  let release: (() => void) | undefined;
  const { put } = archive;
  archive.put = async (key, body, digests, condition, call) => {
    if (isBlock(key))
      await new Promise<void>((resolve) => {
        release = resolve;
        call?.signal?.addEventListener('abort', () => resolve());
      });
    return put(key, body, digests, condition, call);
  };
  await site.tiering.start();
  await until(() => release !== undefined);
  await site.tiering.resume();
  await site.tiering.pause(undefined);
  await pass(5);
  expect(site.states()).not.toContain('cold');
  expect(site.tiering.status().running).toBe(false);
});

it('P7 a clock that is set neither holds up what waits nor keeps a pause for ever', async () => {
  site.clock.jump(730 * 86_400_000);
  await site.tiering.start();
  await pass(3);
  site.clock.jump(-730 * 86_400_000);
  site.fillDay(60);
  await until(() => site.states()[0] === 'cold', 2 * 3_700);
  site.clock.jump(730 * 86_400_000);
  await site.tiering.pause(3_600_000);
  site.clock.jump(-730 * 86_400_000);
  await until(() => site.tiering.status().pausedUntilUs === undefined, 130);
}, 180_000);

it('P8 what cannot be read of one day holds up no other day, and the status says so', async () => {
  site.fillDay(60);
  site.fillDay(61);
  const db = new Database(`${site.dir}/tidemark.db`);
  db.exec(`update segment set directory = x'00' where day = 60`);
  db.close();
  await site.tiering.runOnce('manual');
  expect(site.store.blocks().map((b) => [b.day, b.state])).toEqual([[61, 'cold']]);
  const events = site.store.events({ limit: 100 }).filter((e) => e.level === 'error');
  expect(events.length).toBeGreaterThan(0);
  const newer = site.store.runs('pump.temp', 61 * DAY_US, 62 * DAY_US, new Map(), new Set());
  expect(newer.missing.length).toBeGreaterThan(0);
});

it('T7 an object that was damaged and is whole again stops asking for attention', async () => {
  site.fillDay(60);
  await site.tiering.runOnce('manual');
  const block = site.store.blocks()[0]!;
  const whole = archive.objects.get(block.key)!;
  archive.objects.set(block.key, { body: Buffer.alloc(whole.body.length), etag: 'other', sha256: 'other' });
  site.store.markDamaged(block.id, true);
  await site.tiering.runOnce('interval');
  expect(site.store.stats().cold.damaged).toBe(1);
  archive.objects.delete(block.key);
  await site.tiering.runOnce('interval');
  expect(site.store.block(block.id)?.lastError?.code).toBe('not-found');
  archive.objects.set(block.key, whole);
  await site.tiering.runOnce('interval');
  expect(site.store.stats().cold.damaged).toBe(0);
  expect(site.store.block(block.id)?.lastError).toBeUndefined();
  expect(site.store.events({ limit: 1 })[0]?.code).toBe('TM-ARCHIVE-WHOLE');
});
