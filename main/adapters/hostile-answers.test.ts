import { createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import { collect, digestsOf } from '../testing/object-store-suite.ts';
import { createMinioStore } from './minio-store.ts';
import { xmlElements, xmlText } from './s3-xml.ts';

/** The bytes of the next answers; whatever is asked. */
let answer: Buffer;
let server: Server;
let store: ObjectStore;
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', () => socket.end(answer));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const keys = { region: 'us-east-1', accessKey: 'k', secretKey: 's', concurrency: 4, idleMs: 1_000 };
  store = createMinioStore({ endpoint: `http://127.0.0.1:${port}`, bucket: 'bucket', ...keys });
});
afterAll(async () => {
  await store.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const body = Buffer.from('body');
const NEW = { ifNoneMatch: true } as const;
const UPLOAD = 'some-upload';
const ASKED: Record<string, () => Promise<unknown>> = {
  probe: () => store.probe(),
  put: () => store.put('k', body, digestsOf(body), NEW),
  createUpload: () => store.createUpload('k'),
  putPart: () => store.putPart('k', UPLOAD, 1, body, digestsOf(body)),
  listParts: () => store.listParts('k', UPLOAD),
  completeUpload: () => store.completeUpload('k', UPLOAD, [{ partNumber: 1, etag: 'e', ...digestsOf(body) }], NEW),
  abortUpload: () => store.abortUpload('k', UPLOAD),
  head: () => store.head('k'),
  get: async () => collect(await store.get('k', { offset: 0, length: 4 })),
  remove: () => store.remove('k'),
  list: async () => {
    for await (const _ of store.list(''));
  },
};

/** What the port promises of a value that came. */
function expectSound(method: string, value: unknown): void {
  if (method === 'createUpload')
    expect(() => encodeURIComponent((value as { uploadId: string }).uploadId)).not.toThrow();
  if (method === 'head') expect((value as { size: number }).size).toBeGreaterThanOrEqual(0);
  if (method === 'listParts')
    for (const { partNumber, size } of value as { partNumber: number; size: number }[])
      expect([Number.isSafeInteger(partNumber), Number.isSafeInteger(size)]).toEqual([true, true]);
  if (method === 'get') expect((value as Buffer).length).toBe(4);
}

/** Three times the time that a silent archive is given. */
function late(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('the call does not end')), 3_000).unref());
}

async function ask(method: string, bytes: Buffer): Promise<unknown> {
  answer = bytes;
  try {
    const value = await Promise.race([ASKED[method]!(), late()]);
    expectSound(method, value);
    return value;
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    if (error.retryAfterS !== undefined) expect(error.retryAfterS).toSatisfy((s: number) => s >= 0 && s <= 600);
    return error;
  }
}

const http = (
  status: string,
  headers: Record<string, string>,
  text: string,
  length = Buffer.byteLength(text),
): Buffer =>
  Buffer.from(
    `HTTP/1.1 ${status}\r\n${Object.entries({ 'content-length': String(length), connection: 'close', ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${text}`,
    'latin1',
  );

