import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest128 } from '../codec/frame.ts';
import type { FrameCache } from '../ports/frame-cache.ts';
import { createDiskFrameCache } from './disk-frame-cache.ts';
import { SegmentedLru } from './segmented-lru.ts';

let folder: string;
let cache: FrameCache;
const open = async (limitBytes: number): Promise<void> => {
  cache = await createDiskFrameCache({ folder, limitBytes, digest: digest128 });
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-cache-'));
  await open(1_000);
});
afterEach(async () => {
  await cache.flush();
  rmSync(folder, { recursive: true, force: true });
});

function frame(n: number, length = 1_000): { digest: string; bytes: Uint8Array } {
  const bytes = Buffer.alloc(length, `frame ${n} `);
  return { digest: digest128(bytes), bytes };
}
/** What a query does with a frame: from the cache, else fetched and put. True when the cache had it. */
async function use(n: number): Promise<boolean> {
  const { digest, bytes } = frame(n);
  const found = await cache.get(digest);
  if (found === undefined) cache.put(digest, bytes);
  else expect(Buffer.compare(found, bytes)).toBe(0);
  return found !== undefined;
}
const onDisk = (): number => readdirSync(folder).reduce((n, name) => n + statSync(join(folder, name)).size, 0);

/** The rule of SegmentedLru in its plainest form: three lists, least recently used first. */
class Model {
  fresh: [name: string, size: number][] = [];
  kept: [name: string, size: number][] = [];
  gone: [name: string, size: number][] = [];
  readonly limit: number;
  constructor(limit: number) {
    this.limit = limit;
  }
  bytes(of = [...this.fresh, ...this.kept]): number {
    return of.reduce((n, [, size]) => n + size, 0);
  }
  has(name: string): boolean {
    return [...this.fresh, ...this.kept].some(([n]) => n === name);
  }
  add(name: string, size: number): string[] {
    if (this.has(name)) return [];
    if (this.gone.some(([n]) => n === name)) this.keep([name, size]);
    else this.fresh.push([name, size]);
    this.gone = this.gone.filter(([n]) => n !== name);
    const out: string[] = [];
    while (this.bytes() > this.limit) {
      const oldest = this.fresh.shift()!;
      out.push(oldest[0]);
      this.gone.push(oldest);
    }
    while (this.bytes(this.gone) > this.limit) this.gone.shift();
    return out;
  }
  use(name: string): void {
    const entry = [...this.fresh, ...this.kept].find(([n]) => n === name);
    if (entry === undefined) return;
    this.remove(name);
    this.keep(entry);
  }
  keep(entry: [name: string, size: number]): void {
    this.kept.push(entry);
    while (this.bytes(this.kept) > this.limit * 0.8) this.fresh.push(this.kept.shift()!);
  }
  remove(name: string): void {
    this.fresh = this.fresh.filter(([n]) => n !== name);
    this.kept = this.kept.filter(([n]) => n !== name);
  }
}

describe('Q12 the cache', () => {
  it('Q12 lets go what its rule says, whatever is added, used and removed', () => {
    const name = fc.integer({ min: 0, max: 12 }).map(String);
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), name, size: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ do: fc.constant('use' as const), name }),
      fc.record({ do: fc.constant('remove' as const), name }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 150 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const [lru, model] = [new SegmentedLru(limit), new Model(limit)];
        for (const s of steps) {
          if (s.do === 'add') expect(lru.add(s.name, s.size)).toEqual(model.add(s.name, s.size));
          else if (s.do === 'use') [lru, model].forEach((each) => void each.use(s.name));
          else [lru, model].forEach((each) => void each.remove(s.name));
          expect(lru.bytes).toBe(model.bytes());
          expect(lru.size).toBe(model.fresh.length + model.kept.length);
          expect(lru.bytes).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('Q12 one scan of a year flushes nothing of what a dashboard asks for again and again', async () => {
    await open(20_000);
    const dashboard = [1, 2, 3, 4, 5, 6];
    for (let round = 0; round < 2; round++) for (const n of dashboard) await use(n);
    for (let day = 0; day < 365; day++) await use(1_000 + day);
    const hits = await Promise.all(dashboard.map(use));
    expect(hits).toEqual(dashboard.map(() => true));
    // And what is new gets in all the same.
    expect(await use(1_364)).toBe(true);
  });

  it('Q12 frames that nobody asks for any more make room for others that are asked for again', async () => {
    await open(10_000);
    for (let round = 0; round < 3; round++) for (let n = 0; n < 8; n++) await use(n);
    for (let round = 0; round < 3; round++) for (let n = 100; n < 108; n++) await use(n);
    const hits = await Promise.all(Array.from({ length: 8 }, (_, i) => use(100 + i)));
    expect(hits).toEqual(new Array(8).fill(true));
  });

  it('Q12 holds its limit on disk, also when the limit became smaller', async () => {
    await open(50_000);
    for (let n = 0; n < 200; n++) await use(n);
    await cache.flush();
    expect(cache.stats()).toEqual({ bytes: 50_000, frames: 50, limitBytes: 50_000 });
    expect(onDisk()).toBe(50_000);
    await open(5_000);
    await cache.flush();
    expect(onDisk()).toBe(5_000);
    expect(cache.stats().frames).toBe(5);
  });

  it('Q12 a restart keeps the frames and forgets half-written ones', async () => {
    await open(50_000);
    for (let n = 0; n < 10; n++) await use(n);
    await cache.flush();
    writeFileSync(join(folder, `${frame(99).digest}.tmp`), 'half');
    await open(50_000);
    for (let n = 0; n < 10; n++) expect(await use(n)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(10);
  });

  it('Q12 gives back a frame before it is on disk, and exactly the frame that was put', async () => {
    await open(50_000);
    const { digest, bytes } = frame(7);
    cache.put(digest, bytes);
    expect(await cache.get(digest)).toEqual(bytes);
    await cache.flush();
    expect(Buffer.compare(readFileSync(join(folder, digest)), bytes)).toBe(0);
    expect(await use(7)).toBe(true);
  });

  it('Q12 a frame is on disk a little later, though nobody waits for it', async () => {
    await use(7);
    await expect.poll(() => readdirSync(folder), { timeout: 30_000 }).toEqual([frame(7).digest]);
    await open(1_000);
    expect(await use(7)).toBe(true);
  });

  it('Q12 a damaged or deleted file is no frame, and the frame is kept again when it comes again', async () => {
    await open(50_000);
    for (const n of [1, 2]) await use(n);
    await cache.flush();
    await open(50_000);
    writeFileSync(join(folder, frame(1).digest), 'rubbish');
    rmSync(join(folder, frame(2).digest));
    for (const n of [1, 2]) expect(await use(n)).toBe(false);
    for (const n of [1, 2]) expect(await use(n)).toBe(true);
    await cache.flush();
    expect(cache.stats().bytes).toBe(2_000);
    expect(onDisk()).toBe(2_000);
  });

  it('Q12 goes on without its folder, and makes it again', async () => {
    await open(50_000);
    await use(1);
    await cache.flush();
    await open(50_000);
    rmSync(folder, { recursive: true });
    expect(await use(1)).toBe(false);
    await cache.flush();
    expect(readdirSync(folder)).toEqual([frame(1).digest]);
  });
});
