import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { type ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { Site } from './site.ts';

let archive: MemoryStore;
let site: Site;
/** Small blocks of one part. */
function small(): void {
  archive = createMemoryStore(1_000_000);
  site = new Site(archive);
}
/** Blocks of several parts. */
function multipart(): void {
  archive = createMemoryStore(1_500);
  site = new Site(archive);
}
beforeEach(small);
afterEach(() => site.end());

const run = (mode: 'interval' | 'manual' = 'manual') => site.tiering.runOnce(mode);
/** Runs until nothing waits for another attempt; jitter is 0 here, so that its turn comes at once. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await run();
    if (site.states().every((state) => state === 'cold' || state === 'quarantined')) return;
  }
}
const count = (method: string) => archive.calls.filter((c) => c.method === method && !c.key.endsWith('/owner')).length;
const events = () => site.store.events({ limit: 100 }).map((e) => e.code);

describe('T1 the whole way', () => {
  it('T1 T2 moves days older than 30 days, verified by reading back, and keeps the others', async () => {
    for (const day of [60, 61, 69, 70, 99]) site.fillDay(day);
    await run('interval');
    expect(
      site.store
        .blocks()
        .map((b) => b.day)
        .sort(),
    ).toEqual([60, 61, 69]);
    expect(new Set(site.states())).toEqual(new Set(['cold']));
    expect(site.store.blocks().every((b) => b.verify === 'readback' && b.verifiedUs !== undefined)).toBe(true);
    expect(
      site.store
        .days()
        .filter((d) => d.openReadings > 0)
        .map((d) => d.day),
    ).toEqual([70, 99]);
    await site.expectWhole();
    site.restart();
    await site.expectWhole();
  });

  it('T3 late data for a cold day stays local, is merged, and is not planned by age', async () => {
    site.fillDay(60);
    await run();
    site.append([
      [60 * DAY_US, 5],
      [60 * DAY_US + 500, 6],
    ]);
    await run();
    expect(site.states()).toEqual(['cold']);
    await site.expectWhole();
  });

  it('P1 nothing is old enough: nothing happens; a pause stops the archive stages only; no second plan on a second press', async () => {
    site.fillDay(99);
    await run();
    expect(site.states()).toEqual([]);
    site.fillDay(60);
    await site.tiering.pause(undefined);
    await run();
    expect(site.states()).toEqual([]);
    await site.tiering.resume();
    await run();
    await run();
    expect(site.states()).toEqual(['cold']);
    expect(count('put')).toBe(1);
  });
});

describe('P4 the loop', () => {
  afterEach(() => site.tiering.stop());
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  /** Moves time on until `done`; each step gives the loop a moment to work. */
  async function until(done: () => boolean): Promise<void> {
    for (let i = 0; i < 200 && !done(); i++) {
      site.clock.advance(1_000);
      await settled();
    }
    expect(done()).toBe(true);
  }

  it('P4 a paused gateway still knows the link, so that history is fetched; resumed, it goes on at once', async () => {
    site.fillDay(60);
    await site.tiering.pause(undefined);
    site.restart();
    await site.tiering.start();
    expect(site.tiering.linkAway()).toBe(false);
    await until(() => site.tiering.status().link.lastSuccessUs !== undefined);
    expect(site.states()).toEqual([]);
    archive.fail = () => ({ fault: 'offline' });
    site.tiering.observe(new ObjectStoreError('offline', 'no answer'));
    expect(site.tiering.linkAway()).toBe(true);
    archive.fail = undefined;
    await until(() => !site.tiering.linkAway());
    await site.tiering.resume();
    await until(() => site.states()[0] === 'cold');
  });

  it('P4 an idle gateway notices within minutes that its link went and that it came back', async () => {
    await site.tiering.start();
    await until(() => site.tiering.status().link.lastSuccessUs !== undefined);
    archive.fail = () => ({ fault: 'offline' });
    const went = site.clock.nowUs();
    for (let i = 0; i < 7 && !site.tiering.linkAway(); i++) {
      site.clock.advance(60_000);
      await settled();
    }
    expect(site.tiering.linkAway()).toBe(true);
    expect(site.clock.nowUs() - went).toBeLessThanOrEqual(6 * 60_000_000);
    archive.fail = undefined;
    await until(() => !site.tiering.linkAway());
  });

  it('P4 a block that failed by its own fault is tried again when its turn comes, not only at the next interval', async () => {
    site.fillDay(60);
    let wrong = true;
    archive.fail = (method, key) =>
      wrong && method === 'put' && !key.endsWith('/owner') ? { fault: 'integrity' } : undefined;
    await site.tiering.start();
    await until(() => site.store.blocks()[0]?.attempts === 1);
    wrong = false;
    const before = site.clock.nowUs();
    await until(() => site.states()[0] === 'cold');
    expect(site.clock.nowUs() - before).toBeLessThan(700_000_000);
  });
});

