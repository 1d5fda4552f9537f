import { createHash, randomBytes } from 'node:crypto';
import { type Body, type Call, type ObjectStore, ObjectStoreError, type StoreFault } from '../ports/object-store.ts';

export interface MemoryStore extends ObjectStore {
  objects: Map<string, { body: Buffer; etag: string; sha256: string }>;
  uploads: Map<string, Map<number, Buffer>>;
  /** Calls by method, for assertions. */
  calls: { method: string; key: string; bytes: number }[];
  /** Fails a call before it has any effect, or (`after`) although it had: a lost acknowledgement. */
  fail: ((method: string, key: string, n: number) => { fault: StoreFault; after?: boolean } | undefined) | undefined;
}

const md5 = (body: Uint8Array): Buffer => createHash('md5').update(body).digest();
const sha256 = (body: Uint8Array): Buffer => createHash('sha256').update(body).digest();

async function wholeOf(body: Body): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of body instanceof Uint8Array ? [body] : body) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

/** An object store in memory, faithful to the port. */
export function createMemoryStore(minPartBytes = 1_000): MemoryStore {
  const objects: MemoryStore['objects'] = new Map();
  const uploads: MemoryStore['uploads'] = new Map();

  async function call<T>(method: string, key: string, bytes: number, c: Call | undefined, work: () => T): Promise<T> {
    const n = store.calls.filter((x) => x.method === method).length;
    store.calls.push({ method, key, bytes });
    if (c?.signal?.aborted === true) throw new ObjectStoreError('aborted', 'stopped');
    const failure = store.fail?.(method, key, n);
    if (failure !== undefined && failure.after !== true)
      throw new ObjectStoreError(failure.fault, `${method} failed by the test`);
    const result = work();
    if (failure !== undefined)
      throw new ObjectStoreError(failure.fault, `${method} failed by the test after its effect`);
    return result;
  }
  const found = (key: string) => {
    const object = objects.get(key);
    if (object === undefined) throw new ObjectStoreError('not-found', 'there is no such object');
    return object;
  };
  const allow = (key: string, condition: { ifNoneMatch: true } | { ifMatch: string }): void => {
    const etag = objects.get(key)?.etag;
    if ('ifMatch' in condition ? etag !== condition.ifMatch : etag !== undefined)
      throw new ObjectStoreError('precondition', 'the condition does not hold');
  };
  const partsOf = (uploadId: string): Map<number, Buffer> => {
    const parts = uploads.get(uploadId);
    if (parts === undefined) throw new ObjectStoreError('no-upload', 'the upload is unknown');
    return parts;
  };

  const store: MemoryStore = {
    objects,
    uploads,
    calls: [],
    fail: undefined,
    id: 'memory:',
    minPartBytes,
    probe: (c) => call('probe', '', 0, c, () => ({})),
    put: async (key, pieces, d, condition, c) => {
      const body = await wholeOf(pieces);
      return call('put', key, body.length, c, () => {
        if (!sha256(body).equals(d.sha256)) throw new ObjectStoreError('integrity', 'wrong digest');
        allow(key, condition);
        const etag = md5(body).toString('hex');
        objects.set(key, { body, etag, sha256: sha256(body).toString('base64') });
        return { etag };
      });
    },
    createUpload: (key, c) =>
      call('createUpload', key, 0, c, () => {
        const uploadId = randomBytes(16).toString('hex');
        uploads.set(uploadId, new Map());
        return { uploadId };
      }),
    putPart: async (key, uploadId, partNumber, pieces, d, c) => {
      const body = await wholeOf(pieces);
      return call('putPart', key, body.length, c, () => {
        if (!md5(body).equals(d.md5) || !sha256(body).equals(d.sha256))
          throw new ObjectStoreError('integrity', 'wrong digest');
        partsOf(uploadId).set(partNumber, body);
        return { etag: md5(body).toString('hex') };
      });
    },
    listParts: (key, uploadId, c) =>
      call('listParts', key, 0, c, () =>
        [...partsOf(uploadId)]
          .sort(([a], [b]) => a - b)
          .map(([partNumber, body]) => ({ partNumber, etag: md5(body).toString('hex'), size: body.length })),
      ),
    completeUpload: (key, uploadId, parts, condition, c) =>
      call('completeUpload', key, 0, c, () => {
        const stored = partsOf(uploadId);
        const bodies = parts.map((p) => {
          const body = stored.get(p.partNumber);
          if (body === undefined || md5(body).toString('hex') !== p.etag)
            throw new ObjectStoreError('integrity', 'wrong part');
          return body;
        });
        allow(key, condition);
        const etag = `${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-${bodies.length}`;
        objects.set(key, {
          body: Buffer.concat(bodies),
          etag,
          sha256: `${sha256(Buffer.concat(bodies.map(sha256))).toString('base64')}-${bodies.length}`,
        });
        uploads.delete(uploadId);
        return { etag };
      }),
    abortUpload: (key, uploadId, c) => call('abortUpload', key, 0, c, () => void uploads.delete(uploadId)),
    head: (key, c) =>
      call('head', key, 0, c, () => ({
        size: found(key).body.length,
        etag: found(key).etag,
        checksumSha256: found(key).sha256,
      })),
    get: (key, { offset, length }, c) =>
      call('get', key, length, c, () => {
        const { body, etag } = found(key);
        if (c?.ifMatch !== undefined && c.ifMatch !== etag)
          throw new ObjectStoreError('precondition', 'the object has changed');
        if (offset + length > body.length) throw new ObjectStoreError('integrity', 'the object is shorter');
        return pieces(body.subarray(offset, offset + length));
      }),
    remove: (key, c) => call('remove', key, 0, c, () => void objects.delete(key)),
    async *list(prefix) {
      for (const [key, { body }] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1)))
        if (key.startsWith(prefix)) yield { key, size: body.length };
    },
    close: async () => undefined,
  };
  return store;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
}