const odd = fc.constantFrom(
  '',
  '-1',
  '0',
  '1',
  '4',
  '10001',
  '1e300',
  'NaN',
  '9'.repeat(400),
  '"',
  '""',
  '&#x110000;',
  '&#xD800;',
  '&#99999999999;',
  '&;',
  '<',
  '\x00',
  '\x7f',
  'true',
  'false',
  '%',
  'x y',
  'ÿ',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'bytes 0-3/4',
  'bytes 0-9/10',
  'NoSuchUpload',
  'toString',
  '__proto__',
);
const name = fc.constantFrom(
  'UploadId',
  'Part',
  'PartNumber',
  'ETag',
  'Size',
  'IsTruncated',
  'NextPartNumberMarker',
  'Code',
  'Contents',
  'Key',
  'NextContinuationToken',
  'Error',
);
const xml: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    odd,
    fc.tuple(name, fc.array(tie('node'), { maxLength: 4 })).map(([tag, inner]) => `<${tag}>${inner.join('')}</${tag}>`),
    name.map((tag) => `<${tag}>`),
  ),
})).node;
const headers = fc.dictionary(
  fc.constantFrom(
    'x-amz-request-id',
    'etag',
    'date',
    'retry-after',
    'content-range',
    'x-amz-checksum-sha256',
    'content-length',
    'transfer-encoding',
    'location',
    'upgrade',
    'connection',
    'content-encoding',
  ),
  fc.oneof(odd, fc.constantFrom('chunked', 'gzip', 'upgrade', 'h2c', 'abc')).map((value) => value.replaceAll('\0', '')),
);
const status = fc.constantFrom(
  '200 OK',
  '200 OK',
  '200 OK',
  '204 No',
  '206 Part',
  '100 Go',
  '101 Switch',
  '301 M',
  '404 N',
  '412 P',
  '416 R',
  '429 S',
  '503 S',
  '600 ?',
  '999 ?',
  '99 x',
  'abc',
);

describe('O7 answers that no store gives', () => {
  it.each(Object.keys(ASKED))(
    'O7 %s ends with a sound value or a named fault, whatever comes',
    { timeout: 180_000 },
    async (method) => {
      await fc.assert(
        fc.asyncProperty(status, headers, xml, fc.boolean(), async (line, fields, text, s3) => {
          await ask(method, http(line, { ...(s3 ? { 'x-amz-request-id': 'r', etag: '"e"' } : {}), ...fields }, text));
        }),
        { numRuns: 150 },
      );
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          await ask(method, Buffer.from(bytes));
        }),
        { numRuns: 30 },
      );
    },
  );

  const s3 = { 'x-amz-request-id': 'r' };
  it('O7 an upload id that could not stand in an address is none', async () => {
    for (const id of ['&#x110000;&#xD800;', '&#xD800;', 'a b', ''])
      expect(await ask('createUpload', http('200 OK', s3, `<UploadId>${id}</UploadId>`))).toMatchObject({
        fault: 'portal',
      });
  });

  it('O7 a list of parts that never ends, and one that goes back, ends', async () => {
    for (const marker of ['0', '1', '10001', 'x']) {
      const text = `<Part><PartNumber>1</PartNumber><ETag>e</ETag><Size>1</Size></Part><IsTruncated>true</IsTruncated><NextPartNumberMarker>${marker}</NextPartNumberMarker>`;
      expect(await ask('listParts', http('200 OK', s3, text))).toMatchObject({ fault: 'server' });
    }
    const page = '<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>';
    expect(await ask('list', http('200 OK', s3, page))).toMatchObject({ fault: 'server' });
  });

  it.each(Object.keys(ASKED))('O7 %s of something that wants to speak another protocol ends', async (method) => {
    const upgrade = http('101 Switching Protocols', { connection: 'upgrade', upgrade: 'h2c' }, '');
    expect(await ask(method, upgrade)).toMatchObject({ fault: 'offline' });
  });

  it('O7 a wait that is asked for is at most ten minutes', async () => {
    const slow = http('503 S', { ...s3, 'retry-after': '1e300' }, '');
    expect(await ask('probe', slow)).toMatchObject({ fault: 'throttled', retryAfterS: 600 });
  });

  it('O7 the largest answer is read in no time, however it is nested', () => {
    const started = performance.now();
    for (const piece of ['<Part>', '<Part ', '<Part></Code>', '<Part><Part></Part>']) {
      const text = piece.repeat(4_000_000 / piece.length);
      xmlElements(text, 'Part');
      xmlText(text, 'Part');
    }
    expect(performance.now() - started).toBeLessThan(5_000);
    fc.assert(
      fc.property(fc.oneof(xml, fc.string({ unit: 'binary' })), name, (text, tag) => {
        for (const inner of xmlElements(text, tag)) expect(text).toContain(`>${inner}</${tag}>`);
        xmlText(text, tag);
      }),
    );
  });
});
