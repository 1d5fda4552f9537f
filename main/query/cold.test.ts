import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { ObjectStoreError, type StoreFault } from '../ports/object-store.ts';
import { History, KEY } from '../testing/history.ts';

let h: History;
const day = (n: number): number => n * DAY_US;
/** Ten days in the archive, a block each. */
const RANGE = { key: KEY, from: day(60), to: day(70) };
const whole = (signal?: AbortSignal, waitMs?: number) =>
  h.service.wholeBuckets({ ...RANGE, points: 50 }, signal, waitMs);
const sources = async (): Promise<string[]> => [
  ...new Set((await whole()).coverage.map((c) => c.source).filter((s) => s !== 'none')),
];

beforeEach(async () => {
  h = await History.create();
  for (let d = 60; d < 70; d++) h.site.fillDay(d, 250, 300_000_000);
  await h.tier();
  // These answers are all made of readings.
  h.forgetRollups();
  expect(h.site.states()).toEqual(new Array(10).fill('cold'));
});
afterEach(() => h.end());

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !condition(); i++) await settle();
  expect(condition()).toBe(true);
}

/** Holds each GET until the test lets it go; counts how many wait, and sees their signals. */
function gate(): { waiting: { key: string; release(): void; signal: AbortSignal | undefined }[]; most: number } {
  const state: ReturnType<typeof gate> = { waiting: [], most: 0 };
  h.archive = {
    ...h.memory,
    get: async (key, range, o) => {
      const call = h.memory.get(key, range, o);
      await new Promise<void>((resolve, reject) => {
        const entry = { key, release: resolve, signal: o?.signal };
        const leave = (): void => void state.waiting.splice(state.waiting.indexOf(entry), 1);
        state.waiting.push(entry);
        state.most = Math.max(state.most, state.waiting.length);
        o?.signal?.addEventListener('abort', () => {
          leave();
          reject(new ObjectStoreError('aborted', 'stopped'));
        });
        entry.release = () => {
          leave();
          resolve();
        };
      });
      return call;
    },
  };
  return state;
}

describe('Q5 fetching', () => {
  it('Q5 asks for each day once, for no more than its frames, and for nothing when the cache is warm', async () => {
    const first = await whole();
    h.expectBuckets(first, 50);
    expect(h.gets()).toHaveLength(10);
    const bytes = h.gets().reduce((n, g) => n + g.bytes, 0);
    expect(first.cold).toEqual({ bytes, requests: 10, totalBytes: bytes });
    expect(bytes).toBe(h.cache.stats().bytes);
    expect(new Set(first.coverage.map((c) => c.source))).toEqual(new Set(['cold', 'none']));

    const second = await whole();
    h.expectBuckets(second, 50);
    expect(h.gets()).toHaveLength(10);
    expect(second.cold).toEqual({ bytes: 0, requests: 0, totalBytes: 0 });
    expect(new Set(second.coverage.map((c) => c.source))).toEqual(new Set(['cache', 'none']));
  });

  it('Q5 no query lists the bucket, and only the days of the range are asked for', async () => {
    await h.service.raw({ key: KEY, from: day(62), to: day(64), limit: 100 });
    expect(h.memory.calls.map((c) => c.method)).toEqual(['get']);
    expect(h.gets()[0]?.key).toContain(new Date((day(62) / 1_000) as number).toISOString().slice(0, 10));
  });

  it('Q5 a page that ends with a day does not fetch the next one', async () => {
    const { t, next } = await h.service.raw({ ...RANGE, limit: 250 });
    expect(t).toHaveLength(250);
    expect(next).toBe(day(61));
    expect(h.gets()).toHaveLength(1);
  });

  it('Q5 the cache folder is deleted while in use: the archive answers again', async () => {
    await whole();
    await h.dropCacheFolder();
    h.expectBuckets(await whole(), 50);
    expect(h.gets()).toHaveLength(20);
    await h.cache.flush();
    expect(readdirSync(h.cacheFolder)).toHaveLength(20);
  });

  it('Q5 a cache too small to keep anything still answers', async () => {
    await h.open(100);
    h.expectBuckets(await whole(), 50);
    h.expectBuckets(await whole(), 50);
    expect(h.gets()).toHaveLength(20);
  });

  it('Q5 at most four requests run at once, over all queries', async () => {
    const held = gate();
    const answers = [whole(), h.service.wholeBuckets({ ...RANGE, to: day(66), points: 7 })];
    await until(() => held.waiting.length === 4);
    for (let i = 0; i < 10; i++) {
      await until(() => held.waiting.length > 0);
      held.waiting[0]?.release();
    }
    await Promise.all(answers);
    expect(held.most).toBe(4);
  });
});