describe('P5 a slow or flapping link', () => {
  it('P5 frees the disk as it goes: what was uploaded is verified and leaves before the rest is tried', async () => {
    for (const day of [60, 61, 62]) site.fillDay(day);
    let puts = 0;
    archive.fail = (method, key) =>
      method === 'put' && !key.endsWith('/owner') && puts++ > 0 ? { fault: 'offline' } : undefined;
    await expect(run()).rejects.toThrow();
    expect(site.states().sort()).toContain('uploaded');
    await expect(run()).rejects.toThrow();
    expect(site.states()).toContain('cold');
    expect(site.states().filter((state) => state === 'uploading').length).toBeGreaterThan(0);
    archive.fail = undefined;
    await run();
    expect(new Set(site.states())).toEqual(new Set(['cold']));
    await site.expectWhole();
  });

  it('P5 one event tells of all blocks that left together', async () => {
    for (const day of [60, 61, 63]) site.fillDay(day);
    await run();
    const moved = site.store.events({ limit: 100 }).filter((e) => e.code === 'TM-MOVED');
    expect(moved.map((e) => e.text)).toEqual([
      '3 days from 1970-03-02 to 1970-03-05: 3,000 readings are in the archive, verified, and left this gateway.',
    ]);
    expect(moved[0]?.detail).toMatchObject({ blocks: 3 });
  });
});

describe('T4 the link fails', () => {
  it('T4 at the start: nothing is planned, it goes when the link returns', async () => {
    site.fillDay(60);
    archive.fail = () => ({ fault: 'offline' });
    await expect(run()).rejects.toMatchObject({ fault: 'offline' });
    expect(site.tiering.status().link.state).toBe('offline');
    archive.fail = undefined;
    await run();
    expect(site.states()).toEqual(['cold']);
    expect(events()).toEqual(expect.arrayContaining(['TM-LINK-DOWN', 'TM-LINK-UP', 'TM-MOVED']));
    await site.expectWhole();
  });

  it.each(['put', 'head', 'get'])(
    'T4 in %s, before and after its effect: no loss, no double, no attempt counted',
    async (method) => {
      for (const after of [false, true]) {
        site.end();
        small();
        site.fillDay(60);
        site.fillDay(61);
        let failures = 0;
        archive.fail = (m, key) =>
          m === method && !key.endsWith('/owner') && failures++ === 0 ? { fault: 'offline', after } : undefined;
        await run().catch(() => undefined);
        site.restart();
        await run();
        expect(site.states()).toEqual(['cold', 'cold']);
        expect(site.store.blocks().map((b) => b.attempts)).toEqual([0, 0]);
        expect([...archive.objects.keys()].filter((k) => k.endsWith('.tmb'))).toHaveLength(2);
        await site.expectWhole();
      }
    },
  );

  it.each(['createUpload', 'putPart', 'listParts', 'completeUpload'])(
    'T4 in %s of a multipart upload, before and after its effect',
    async (method) => {
      for (const after of [false, true]) {
        site.end();
        multipart();
        site.fillDay(60);
        let n = 0;
        archive.fail = (m) =>
          m === 'putPart' && method === 'listParts' && n++ === 2
            ? { fault: 'offline', after }
            : m === method && n++ === 1 - Number(method !== 'putPart')
              ? { fault: 'offline', after }
              : undefined;
        await run().catch(() => undefined);
        site.restart();
        await run().catch(() => undefined);
        archive.fail = undefined;
        await run();
        expect(site.states()).toEqual(['cold']);
        await site.expectWhole();
      }
    },
  );

  it('T4 a resumed multipart upload sends only the missing parts', async () => {
    site.end();
    multipart();
    site.fillDay(60);
    archive.fail = (m, _, n) => (m === 'putPart' && n === 3 ? { fault: 'offline' } : undefined);
    await expect(run()).rejects.toMatchObject({ fault: 'offline' });
    const parts = site.store.blocks()[0]?.parts ?? 0;
    expect(parts).toBeGreaterThan(4);
    site.restart();
    archive.fail = undefined;
    await run();
    expect(count('putPart')).toBe(parts + 1);
    expect(site.states()).toEqual(['cold']);
    await site.expectWhole();
  });

  it('T4 the server forgot the upload: it begins again', async () => {
    site.end();
    multipart();
    site.fillDay(60);
    archive.fail = (m, _, n) => (m === 'putPart' && n === 2 ? { fault: 'offline' } : undefined);
    await run().catch(() => undefined);
    archive.uploads.clear();
    archive.fail = undefined;
    await run();
    expect(site.states()).toEqual(['cold']);
    expect(site.store.blocks()[0]?.attempts).toBe(0);
    await site.expectWhole();
  });

  it('T4 a wrong object under our key is replaced while local data is there', async () => {
    site.fillDay(60);
    archive.fail = (m, key) => {
      if (m === 'put' && key.endsWith('.tmb') && !archive.objects.has(key))
        archive.objects.set(key, { body: Buffer.from('rubbish'), etag: 'bad', sha256: 'bad' });
      return undefined;
    };
    await settle();
    expect(site.states()).toEqual(['cold']);
    await site.expectWhole();
  });
});

