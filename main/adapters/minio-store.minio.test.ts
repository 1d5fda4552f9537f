import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'minio';
import { afterEach, expect, inject, it } from 'vitest';
import { collect, digestsOf, objectStoreSuite } from '../testing/object-store-suite.ts';
import { createMinioStore } from './minio-store.ts';

const { endpoint, accessKey, secretKey } = inject('minio');
const options = { endpoint, region: 'us-east-1', accessKey, secretKey, concurrency: 2 };

async function newBucket(): Promise<string> {
  const bucket = `t-${randomBytes(6).toString('hex')}`;
  const url = new URL(endpoint);
  await new Client({ endPoint: url.hostname, port: Number(url.port), useSSL: false, accessKey, secretKey }).makeBucket(
    bucket,
  );
  return bucket;
}

objectStoreSuite('MinIO', async () => {
  const bucket = await newBucket();
  const make = () => createMinioStore({ ...options, bucket });
  return { store: make(), again: make, cleanUp: async () => undefined };
});

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function fake(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('O5 names what is wrong: keys, bucket, address', async () => {
  const bucket = await newBucket();
  await expect(createMinioStore({ ...options, bucket, secretKey: 'wrong-secret' }).probe()).rejects.toMatchObject({
    fault: 'credentials',
  });
  await expect(createMinioStore({ ...options, bucket, accessKey: 'nobody' }).probe()).rejects.toMatchObject({
    fault: 'credentials',
  });
  await expect(createMinioStore({ ...options, bucket: 'no-such-bucket' }).probe()).rejects.toMatchObject({
    fault: 'no-bucket',
  });
  await expect(createMinioStore({ ...options, bucket, endpoint: 'http://127.0.0.1:1' }).probe()).rejects.toMatchObject({
    fault: 'offline',
  });
  const error: unknown = await createMinioStore({ ...options, bucket, secretKey: 'wrong-secret' })
    .probe()
    .catch((e: unknown) => e);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('wrong-secret');
  expect((await createMinioStore({ ...options, bucket }).probe()).serverTimeUs).toBeGreaterThan(1.7e15);
});

it('O5 a captive portal that answers 200 with a page is never taken for the archive', async () => {
  const portal = await fake((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>please log in</html>'),
  );
  const store = createMinioStore({ ...options, endpoint: portal, bucket: 'b-b' });
  const body = Buffer.from('x');
  for (const call of [
    () => store.probe(),
    () => store.put('k', body, digestsOf(body), { ifNoneMatch: true }),
    () => store.head('k'),
    () => store.createUpload('k'),
    () => store.completeUpload('k', 'u', [], { ifNoneMatch: true }),
    () => store.get('k', { offset: 0, length: 5 }).then(collect),
  ])
    await expect(call()).rejects.toMatchObject({ fault: 'portal' });
});

it('O5 keeps Retry-After, and a silent server fails within the idle deadline', async () => {
  const busy = await fake((_, response) =>
    response
      .writeHead(503, { 'retry-after': '7', 'x-amz-request-id': '1' })
      .end('<Error><Code>SlowDown</Code></Error>'),
  );
  await expect(createMinioStore({ ...options, endpoint: busy, bucket: 'b-b' }).probe()).rejects.toMatchObject({
    fault: 'throttled',
    retryAfterS: 7,
  });
  const silent = await fake(() => undefined);
  await expect(
    createMinioStore({ ...options, endpoint: silent, bucket: 'b-b', idleMs: 200 }).probe(),
  ).rejects.toMatchObject({ fault: 'offline' });
});

it('O5 an answer that ends early is offline or wrong, never short data', async () => {
  const cut = await fake((_, response) => {
    response
      .writeHead(206, { 'content-length': '100', 'content-range': 'bytes 0-99/100', 'x-amz-request-id': '1' })
      .write('only this');
    setTimeout(() => response.destroy(), 20);
  });
  await expect(
    createMinioStore({ ...options, endpoint: cut, bucket: 'b-b' })
      .get('k', { offset: 0, length: 100 })
      .then(collect),
  ).rejects.toMatchObject({ fault: 'offline' });
});