describe('Q7 queries share', () => {
  it('Q7 identical and overlapping queries fetch each frame once', async () => {
    const held = gate();
    const part = { ...RANGE, from: day(63), to: day(66) };
    const all = [whole(), whole(), h.service.wholeBuckets({ ...part, points: 9 })];
    const free = setInterval(() => held.waiting[0]?.release(), 1);
    const answers = await Promise.all(all).finally(() => clearInterval(free));
    h.expectBuckets(answers[0]!, 50);
    h.expectBuckets(answers[1]!, 50);
    h.expectBuckets(answers[2]!, 9);
    expect(h.gets()).toHaveLength(10);
    expect(answers.reduce((n, a) => n + a.cold.requests, 0)).toBe(10);
  });

  it('Q7 a cancelled query ends at once and does not end the fetch another query waits for', async () => {
    const held = gate();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = whole(one.signal);
    const second = whole(two.signal);
    await until(() => held.waiting.length === 4);
    await settle();
    one.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(held.waiting).toHaveLength(4);
    const free = setInterval(() => held.waiting[0]?.release(), 1);
    const answer = await second.finally(() => clearInterval(free));
    h.expectBuckets(answer, 50);
    expect(h.gets()).toHaveLength(10);
  });

  it('Q7 the last query to be cancelled ends the fetch, and what is asked later is fetched anew', async () => {
    const held = gate();
    const controllers = [new AbortController(), new AbortController()];
    const ended = controllers.map((c) => whole(c.signal).catch((e: unknown) => e));
    await until(() => held.waiting.length === 4);
    await settle();
    const signals = held.waiting.map((w) => w.signal);
    for (const c of controllers) c.abort();
    await Promise.all(ended);
    expect(held.waiting).toHaveLength(0);
    expect(signals.every((s) => s?.aborted)).toBe(true);
    expect(h.faults).toEqual([]);
    h.archive = h.memory;
    h.expectBuckets(await whole(), 50);
    expect(h.gets()).toHaveLength(14);
  });

  it('Q7 closing a streamed answer ends its fetches', async () => {
    const held = gate();
    const controller = new AbortController();
    const stream = h.service.buckets({ ...RANGE, points: 50 }, controller.signal);
    expect((await stream.next()).value).toMatchObject({ done: false });
    const pending = stream.next();
    await until(() => held.waiting.length === 4);
    controller.abort();
    expect(await pending).toEqual({ value: undefined, done: true });
    expect(held.waiting).toHaveLength(0);
  });
});