describe('T2 proof', () => {
  it('T2 bytes that changed in the bucket are found before the local copy goes, and sent again', async () => {
    site.fillDay(60);
    let spoiled = false;
    archive.fail = (m, key) => {
      const object = archive.objects.get(key);
      if (m === 'get' && object !== undefined && key.endsWith('.tmb') && !spoiled) {
        spoiled = true;
        object.body[100] = (object.body[100] ?? 0) ^ 1;
      }
      return undefined;
    };
    await settle();
    expect(spoiled).toBe(true);
    expect(site.states()).toEqual(['cold']);
    expect(events()).toContain('TM-BLOCK-RETRY');
    await site.expectWhole();
  });

  it('T2 a block that never passes is quarantined with its local data, and does not hold up the others', async () => {
    site.fillDay(60);
    site.fillDay(61);
    const poison = (key: string) => key.includes('date=1970-03-02');
    archive.fail = (m, key) => (m === 'get' && poison(key) ? { fault: 'integrity' } : undefined);
    await settle();
    expect(site.states().sort()).toEqual(['cold', 'quarantined']);
    expect(events()).toContain('TM-QUARANTINE');
    const id = site.store.blocks({ states: ['quarantined'] })[0]?.id ?? '';
    archive.fail = undefined;
    await site.expectWhole();
    await site.tiering.retry(id);
    await settle();
    expect(site.states()).toEqual(['cold', 'cold']);
    await site.expectWhole();
  });

  it('T2 a store that lost the object after the upload gets it again', async () => {
    site.fillDay(60);
    let lost = false;
    archive.fail = (m, key) => {
      if (m === 'head' && key.endsWith('.tmb') && !lost) {
        lost = true;
        archive.objects.delete(key);
      }
      return undefined;
    };
    await settle();
    expect(site.states()).toEqual(['cold']);
    await site.expectWhole();
  });
});

describe('P2 who may write', () => {
  it('P2 another gateway with our id, and a clone of our disk, stop uploads and say so', async () => {
    site.fillDay(60);
    const other = new Site(archive);
    other.fillDay(60);
    await other.tiering.runOnce('manual');
    await run();
    expect(site.tiering.status().blocked).toMatch(/another gateway with the id "g"/);
    expect(site.states()).toEqual([]);
    other.fillDay(61);
    const twin = other.tiering;
    other.restart();
    await other.tiering.runOnce('manual');
    await twin.runOnce('manual');
    expect(twin.status().blocked).toMatch(/copy of this gateway's disk/);
    other.end();
  });

  it('P3 a clock that is wrong by more than 15 minutes plans nothing', async () => {
    site.fillDay(60);
    const skewed: ObjectStore = {
      ...archive,
      probe: async () => ({ serverTimeUs: site.clock.nowUs() + 16 * 60_000_000 }),
    };
    site.boot(undefined, skewed);
    await run();
    expect(site.tiering.status().link.state).toBe('clock');
    expect(site.states()).toEqual([]);
    site.boot();
    await run();
    expect(site.states()).toEqual(['cold']);
  });
});

describe('T5 crash at every step', () => {
  it.each([
    ['single', small],
    ['multipart', multipart],
  ] as const)(
    'T5 %s: killed before each call to store or archive, the next start finishes with every reading exactly once',
    async (_, make) => {
      let crashes = 0;
      for (let at = 0; ; at++) {
        site.end();
        make();
        site.fillDay(60, 600);
        site.fillDay(61, 300);
        let step = 0;
        const crash = (): void => {
          if (step++ >= at) throw new Error('power cut');
        };
        archive.fail = () => {
          crash();
          return undefined;
        };
        site.boot(crash);
        const ended = await run().then(
          () => 'finished',
          () => 'crashed',
        );
        archive.fail = undefined;
        site.restart();
        await site.expectWhole();
        await run();
        await site.expectWhole();
        expect(new Set(site.states())).toEqual(new Set(['cold']));
        if (ended === 'finished') break;
        crashes++;
      }
      expect(crashes).toBeGreaterThan(30);
    },
    120_000,
  );
});
