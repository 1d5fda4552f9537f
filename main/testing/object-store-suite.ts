import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore, PartDigests } from '../ports/object-store.ts';

export function digestsOf(body: Uint8Array): PartDigests {
  const [sha256, md5] = ['sha256', 'md5'].map((name) => createHash(name).update(body).digest());
  return { length: body.length, sha256: sha256 ?? body, md5: md5 ?? body };
}

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

const MiB = 1024 * 1024;
const NEW = { ifNoneMatch: true } as const;

/** What every object store must do, run for memory, directory and a real MinIO. */
export function objectStoreSuite(
  name: string,
  make: () => Promise<{ store: ObjectStore; again(): ObjectStore; cleanUp(): Promise<void> }>,
): void {
  describe(`O1 ${name} keeps the contract of an object store`, () => {
    let made: Awaited<ReturnType<typeof make>>;
    let store: ObjectStore;
    const prefix = `t-${randomBytes(4).toString('hex')}/`;
    beforeAll(async () => {
      made = await make();
      store = made.store;
    });
    afterAll(async () => {
      await store.close();
      await made.cleanUp();
    });
    const fault = (fault: string) => expect.objectContaining({ fault });

    it('O1 answers a probe', async () => {
      await expect(store.probe()).resolves.toBeDefined();
    });

    it('O1 stores once, refuses to replace, replaces only what it was told to', async () => {
      const [a, b] = [Buffer.from('first'), Buffer.from('second one')];
      const { etag } = await store.put(`${prefix}one`, a, digestsOf(a), NEW);
      expect(etag).toBe(Buffer.from(digestsOf(a).md5).toString('hex'));
      await expect(store.put(`${prefix}one`, b, digestsOf(b), NEW)).rejects.toEqual(fault('precondition'));
      await expect(store.put(`${prefix}one`, b, digestsOf(b), { ifMatch: '0'.repeat(32) })).rejects.toEqual(
        fault('precondition'),
      );
      await store.put(`${prefix}one`, b, digestsOf(b), { ifMatch: etag });
      const head = await store.head(`${prefix}one`);
      expect(head).toMatchObject({ size: 10, etag: Buffer.from(digestsOf(b).md5).toString('hex') });
      expect(head.checksumSha256).toBe(Buffer.from(digestsOf(b).sha256).toString('base64'));
    });

    it('O1 refuses a body that is not what its digest says, and stores nothing', async () => {
      const body = Buffer.from('body');
      await expect(store.put(`${prefix}wrong`, body, digestsOf(Buffer.from('else')), NEW)).rejects.toEqual(
        fault('integrity'),
      );
      await expect(store.head(`${prefix}wrong`)).rejects.toEqual(fault('not-found'));
    });

    it('O1 takes a body in pieces whose memory is used again, or gone, and stores nothing of one that fails', async () => {
      const body = randomBytes(3 * MiB);
      async function* pieces(failAt?: number): AsyncGenerator<Uint8Array> {
        let memory = new Uint8Array(MiB);
        for (let at = 0; at < body.length; at += memory.length) {
          if (at === failAt) throw new Error('this piece cannot be read');
          memory.set(body.subarray(at, at + memory.length));
          yield memory;
          memory.fill(0);
          memory = new Uint8Array(memory.buffer.transfer());
        }
      }
      await expect(store.put(`${prefix}pieces`, pieces(2 * MiB), digestsOf(body), NEW)).rejects.toThrow();
      await expect(store.head(`${prefix}pieces`)).rejects.toEqual(fault('not-found'));
      const { etag } = await store.put(`${prefix}pieces`, pieces(), digestsOf(body), NEW);
      const got = await collect(
        await store.get(`${prefix}pieces`, { offset: 0, length: body.length }, { ifMatch: etag }),
      );
      expect(got.equals(body)).toBe(true);
      // Refused before it is read; the next call goes as if nothing had been.
      await expect(store.put(`${prefix}pieces`, pieces(), digestsOf(body), NEW)).rejects.toEqual(fault('precondition'));
      expect((await store.head(`${prefix}pieces`)).etag).toBe(etag);
    });

    it('O1 reads exact ranges, and only of the object it was told', async () => {
      const body = randomBytes(300_000);
      const { etag } = await store.put(`${prefix}range`, body, digestsOf(body), NEW);
      for (const [offset, length] of [
        [0, 300_000],
        [0, 1],
        [299_999, 1],
        [1_000, 200_000],
        [5, 0],
      ] as const) {
        const got = await collect(await store.get(`${prefix}range`, { offset, length }, { ifMatch: etag }));
        expect(got.equals(body.subarray(offset, offset + length))).toBe(true);
      }
      const stale = { ifMatch: 'f'.repeat(32) };
      await expect(store.get(`${prefix}range`, { offset: 0, length: 5 }, stale).then(collect)).rejects.toEqual(
        fault('precondition'),
      );
      await expect(store.get(`${prefix}range`, { offset: 299_999, length: 5 }).then(collect)).rejects.toEqual(
        fault('integrity'),
      );
      await expect(store.get(`${prefix}none`, { offset: 0, length: 5 }).then(collect)).rejects.toEqual(
        fault('not-found'),
      );
    });

    it('O2 resumes a multipart upload from another process, with the ETag derived from its parts', {
      timeout: 180_000,
    }, async () => {
      const body = randomBytes(11 * MiB);
      const parts = [0, 1, 2].map((i) => body.subarray(i * 5 * MiB, (i + 1) * 5 * MiB));
      const key = `${prefix}big`;
      const { uploadId } = await store.createUpload(key);
      const send = (s: ObjectStore, i: number) =>
        s.putPart(key, uploadId, i + 1, parts[i] ?? body, digestsOf(parts[i] ?? body));
      await send(store, 0);
      const other = made.again();
      expect(await other.listParts(key, uploadId)).toEqual([
        { partNumber: 1, etag: Buffer.from(digestsOf(parts[0] ?? body).md5).toString('hex'), size: 5 * MiB },
      ]);
      await send(other, 1);
      await send(other, 2);
      const list = parts.map((p, i) => ({
        partNumber: i + 1,
        etag: Buffer.from(digestsOf(p).md5).toString('hex'),
        sha256: digestsOf(p).sha256,
      }));
      await other.completeUpload(key, uploadId, list, NEW);
      const etag = `${createHash('md5')
        .update(Buffer.concat(parts.map((p) => digestsOf(p).md5)))
        .digest('hex')}-3`;
      expect(await store.head(key)).toMatchObject({ size: body.length, etag });
      expect(
        (await collect(await store.get(key, { offset: 0, length: body.length }, { ifMatch: etag }))).equals(body),
      ).toBe(true);
      await expect(store.listParts(key, uploadId)).rejects.toEqual(fault('no-upload'));
      await other.abortUpload(key, uploadId);
      await other.close();
    });

    it('O2 a finished upload does not replace an object that came first', async () => {
      const key = `${prefix}first`;
      const body = Buffer.from('small');
      const { uploadId } = await store.createUpload(key);
      const { etag } = await store.putPart(key, uploadId, 1, body, digestsOf(body));
      const rival = Buffer.from('rival');
      await store.put(key, rival, digestsOf(rival), NEW);
      await expect(
        store.completeUpload(key, uploadId, [{ partNumber: 1, etag, sha256: digestsOf(body).sha256 }], NEW),
      ).rejects.toEqual(fault('precondition'));
      await store.abortUpload(key, uploadId);
      expect((await store.head(key)).size).toBe(5);
    });

    it('O2 knows nothing of an upload it never began', async () => {
      const unknown = Buffer.from('0123456789abcdef').toString('hex');
      const body = Buffer.from('x');
      await expect(store.putPart(`${prefix}x`, unknown, 1, body, digestsOf(body))).rejects.toEqual(fault('no-upload'));
      await store.abortUpload(`${prefix}x`, unknown);
    });

    it('O1 keeps keys as they are, lists them, and removes twice', async () => {
      const keys = ['a=1/date=2026-01-01/x.tmb', 'a=1/with space+plus', 'a=1/ümläut'].map((k) => `${prefix}${k}`);
      const body = Buffer.from('k');
      for (const key of keys) await store.put(key, body, digestsOf(body), NEW);
      const listed: string[] = [];
      for await (const { key, size } of store.list(`${prefix}a=1/`)) {
        expect(size).toBe(1);
        listed.push(key);
      }
      expect(listed.sort()).toEqual([...keys].sort());
      for (const key of keys) await store.remove(key);
      await store.remove(keys[0] ?? '');
      await expect(store.head(keys[0] ?? '')).rejects.toEqual(fault('not-found'));
      await expect(store.head('../secret')).rejects.toThrow();
    });

    it('O3 stops when it is told to', async () => {
      const signal = AbortSignal.abort();
      await expect(store.head(`${prefix}one`, { signal })).rejects.toEqual(fault('aborted'));
    });
  });
}
