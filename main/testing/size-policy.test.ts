import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US, MB } from '../../shared/units.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Store } from '../store/store.ts';
import { createMemoryStore } from './memory-store.ts';
import { readAll } from './read-all.ts';
import { Site } from './site.ts';

const LIMIT = 1.2 * MB;
/** The files of a store that lives at its limit may take so much. */
const MOST = LIMIT * 1.05;
const FIELDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
/** Readings of each field in a batch. */
const ROWS = 250;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** The value of a field at a time: noise that does not compress. */
function valueAt(field: number, t: number): number {
  const x = Math.sin(t * 1e-6 * 12.9898 + field) * 43_758.5453;
  return x - Math.floor(x);
}

const timesOf = (start: number, everyUs: number): number[] =>
  Array.from({ length: ROWS }, (_, i) => start + Math.floor((i * everyUs) / ROWS));

function append(store: Store, times: readonly number[], receivedUs: number): void {
  const ids = FIELDS.map((field) => store.series.resolve({ measurement: 'pump', field, tags: [] }) ?? 0);
  const count = times.length * FIELDS.length;
  const batch = { count, series: new Uint32Array(count), t: new Float64Array(count), v: new Float64Array(count) };
  for (const [i, t] of times.entries()) {
    for (const [field, id] of ids.entries()) {
      const at = i * FIELDS.length + field;
      [batch.series[at], batch.t[at], batch.v[at]] = [id, t, valueAt(field, t)];
    }
  }
  store.append(batch, receivedUs);
}

/** Bytes of the files of a store. */
function sizeOf(site: Site): number {
  // The shared memory of the log is no data.
  const files = readdirSync(site.dir).filter((name) => !name.endsWith('-shm'));
  return files.reduce((n, name) => n + statSync(join(site.dir, name)).size, 0);
}

/** Every reading of every field, over all tiers, cold ones from the archive itself. */
async function expectAll(store: Store, archive: ObjectStore, times: readonly number[]): Promise<void> {
  for (const [field, name] of FIELDS.entries()) {
    const { t, v } = await readAll(store, archive, `pump.${name}`, 0, 1_000 * DAY_US);
    const wrong = v.findIndex((value, i) => t[i] !== times[i] || value !== valueAt(field, times[i] ?? 0));
    expect([t.length, wrong]).toEqual([times.length, -1]);
  }
}

describe('SZ4 soak: several times the limit goes through', () => {
  it.each([
    ['in days that fit', 2 * HOUR_US],
    ['in one day', HOUR_US / 15],
  ])('SZ4 %s, the files stay within 5%% of it, and every reading stays', { timeout: 180_000 }, async (_, everyUs) => {
    const archive = createMemoryStore(1_000_000);
    const site = new Site(archive, { limitBytes: LIMIT, targetBlockBytes: 60_000 });
    cleanups.push(() => site.end());
    let most = 0;
    const sample = (): void => {
      most = Math.max(most, sizeOf(site));
    };
    site.boot(sample);
    const times: number[] = [];
    for (let i = 0; i < 280; i++) {
      const batch = timesOf(site.clock.nowUs(), everyUs);
      site.clock.advance(everyUs / 1_000);
      append(site.store, batch, site.clock.nowUs());
      for (const t of batch) times.push(t);
      while (site.store.cutStep(site.clock.nowUs(), 'due').more) sample();
      if (i % 3 === 0) await site.tiering.runOnce('interval');
      sample();
    }
    expect(site.store.stats().cold.bytes).toBeGreaterThan(1.5 * LIMIT);
    expect(most).toBeGreaterThan(LIMIT * 0.8);

    expect(most).toBeLessThan(MOST);
    await expectAll(site.store, archive, times);
  });
});

describe('SZ10 what is kept of what left', () => {
  it('SZ10 of days without end, indexes and sums leave in time: the limit holds, also over restarts, and every reading is answered', {
    timeout: 180_000,
  }, async () => {
    const archive = createMemoryStore(1_000_000);
    const limitBytes = 0.75 * MB;
    const site = new Site(archive, { limitBytes, targetBlockBytes: 60_000 });
    cleanups.push(() => site.end());
    const times: number[] = [];
    let most = 0;
    for (let day = 0; day < 130; day++) {
      const batch = Array.from({ length: 24 }, (_, hour) => site.clock.nowUs() + hour * HOUR_US);
      site.clock.advance(DAY_US / 1_000);
      append(site.store, batch, site.clock.nowUs());
      times.push(...batch);
      while (site.store.cutStep(site.clock.nowUs(), 'due').more);
      if (day === 70 || day === 120) site.restart();
      if (day % 5 === 0) await site.tiering.runOnce('interval');
      most = Math.max(most, sizeOf(site));
    }
    expect(most).toBeLessThan(limitBytes * 1.05);
    const told = site.store.events({ limit: 1_000 }).filter(({ code }) => code === 'TM-SUMMARIES');
    expect(told.map(({ text }) => text).join()).toMatch(
      /indexes and summaries by 5 minutes up to .* sums by the hour of months/,
    );
    await expectAll(site.store, archive, times);
  });
});
