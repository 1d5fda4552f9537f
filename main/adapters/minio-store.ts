import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { messageOf } from '../../shared/errors.ts';
import {
  type BodyDigests,
  type Call,
  type ObjectStore,
  ObjectStoreError,
  type StoredPart,
} from '../ports/object-store.ts';
import { checkKey } from './object-keys.ts';
import { looksLikeS3, type S3Options, S3Transport } from './s3-transport.ts';
import { xmlElements, xmlEscape, xmlText } from './s3-xml.ts';

type Condition = { ifNoneMatch: true } | { ifMatch: string };

function conditionHeaders(condition: Condition): Record<string, string> {
  return 'ifMatch' in condition ? { 'if-match': `"${condition.ifMatch}"` } : { 'if-none-match': '*' };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function bodyHeaders(d: BodyDigests): Record<string, string> {
  return {
    'content-length': String(d.length),
    'x-amz-checksum-sha256': base64(d.sha256),
  };
}

const unquote = (etag: string): string => etag.replace(/^"|"$/g, '');

function etagOf(value: string | undefined): string {
  const etag = unquote(value ?? '');
  if (etag === '')
    throw new ObjectStoreError('portal', 'the archive answered without an ETag; something else answers at its address');
  return etag;
}

const MOST_PARTS = 10_000;

function nonsense(name: string): ObjectStoreError {
  return new ObjectStoreError('server', `the archive answered with a ${name} that makes no sense`);
}

function numberOf(xml: string, name: string): number {
  const text = xmlText(xml, name) ?? '';
  if (!/^\d{1,15}$/.test(text)) throw nonsense(name);
  return Number(text);
}

const withSignal = (call: Call | undefined): { signal?: AbortSignal } =>
  call?.signal === undefined ? {} : { signal: call.signal };

/** The archive in a MinIO (or other S3) bucket. See reference notes in docs/OPERATIONS.md for the rights its keys need. */
export function createMinioStore(o: S3Options): ObjectStore {
  return neverOtherwise(openStore(o));
}

function openStore(o: S3Options): ObjectStore {
  const s3 = new S3Transport(o);
  return {
    id: `minio:${o.endpoint.replace(/\/$/, '')}/${o.bucket}`,
    minPartBytes: 5 * 1024 * 1024,

    async probe(call) {
      const { headers } = await s3.exchange({ method: 'GET', query: 'location', ...withSignal(call) }, [200]);
      const date = Date.parse(headers.date ?? '');
      return Number.isNaN(date) ? {} : { serverTimeUs: date * 1_000 };
    },

    async put(key, body, digests, condition, call) {
      checkKey(key);
      const headers = {
        ...bodyHeaders(digests),
        ...conditionHeaders(condition),
        'content-type': 'application/octet-stream',
      };
      const answer = await s3.exchange({ method: 'PUT', key, body, headers, ...withSignal(call) }, [200]);
      return { etag: etagOf(answer.headers.etag) };
    },

    async createUpload(key, call) {
      checkKey(key);
      const headers = { 'x-amz-checksum-algorithm': 'SHA256', 'content-type': 'application/octet-stream' };
      const { text } = await s3.exchange(
        { method: 'POST', key, query: 'uploads', headers, ...withSignal(call) },
        [200],
      );
      const uploadId = xmlText(text, 'UploadId');
      // It goes into addresses, for days: what could not is none.
      if (uploadId === undefined || !/^[\x21-\x7e]{1,1024}$/.test(uploadId))
        throw new ObjectStoreError('portal', 'the archive answered without an upload id');
      return { uploadId };
    },

    async putPart(key, uploadId, partNumber, body, digests, call) {
      const query = `partNumber=${partNumber}&uploadId=${encodeURIComponent(uploadId)}`;
      const headers = { ...bodyHeaders(digests), 'content-md5': base64(digests.md5) };
      const answer = await s3.exchange({ method: 'PUT', key, query, body, headers, ...withSignal(call) }, [200]);
      return { etag: etagOf(answer.headers.etag) };
    },

    async listParts(key, uploadId, call) {
      const parts: StoredPart[] = [];
      for (let marker = 0; ; ) {
        const query = `part-number-marker=${marker}&uploadId=${encodeURIComponent(uploadId)}`;
        const { text } = await s3.exchange({ method: 'GET', key, query, ...withSignal(call) }, [200]);
        for (const part of xmlElements(text, 'Part')) {
          parts.push({
            partNumber: numberOf(part, 'PartNumber'),
            etag: etagOf(xmlText(part, 'ETag')),
            size: numberOf(part, 'Size'),
          });
        }
        if (xmlText(text, 'IsTruncated') !== 'true') return parts;
        const next = numberOf(text, 'NextPartNumberMarker');
        if (next <= marker || next > MOST_PARTS) throw nonsense('NextPartNumberMarker');
        marker = next;
      }
    },

    async completeUpload(key, uploadId, parts, condition, call) {
      const list = parts.map(
        (p) =>
          `<Part><PartNumber>${p.partNumber}</PartNumber><ETag>${xmlEscape(`"${p.etag}"`)}</ETag><ChecksumSHA256>${base64(p.sha256)}</ChecksumSHA256></Part>`,
      );
      const body = Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`);
      const request = {
        method: 'POST' as const,
        key,
        query: `uploadId=${encodeURIComponent(uploadId)}`,
        body,
        sha256: createHash('sha256').update(body).digest('hex'),
      };
      const response = await s3.exchange(
        { ...request, headers: conditionHeaders(condition), ...withSignal(call) },
        [200],
      );
      const code = xmlText(response.text, 'Code');
      // S3 may answer 200 before it knows, and put the error into the body.
      if (code !== undefined)
        throw new ObjectStoreError(
          code === 'PreconditionFailed' ? 'precondition' : code === 'NoSuchUpload' ? 'no-upload' : 'server',
          `the archive answered ${code}`,
        );
      return { etag: etagOf(xmlText(response.text, 'ETag')) };
    },

    async abortUpload(key, uploadId, call) {
      await s3
        .exchange(
          { method: 'DELETE', key, query: `uploadId=${encodeURIComponent(uploadId)}`, ...withSignal(call) },
          [200, 204],
        )
        .catch((error: unknown) => {
          if (!(error instanceof ObjectStoreError && (error.fault === 'no-upload' || error.fault === 'not-found')))
            throw error;
        });
    },

    async head(key, call) {
      checkKey(key);
      const { headers } = await s3.exchange(
        { method: 'HEAD', key, headers: { 'x-amz-checksum-mode': 'ENABLED' }, ...withSignal(call) },
        [200],
      );
      const size = Number(headers['content-length']);
      if (!Number.isSafeInteger(size) || size < 0)
        throw new ObjectStoreError('portal', 'the archive answered without a length');
      const checksum = headers['x-amz-checksum-sha256'];
      return {
        size,
        etag: etagOf(headers.etag),
        ...(typeof checksum === 'string' ? { checksumSha256: checksum } : {}),
      };
    },

    async get(key, { offset, length }, call) {
      checkKey(key);
      if (length === 0) return nothing();
      const headers = {
        range: `bytes=${offset}-${offset + length - 1}`,
        ...(call?.ifMatch === undefined ? {} : { 'if-match': `"${call.ifMatch}"` }),
      };
      const response = await s3.send({ method: 'GET', key, headers, ...withSignal(call) });
      const whole =
        response.statusCode === 200 && offset === 0 && Number(response.headers['content-length']) === length;
      const part =
        response.statusCode === 206 &&
        (response.headers['content-range'] ?? '').startsWith(`bytes ${offset}-${offset + length - 1}/`);
      if (response.statusCode === 206 && !part) {
        response.destroy();
        throw new ObjectStoreError('integrity', 'the archive sent another range, or its object is shorter');
      }
      if ((whole || part) && looksLikeS3(response)) return counted(s3, response, length);
      if (response.statusCode === 200 && looksLikeS3(response)) {
        response.destroy();
        throw new ObjectStoreError('integrity', 'the archive ignored the range');
      }
      return s3.refuse(response);
    },

    async remove(key, call) {
      checkKey(key);
      await s3.exchange({ method: 'DELETE', key, ...withSignal(call) }, [200, 204]).catch((error: unknown) => {
        if (!(error instanceof ObjectStoreError && error.fault === 'not-found')) throw error;
      });
    },

    async *list(prefix, call) {
      for (let token: string | undefined; ; ) {
        const query = [
          'list-type=2',
          `prefix=${encodeURIComponent(prefix)}`,
          ...(token === undefined ? [] : [`continuation-token=${encodeURIComponent(token)}`]),
        ]
          .sort()
          .join('&');
        const { text } = await s3.exchange({ method: 'GET', query, ...withSignal(call) }, [200]);
        const entries = xmlElements(text, 'Contents');
        for (const entry of entries) yield { key: xmlText(entry, 'Key') ?? '', size: numberOf(entry, 'Size') };
        token = xmlText(text, 'NextContinuationToken');
        if (xmlText(text, 'IsTruncated') !== 'true' || token === undefined) return;
        if (entries.length === 0) throw nonsense('Contents');
      }
    },

    async close() {
      s3.close();
    },
  };
}

/** Whatever else an answer makes a method fail with, it rejects with an ObjectStoreError: a pass that ends by anything else would end silently. */
function neverOtherwise(store: ObjectStore): ObjectStore {
  const known = (error: unknown): ObjectStoreError =>
    error instanceof ObjectStoreError
      ? error
      : new ObjectStoreError('server', `the archive answered what cannot be understood: ${messageOf(error)}`, {
          cause: error,
        });
  const guarded =
    <A extends unknown[], R>(method: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        return await method(...args);
      } catch (error) {
        throw known(error);
      }
    };
  return {
    ...store,
    probe: guarded(store.probe),
    put: guarded(store.put),
    createUpload: guarded(store.createUpload),
    putPart: guarded(store.putPart),
    listParts: guarded(store.listParts),
    completeUpload: guarded(store.completeUpload),
    abortUpload: guarded(store.abortUpload),
    head: guarded(store.head),
    get: guarded(store.get),
    remove: guarded(store.remove),
    async *list(prefix, call) {
      try {
        yield* store.list(prefix, call);
      } catch (error) {
        throw known(error);
      }
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The body, checked for its length; a reader that stops early closes the connection. */
async function* counted(s3: S3Transport, response: IncomingMessage, length: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of response) {
      bytes += (piece as Buffer).length;
      yield piece as Buffer;
    }
  } catch (error) {
    throw s3.failure(error);
  } finally {
    if (bytes < length) response.destroy();
  }
  if (bytes !== length) throw new ObjectStoreError('integrity', `the archive sent ${bytes} bytes instead of ${length}`);
}
