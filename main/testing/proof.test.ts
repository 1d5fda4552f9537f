import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { type ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { Site } from './site.ts';

let archive: MemoryStore;
let site: Site;
/** A site whose blocks have several parts, and whose archive is another one in some way. */
function start(as: (store: MemoryStore) => ObjectStore): void {
  archive = createMemoryStore(1_500);
  site = new Site(as(archive));
}
afterEach(() => site.end());

const run = () => site.tiering.runOnce('manual');
const events = () => site.store.events({ limit: 100 }).map((e) => e.code);

/** A store that keeps no checksum and makes ETags of its own (SSE-KMS): only reading back proves anything. */
function opaque(store: MemoryStore): ObjectStore {
  const etags = new Map<string, string>();
  const etagOf = (key: string): string => etags.get(key) ?? `own-${archive.objects.get(key)?.sha256}`;
  return {
    ...store,
    async head(key, call) {
      const { size } = await store.head(key, call);
      return { size, etag: etagOf(key) };
    },
    async get(key, range, { ifMatch, ...call } = {}) {
      if (ifMatch !== undefined && ifMatch !== etagOf(key)) throw new ObjectStoreError('precondition', 'changed');
      return store.get(key, range, call);
    },
  };
}

it('T2 parts read back from an object that was then replaced prove nothing of the new one', async () => {
  start(opaque);
  site.fillDay(60);
  let reads = 0;
  archive.fail = (m, key) => (m === 'get' && key.endsWith('.tmb') && ++reads === 3 ? { fault: 'offline' } : undefined);
  await expect(run()).rejects.toMatchObject({ fault: 'offline' });
  const [block] = site.store.blocks();
  expect([block?.state, block?.partsVerified]).toEqual(['uploaded', 2]);
  // The first part, which was proven, is another one now; what was not read back yet is sound.
  const object = archive.objects.get(block?.key ?? '')!;
  object.body[100] = (object.body[100] ?? 0) ^ 1;
  object.sha256 = 'another';
  archive.fail = undefined;
  await run();
  expect(events()).toContain('TM-BLOCK-RETRY');
  site.boot(undefined, site.archive);
  await site.expectWhole();
});

/** The first upload is completed, its answer is lost on a way that ends in 412, and the server still lists it. */
function doubting(store: MemoryStore): ObjectStore {
  let first = true;
  return {
    ...store,
    async completeUpload(key, uploadId, parts, condition, call) {
      const stored = store.uploads.get(uploadId) ?? new Map();
      const done = await store.completeUpload(key, uploadId, parts, condition, call);
      if (!first) return done;
      first = false;
      store.uploads.set(uploadId, stored);
      throw new ObjectStoreError('precondition', 'the object is already there');
    },
  };
}

it.each(['offline', 'no-upload'] as const)(
  'T4 a stale upload is ended before the block moves on: when that fails (%s), nothing is left behind',
  async (fault) => {
    start(doubting);
    site.fillDay(60);
    archive.fail = (m, _, n) => (m === 'abortUpload' && n === 0 ? { fault, after: fault === 'no-upload' } : undefined);
    await run().catch(() => undefined);
    if (fault === 'offline') expect([site.states(), archive.uploads.size]).toEqual([['uploading'], 1]);
    await run();
    expect([site.states(), archive.uploads.size]).toEqual([['cold'], 0]);
    expect(site.store.blocks().map((b) => b.attempts)).toEqual([0]);
    await site.expectWhole();
  },
);

/** A store that knows of no checksums but its ETags (S3 as it was until 2022). `spoil` changes the first object that comes, its ETag too. */
function plain(store: MemoryStore, spoil: boolean): ObjectStore {
  let spoilt = !spoil;
  return {
    ...store,
    async put(key, body, digests, condition, call) {
      const answer = await store.put(key, body, digests, condition, call);
      const object = store.objects.get(key);
      if (spoilt || object === undefined || !key.endsWith('.tmb')) return answer;
      spoilt = true;
      object.body[100] = (object.body[100] ?? 0) ^ 1;
      object.etag = createHash('md5').update(object.body).digest('hex');
      return answer;
    },
    async head(key, call) {
      const { size, etag } = await store.head(key, call);
      return { size, etag };
    },
  };
}

it.each([false, true])(
  'T2 where the archive keeps no SHA-256, its ETag proves what went as one request (spoilt on its way: %s)',
  async (spoil) => {
    archive = createMemoryStore(1_000_000);
    site = new Site(plain(archive, spoil), { verify: 'checksum' });
    site.fillDay(60);
    await run();
    const reads = archive.calls.filter(({ method, key }) => method === 'get' && key.endsWith('.tmb'));
    expect(events().includes('TM-BLOCK-RETRY')).toBe(spoil);
    expect(site.states()).toEqual([spoil ? 'uploading' : 'cold']);
    if (!spoil) expect(reads).toEqual([]);
    await run();
    expect(site.store.blocks()).toMatchObject([{ state: 'cold', verify: 'checksum' }]);
    await site.expectWhole();
  },
);
