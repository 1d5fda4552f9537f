import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../../shared/units.ts';
import { StoreFolder } from '../testing/store-folder.ts';

let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: 100, nowUs: 0 });
});
afterEach(() => folder.end());

const NOW = 20_000 * DAY_US;

function add(receivedUs: number, ...times: number[]): void {
  const id = folder.store.series.resolve({ measurement: 'm', field: 'a', tags: [] }) ?? 0;
  const [series, t, v] = [
    new Uint32Array(times.length).fill(id),
    Float64Array.from(times),
    new Float64Array(times.length),
  ];
  folder.store.append({ count: times.length, series, t, v }, receivedUs);
}

const warnings = (): string[] =>
  folder.store
    .events({ limit: 100 })
    .filter(({ code }) => code === 'TM-AHEAD')
    .map(({ text }) => text)
    .reverse();

describe('when readings came', () => {
  it('ST9 is known over restarts, whether they are in memory, cut, or moved away', () => {
    expect(folder.store.startReport().lastReceivedUs).toBeUndefined();
    add(NOW, 1, 2);
    folder.restart();
    expect(folder.store.startReport().lastReceivedUs).toBe(NOW);
    add(NOW + 5, 3);
    folder.store.cut(NOW + 5, 'always');
    folder.restart();
    expect(folder.store.startReport().lastReceivedUs).toBe(NOW + 5);
    folder.reopen((db) => {
      db.exec('delete from segment_body; delete from segment');
    });
    expect(folder.store.startReport().lastReceivedUs).toBe(NOW + 5);
  });

  it('ST9 of a data folder of an older version the segments tell', () => {
    add(NOW, 1);
    folder.store.cut(NOW, 'always');
    folder.reopen((db) => {
      db.exec(`delete from meta where name = 'last-received'`);
    });
    expect(folder.store.startReport().lastReceivedUs).toBe(NOW);
  });
});

describe('what readings in memory take', () => {
  it('ST6 is what their journal takes on the disk, also after a restart, and nothing once they are cut', () => {
    const journal = (): number => {
      const db = new Database(folder.path, { readonly: true });
      const { bytes } = db.prepare<[], { bytes: number }>('select sum(length(body)) bytes from journal').get() ?? {};
      db.close();
      return bytes ?? 0;
    };
    for (let i = 0; i < 5; i++) add(NOW + i, ...Array.from({ length: 100 }, (_, n) => i * 1_000 + n));
    expect(journal()).toBeGreaterThan(0);
    expect(folder.store.stats().head).toMatchObject({ readings: 500, bytes: journal() });
    folder.restart();
    expect(folder.store.stats().head).toMatchObject({ readings: 500, bytes: journal() });
    folder.store.cut(NOW, 'always');
    expect(folder.store.stats().head).toEqual({ readings: 0, bytes: 0 });
  });
});

describe('readings stamped ahead', () => {
  const FAR = Date.UTC(2170, 0, 1) * 1_000;

  it('ST10 are stored, and told with series and day and what to do; a day ahead is not', () => {
    add(NOW, NOW + DAY_US);
    expect(warnings()).toEqual([]);
    add(NOW, FAR);
    expect(warnings()).toEqual([
      "1 reading is stamped more than a day ahead of this gateway's clock: m.a on 2170-01-01. It is stored, and shown at that time. Check the clock of the sender, and of this gateway.",
    ]);
    expect(folder.store.series.byKey('m.a')?.last?.t).toBe(FAR);
  });

  it('ST10 are told once an hour at most, with all since', () => {
    add(NOW, FAR);
    for (let i = 1; i <= 1_000; i++) add(NOW + i, FAR + i, NOW);
    expect(warnings()).toHaveLength(1);
    add(NOW + HOUR_US, FAR + 1, FAR + DAY_US);
    expect(warnings()).toHaveLength(2);
    expect(warnings()[1]).toMatch(/^1,002 readings are .*, the farthest m\.a on 2170-01-02\./);
    // The clock was set back.
    add(NOW - HOUR_US, FAR);
    expect(warnings()).toHaveLength(3);
  });

  it('ST10 beyond every calendar are told all the same', () => {
    add(NOW, Number.MAX_SAFE_INTEGER);
    expect(warnings()).toHaveLength(1);
  });
});