describe('Q8 the link', () => {
  const LINK: StoreFault[] = ['offline', 'throttled', 'server', 'credentials', 'clock', 'no-bucket', 'portal'];

  it.each(LINK)('Q8 %s: unreachable in the coverage, not an error, and it heals by itself', async (fault) => {
    h.memory.fail = () => ({ fault });
    const answer = await whole();
    expect(answer.done).toBe(true);
    expect(answer.buckets.index).toHaveLength(0);
    expect(new Set(answer.coverage.map((c) => c.source))).toEqual(new Set(['unreachable', 'none']));
    expect(answer.cold.totalBytes).toBeGreaterThan(0);
    expect(h.faults.every((f) => f.fault === fault)).toBe(true);
    expect(h.faults.length).toBeGreaterThan(0);
    expect(h.site.store.blocks().some((b) => b.damaged)).toBe(false);
    h.memory.fail = undefined;
    h.expectBuckets(await whole(), 50);
    expect(await sources()).toEqual(['cache']);
  });

  it('Q8 what is cached is still there, the rest is named day by day', async () => {
    await h.service.wholeBuckets({ ...RANGE, to: day(63), points: 10 });
    h.memory.fail = () => ({ fault: 'offline' });
    const { t, v, coverage } = await h.service.raw({ ...RANGE, limit: 100_000 });
    h.expectRaw({ t, v }, day(60), day(63));
    expect(coverage.filter((c) => c.source !== 'none').map((c) => [c.from, c.source])).toEqual(
      Array.from({ length: 10 }, (_, i) => [day(60 + i), i < 3 ? 'cache' : 'unreachable']),
    );
  });

  it('Q8 a dead link is not tried for each day', async () => {
    h.memory.fail = () => ({ fault: 'offline' });
    await whole();
    expect(h.gets().length).toBeLessThanOrEqual(10);
  });

  it('Q8 one lost connection does not spoil the answer', async () => {
    let failures = 0;
    h.memory.fail = (method) => (method === 'get' && failures++ === 3 ? { fault: 'offline' } : undefined);
    h.expectBuckets(await whole(), 50);
    expect(await sources()).toEqual(['cache']);
    expect(h.gets()).toHaveLength(11);
  });

  it('Q8 while the link is known to be away nothing is tried', async () => {
    h.away = true;
    expect(await sources()).toEqual(['unreachable']);
    expect(h.memory.calls).toEqual([]);
    h.away = false;
    h.expectBuckets(await whole(), 50);
  });

  it('Q8 what waits for its turn when the link goes away is not tried', async () => {
    const held = gate();
    const pending = whole();
    await until(() => held.waiting.length === 4);
    h.away = true;
    while (held.waiting.length > 0) held.waiting[0]?.release();
    const { coverage } = await pending;
    expect(h.gets()).toHaveLength(4);
    expect(coverage.filter((c) => c.source === 'cold')).toHaveLength(4);
    expect(coverage.filter((c) => c.source === 'unreachable')).toHaveLength(6);
    expect(h.faults).toEqual([]);
  });

  it('Q8 a link that does not answer is waited for so long and no longer', async () => {
    const held = gate();
    const pending = whole(undefined, 60_000);
    await until(() => held.waiting.length === 4);
    held.waiting[0]?.release();
    await until(() => h.cache.stats().frames === 2 && held.waiting.length === 4);
    h.site.clock.advance(59_999);
    await settle();
    expect(held.waiting).toHaveLength(4);
    h.site.clock.advance(1);
    const answer = await pending;
    expect(held.waiting).toHaveLength(0);
    expect(answer.coverage.filter((c) => c.source === 'cold')).toHaveLength(1);
    expect(answer.coverage.filter((c) => c.source === 'unreachable')).toHaveLength(9);
    expect(answer.buckets.index.length).toBeGreaterThan(0);
  });
});

