import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bucketGrid, bucketOf } from '../../shared/buckets.ts';
import { createDiskFrameCache } from '../adapters/disk-frame-cache.ts';
import { digest128 } from '../codec/frame.ts';
import type { FrameCache } from '../ports/frame-cache.ts';
import type { ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import { type ColdSource, createColdSource } from '../query/fetch.ts';
import { createReaderApi, createReads, type QueryReads, type ReaderApi } from '../query/reads.ts';
import { type QueryAnswer, QueryService, type RawAnswer } from '../query/service.ts';
import type { Remote } from '../store/remote.ts';
import { SnapshotReader } from '../store/snapshot.ts';
import { forgetRollups } from './forget-rollups.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { localRemote, Site } from './site.ts';

export const KEY = 'pump.temp';

/** A gateway with a history over all tiers, its query service on the real store, cache and cold source; the oracle is the site's. */
export class History {
  readonly memory: MemoryStore;
  readonly site: Site;
  /** What a query's GETs go to; tests put gates or counters around the store. */
  archive: ObjectStore;
  away = false;
  readonly faults: ObjectStoreError[] = [];
  /** Runs before each window is read: a piece may move between plan and read. */
  beforeRead: () => Promise<void> | void = () => undefined;
  /** Runs between the copy of the heads and each snapshot. */
  beforeSnapshot: () => Promise<void> | void = () => undefined;
  #snapshots: SnapshotReader | undefined;
  cache!: FrameCache;
  reads!: QueryReads;
  cold!: ColdSource;
  service!: QueryService;

  private constructor(targetBlockBytes: number) {
    this.memory = createMemoryStore(1_000_000);
    this.archive = this.memory;
    this.site = new Site(this.memory, { targetBlockBytes });
  }

  static async create(targetBlockBytes = 1_000_000): Promise<History> {
    const history = new History(targetBlockBytes);
    await history.open();
    return history;
  }

  get cacheFolder(): string {
    return join(this.site.dir, 'cache');
  }

  /** A new start of the query side: the cache folder as it is on disk now. */
  async open(limitBytes = 10_000_000): Promise<void> {
    await this.cache?.flush();
    this.cache = await createDiskFrameCache({ folder: this.cacheFolder, limitBytes, digest: digest128 });
    this.#snapshots?.close();
    const snapshots = new SnapshotReader(join(this.site.dir, 'tidemark.db'));
    this.#snapshots = snapshots;
    const writer = localRemote(() => this.site.store);
    const own = createReaderApi(snapshots);
    // As over a thread: what a test does before each read comes after the heads were copied.
    const reader: Remote<ReaderApi> = {
      pieces: async (...args) => {
        await this.beforeSnapshot();
        return own.pieces(...args);
      },
      readWindow: async (...args) => {
        await this.beforeRead();
        await this.beforeSnapshot();
        return own.readWindow(...args);
      },
      readRollups: async (...args) => {
        await this.beforeSnapshot();
        return own.readRollups(...args);
      },
      readSummaries: async (...args) => {
        await this.beforeSnapshot();
        return own.readSummaries(...args);
      },
    };
    const archive = new Proxy(this.memory, { get: (_, name) => Reflect.get(this.archive, name) }) as ObjectStore;
    const { cache, site } = this;
    const linkAway = (): boolean => this.away;
    const onFault = (error: ObjectStoreError): void => void this.faults.push(error);
    this.reads = createReads(writer, reader, { mayHave: (from, to) => site.store.headDays.mayHave(from, to) });
    this.cold = createColdSource({ writer, archive, cache, clock: site.clock, linkAway, onFault });
    this.service = new QueryService(this.reads, this.cold);
  }

  /** Moves everything older than 30 days to the archive, and forgets the calls that took. */
  async tier(): Promise<void> {
    await this.site.tiering.runOnce('manual');
    this.memory.calls.length = 0;
  }

  forgetRollups(): void {
    forgetRollups(this.site.dir);
  }

  /** Under the feet of a cache that has all on disk and nothing in memory. */
  async dropCacheFolder(): Promise<void> {
    await this.open();
    rmSync(this.cacheFolder, { recursive: true, force: true });
  }

  async end(): Promise<void> {
    await this.cache.flush();
    this.#snapshots?.close();
    this.site.end();
  }

  /** Ranged GETs of blocks since the last `tier`. */
  gets(): { key: string; bytes: number }[] {
    return this.memory.calls.filter((c) => c.method === 'get' && c.key.endsWith('.tmb'));
  }

  events(): string[] {
    return this.site.store.events({ limit: 100 }).map((e) => e.code);
  }

  /** The oracle's readings of [from, to). */
  rows(from: number, to: number): [t: number, v: number][] {
    return [...this.site.oracle].filter(([t]) => t >= from && t < to).sort(([a], [b]) => a - b);
  }

  expectRaw({ t, v }: Pick<RawAnswer, 't' | 'v'>, from: number, to: number): void {
    expect(Array.from(t, (time, i) => [time, v[i]])).toEqual(this.rows(from, to));
  }

  expectBuckets(answer: QueryAnswer, points: number, rows = this.rows(answer.from, answer.to)): void {
    const grid = bucketGrid(answer.from, answer.to, points);
    expect(answer.points).toBe(grid.points);
    const buckets = new Map<number, number[]>();
    for (const [t, v] of rows) {
      const i = bucketOf(grid, t);
      buckets.set(i, [...(buckets.get(i) ?? []), v]);
    }
    const { index, min, max, sum, numbers, count, first, last } = answer.buckets;
    expect([...index]).toEqual([...buckets.keys()]);
    for (const [n, values] of [...buckets.values()].entries()) {
      expect([min[n], max[n], first[n], last[n], numbers[n], count[n]]).toEqual([
        Math.min(...values),
        Math.max(...values),
        values[0],
        values.at(-1),
        values.length,
        values.length,
      ]);
      const exact = values.reduce((a, b) => a + b, 0);
      expect(Math.abs(sum[n]! - exact)).toBeLessThanOrEqual(1e-9 * values.reduce((a, b) => a + Math.abs(b), 1));
    }
  }
}
