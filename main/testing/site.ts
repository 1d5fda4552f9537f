import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import type { FrameCache } from '../ports/frame-cache.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { fetchColdFrames } from '../query/cold-frames.ts';
import { createColdSource } from '../query/fetch.ts';
import type { Remote } from '../store/remote.ts';
import { Store } from '../store/store.ts';
import type { StoreApi } from '../store/types.ts';
import type { LocalRoom } from '../tiering/context.ts';
import { Tiering } from '../tiering/tiering.ts';
import { createManualClock } from './manual-clock.ts';
import { readAll } from './read-all.ts';

/** The real store, called as the main thread calls it. `before` runs ahead of each call and may throw (a crash). */
export function localRemote(store: () => Store, before: (method: string) => void = () => undefined): Remote<StoreApi> {
  return new Proxy({} as Remote<StoreApi>, {
    get:
      (_, method) =>
      async (...args: unknown[]) => {
        before(String(method));
        const fn: unknown = Reflect.get(store(), method);
        if (typeof fn !== 'function') throw new Error(`no method ${String(method)}`);
        const result: unknown = Reflect.apply(fn, store(), args);
        return result;
      },
  });
}

/** A cache that keeps nothing. */
const NO_CACHE: FrameCache = {
  get: async () => undefined,
  has: () => false,
  put: () => undefined,
  limitTo: async () => undefined,
  stats: () => ({ bytes: 0, frames: 0, limitBytes: 0 }),
  flush: async () => undefined,
};

/** A disk without end. */
const ENDLESS: LocalRoom = {
  limitBytes: () => Number.POSITIVE_INFINITY,
  cacheBytes: () => 0,
  limitCache: async () => undefined,
};

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A gateway on a real database file with 40 days behind it; time stands still unless the test moves it. */
export class Site {
  readonly dir = mkdtempSync(join(tmpdir(), 'tidemark-site-'));
  readonly clock = createManualClock(100 * DAY_US);
  readonly oracle = new Map<number, number>();
  store: Store;
  tiering: Tiering;
  readonly archive: ObjectStore;
  readonly #targetBlockBytes: number;
  readonly #limitBytes: number | undefined;
  readonly #verify: 'readback' | 'checksum';

  /** `limitBytes`: of local data, as `max_local_size_gb`. */
  constructor(
    archive: ObjectStore,
    o: { targetBlockBytes?: number; limitBytes?: number; verify?: 'readback' | 'checksum' } = {},
  ) {
    this.archive = archive;
    this.#verify = o.verify ?? 'readback';
    this.#limitBytes = o.limitBytes;
    this.#targetBlockBytes = o.targetBlockBytes ?? 1_000_000;
    this.store = this.#open();
    this.tiering = this.boot();
  }

  #open(): Store {
    const limit = this.#limitBytes === undefined ? {} : { limitBytes: this.#limitBytes };
    return new Store({ path: join(this.dir, 'tidemark.db'), maxSeries: 100, nowUs: this.clock.nowUs(), ...limit });
  }

  /** A new start of the gateway on the same data folder; `before` as in localRemote. */
  boot(before?: (method: string) => void, archive = this.archive, random = () => 0): Tiering {
    const writer = localRemote(() => this.store, before);
    const { clock } = this;
    const cold = createColdSource({
      writer,
      archive,
      cache: NO_CACHE,
      clock,
      linkAway: () => tiering.linkAway(),
      onFault: (error) => tiering.observe(error),
    });
    const tiering = new Tiering({
      writer,
      archive,
      fetchFrames: (wanted, signal) => fetchColdFrames(cold, wanted, signal),
      clock,
      room: this.#limitBytes === undefined ? ENDLESS : { ...ENDLESS, limitBytes: () => this.#limitBytes ?? 0 },
      log,
      random,
      startReport: this.store.startReport(),
      settings: {
        maxAgeDays: 30,
        intervalMs: 3_600_000,
        concurrency: 2,
        targetBlockBytes: this.#targetBlockBytes,
        verify: this.#verify,
        gatewayId: 'g',
        prefix: 'p/',
      },
    });
    this.tiering = tiering;
    return tiering;
  }

  /** As after a power cut: what was not committed is gone. */
  restart(): Tiering {
    this.store.close();
    this.store = this.#open();
    return this.boot();
  }

  append(rows: [t: number, v: number][]): void {
    const id = this.store.series.resolve({ measurement: 'pump', field: 'temp', tags: [] }) ?? 0;
    const n = rows.length;
    const batch = {
      count: n,
      series: new Uint32Array(n).fill(id),
      t: Float64Array.from(rows, (r) => r[0]),
      v: Float64Array.from(rows, (r) => r[1]),
    };
    this.store.append(batch, this.clock.nowUs() - 5 * 3_600_000_000);
    for (const [t, v] of rows) this.oracle.set(t, v);
  }

  /** Noisy readings over a day, so that a block is not tiny. */
  fillDay(day: number, n = 1_000, everyUs = 1_000_000): void {
    const rows = Array.from({ length: n }, (_, i): [number, number] => [
      day * DAY_US + i * everyUs,
      Math.sin(i * 12.9898 + day) * 43_758.5453,
    ]);
    this.append(rows);
    this.store.cut(this.clock.nowUs(), 'always');
  }

  /** T5: every reading exactly once with its newest value, over all tiers, cold ones from the archive itself. */
  async expectWhole(): Promise<void> {
    const { t, v } = await readAll(this.store, this.archive, 'pump.temp', 0, 200 * DAY_US);
    expect(Array.from(t, (time, i) => [time, v[i]])).toEqual([...this.oracle].sort(([a], [b]) => a - b));
  }

  states(): string[] {
    return this.store.blocks().map((b) => b.state);
  }

  end(): void {
    this.store.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