describe('T7 a wrong object', () => {
  const block = (i: number) => h.site.store.blocks().sort((a, b) => a.day - b.day)[i]!;
  const object = (i: number) => h.memory.objects.get(block(i).key)!;
  const spoil = (i: number): void => {
    // The first kilobyte: the frames come before the index.
    for (let at = 20; at < 1_000; at++) object(i).body[at]! ^= 0xff;
  };
  const damaged = () => h.site.store.blocks().filter((b) => b.damaged);

  it('T7 is never served: an event, one more try, then damaged; the days beside it are whole', async () => {
    spoil(4);
    const { t, v, coverage } = await h.service.raw({ ...RANGE, limit: 100_000 });
    const rows = h.rows(RANGE.from, RANGE.to).filter(([time]) => time < day(64) || time >= day(65));
    expect(Array.from(t, (time, i) => [time, v[i]])).toEqual(rows);
    expect(coverage.filter((c) => c.source === 'damaged').map((c) => Math.floor(c.from / DAY_US))).toEqual([64]);
    expect(damaged().map((b) => b.day)).toEqual([64]);
    expect(h.events().filter((code) => code.startsWith('TM-ARCHIVE'))).toEqual([
      'TM-ARCHIVE-DAMAGED',
      'TM-ARCHIVE-MISMATCH',
    ]);
    expect(h.gets().filter((g) => g.key === block(4).key)).toHaveLength(2);
    await whole();
    expect(h.events().filter((code) => code.startsWith('TM-ARCHIVE'))).toHaveLength(2);
    expect(h.faults).toEqual([]);
  });

  it('T7 AC3 is told as missing when it is not there any more, with its day and what to do', async () => {
    h.memory.objects.delete(block(4).key);
    spoil(5);
    await whole();
    expect(damaged().map((b) => b.lastError?.code)).toEqual(['integrity', 'not-found']);
    const told = h.site.store.events({ limit: 10 }).filter(({ code }) => code === 'TM-ARCHIVE-DAMAGED');
    expect(told.map(({ text }) => text).sort()).toEqual([
      expect.stringMatching(/^An object in the archive is damaged: 1970-03-07 .*Put it back as it was/),
      expect.stringMatching(/^An object in the archive is missing: 1970-03-06\. .*Put it back as it was/),
    ]);
  });

  it.each(['time', 'value'] as const)('T7 one wrong column, of the %s, makes the piece damaged', async (column) => {
    const frame = h.site.store.pieces(KEY, day(63), day(64)).pieces[0]?.cold?.frames[column === 'time' ? 0 : 1];
    object(3).body[frame!.offset + 9]! ^= 1;
    const answer = await whole();
    const rows = h.rows(RANGE.from, RANGE.to).filter(([time]) => time < day(63) || time >= day(64));
    h.expectBuckets(answer, 50, rows);
    expect(answer.coverage.find((c) => c.source === 'damaged')).toMatchObject({ from: day(63) });
    expect(await sources()).toEqual(['cache', 'damaged']);
    expect(damaged().map((b) => b.day)).toEqual([63]);
  });

  it('T7 wrong bytes once (a bad proxy): the second try is served', async () => {
    const right = Buffer.from(object(2).body);
    spoil(2);
    h.archive = {
      ...h.memory,
      get: async (key, range, o) => {
        const pieces = await h.memory.get(key, range, o);
        const copy: Uint8Array[] = [];
        for await (const piece of pieces) copy.push(Buffer.from(piece));
        if (key === block(2).key) right.copy(object(2).body);
        return (async function* () {
          yield* copy;
        })();
      },
    };
    h.expectBuckets(await whole(), 50);
    expect(damaged()).toEqual([]);
    expect(h.events().filter((code) => code.startsWith('TM-ARCHIVE'))).toEqual(['TM-ARCHIVE-MISMATCH']);
  });

  it('T7 a copied bucket with other ETags: the digest decides, and the new ETag is asked for from then on', async () => {
    for (const o of h.memory.objects.values()) o.etag = `${o.etag}-copy`;
    h.expectBuckets(await whole(), 50);
    expect(h.memory.calls.filter((c) => c.method === 'head')).toHaveLength(10);
    expect(damaged()).toEqual([]);
    await h.dropCacheFolder();
    h.memory.calls.length = 0;
    h.expectBuckets(await whole(), 50);
    expect(h.memory.calls.map((c) => c.method)).toEqual(new Array(10).fill('get'));
  });

  it('T7 another object under our key: other ETag, wrong digests, damaged', async () => {
    spoil(0);
    object(0).etag = 'other';
    expect(await sources()).toEqual(['damaged', 'cold']);
    expect(block(0)).toMatchObject({ damaged: true });
    expect(block(0).etag).not.toBe('other');
  });

  it.each([
    ['a missing object', (i: number) => void h.memory.objects.delete(block(i).key)],
    ['a truncated object', (i: number) => void Object.assign(object(i), { body: object(i).body.subarray(0, 100) })],
  ])('T7 %s is damaged, and heals when it is put back', async (_, harm) => {
    const [key, before] = [block(3).key, { ...object(3) }];
    harm(3);
    expect(await sources()).toEqual(['cold', 'damaged']);
    h.memory.objects.set(key, before);
    h.expectBuckets(await whole(), 50);
  });

  it('T7 a frame altered in the cache is not served', async () => {
    await whole();
    await h.open();
    const { writeFileSync } = await import('node:fs');
    for (const name of readdirSync(h.cacheFolder)) writeFileSync(`${h.cacheFolder}/${name}`, 'rubbish');
    h.expectBuckets(await whole(), 50);
    expect(h.gets()).toHaveLength(20);
  });
});
