import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { tidemark } from '../codec/proto/sensor.js';
import { Store } from '../store/store.ts';
import { type CommitGroup, createGroupCommit, type GroupCommit } from './group-commit.ts';
import { createIngestServer, type Gate, type IngestServer, type IngestServerOptions } from './http.ts';
import { createIngestor } from './ingestor.ts';

let dir: string;
let store: Store;
let group: GroupCommit;
let server: IngestServer;
let base: string;
let port: number;
let gate: Gate | undefined;
let logged: string[];
/** Put between the server and the store: by default it commits at once. */
let commit: CommitGroup;
let submitted: (bytes: number) => void;

async function start(o: Partial<IngestServerOptions> = {}, maxSeries = 200_000): Promise<void> {
  dir = mkdtempSync(join(tmpdir(), 'tidemark-ingest-'));
  store = new Store({ path: join(dir, 'tidemark.db'), maxSeries, nowUs: clock.nowUs() });
  const ingestor = createIngestor(store);
  commit = async (requests, receivedUs) => ingestor.ingest(requests, receivedUs);
  group = createGroupCommit({ commit: (requests, t) => commit(requests, t), clock, lingerMs: 5 });
  submitted = () => {};
  const submit: GroupCommit['submit'] = (request) => {
    submitted(request.body.byteLength);
    return group.submit(request);
  };
  logged = [];
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (f: object, m: string) => void logged.push(`${m} ${JSON.stringify(f)}`),
  };
  gate = undefined;
  server = createIngestServer({
    submit,
    clock,
    log,
    version: '1.2.3',
    tokens: [],
    gate: () => gate,
    ...o,
  });
  ({ port } = await server.listen('127.0.0.1', 0));
  base = `http://127.0.0.1:${port}`;
}
async function stop(): Promise<void> {
  await server.close(2_000);
  await group.close();
  store.close();
  rmSync(dir, { recursive: true, force: true });
}
beforeEach(() => start());
afterEach(stop);

const post = (
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> => fetch(base + path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });
const gzipped = { 'content-encoding': 'gzip' };

/** All readings the store has of a series, as [t, v]. */
function stored(key: string): [number, number][] {
  const { runs, missing } = store.runs(key, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, new Map(), new Set());
  expect(missing).toEqual([]);
  return runs.flatMap(({ t, v }) => Array.from(t, (time, i): [number, number] => [time, v[i]!]));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function errorOf(
  response: Response,
): Promise<{ status: number; code: unknown; message: unknown; body: Record<string, unknown> }> {
  const body = (await response.json()) as Record<string, unknown>;
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(response.headers.get('x-influxdb-error')).not.toBe(null);
  return { status: response.status, code: body.code, message: body.message, body };
}

describe('writes', () => {
  it('ING10 answers 204 once line protocol is committed, on both paths', async () => {
    expect((await post('/api/v2/write?org=o&bucket=b', 'm,t=x a=1.5,b=2i 1700000000000000000\n')).status).toBe(204);
    expect((await post('/write?db=d&precision=ms', 'm,t=x a=2.5 1700000000001')).status).toBe(204);
    expect(stored('m.a{t=x}')).toEqual([
      [1_700_000_000_000_000, 1.5],
      [1_700_000_000_001_000, 2.5],
    ]);
    expect(server.stats()).toMatchObject({ requests: 2, accepted: 3, refused: 0 });
  });

  it.each([
    ['/api/v2/write?precision=us', 5],
    ['/api/v2/write?precision=ms', 5_000],
    ['/api/v2/write?precision=s', 5_000_000],
    ['/api/v2/write?precision=ns', 0],
    ['/api/v2/write?precision=fortnight', 0],
    ['/write?precision=n', 0],
    ['/write?precision=u', 5],
    ['/write?precision=m', 300_000_000],
    ['/write?precision=h', 18_000_000_000],
    ['/write?precision=s&precision=ms', 5_000],
  ])('ING10 reads timestamps of %s', async (path, t) => {
    expect((await post(path, 'm a=1 5')).status).toBe(204);
    expect(stored('m.a')).toEqual([[t, 1]]);
  });

  it('ING10 refuses an unknown v1 precision', async () => {
    const { status, code } = await errorOf(await post('/write?precision=fortnight', 'm a=1 5'));
    expect([status, code]).toEqual([400, 'invalid']);
    expect(server.stats().accepted).toBe(0);
  });

  it('ING10 takes an empty body, gzip, x-gzip, chunked bodies, and any or no Content-Type', async () => {
    expect((await post('/api/v2/write')).status).toBe(204);
    expect((await post('/api/v2/write', '', gzipped)).status).toBe(204);
    expect((await post('/api/v2/write', gzipSync('m a=1 1000'), gzipped)).status).toBe(204);
    expect((await post('/api/v2/write', gzipSync('m a=2 2000'), { 'content-encoding': 'X-GZip' })).status).toBe(204);
    for (const type of [
      'text/plain; charset=utf-8',
      'application/json',
      'no type at all',
      'application/x-www-form-urlencoded',
    ]) {
      expect((await post('/api/v2/write', 'm a=3 3000', { 'content-type': type })).status).toBe(204);
    }
    const chunked = new ReadableStream({
      start(c) {
        for (const part of ['m a', '=4 40', '00\n']) c.enqueue(Buffer.from(part));
        c.close();
      },
    });
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: chunked, duplex: 'half' };
    expect((await fetch(`${base}/api/v2/write`, init)).status).toBe(204);
    expect(stored('m.a').map(([, v]) => v)).toEqual([1, 2, 3, 4]);
  });

  it('ING3 commits the valid part of a body and answers 400 with places and the number refused', async () => {
    const { status, code, message, body } = await errorOf(
      await post('/api/v2/write', 'm a=1,s="x" 1000\nbad\nm a=2 2000'),
    );
    expect([status, code]).toEqual([400, 'invalid']);
    expect(message).toBe(
      'partial write: line 1, column 9: field "s" is a string: only numbers and booleans are stored; ' +
        'line 2, column 4: there are no fields: expected a space and field=value; dropped=2',
    );
    expect(body.error).toBe(undefined);
    expect(stored('m.a')).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(server.stats()).toMatchObject({ accepted: 2, refused: 2 });
  });

  it('ING10 tells v1 clients in their own words that sending again is useless', async () => {
    expect((await errorOf(await post('/write', 'm a=1 1\nbad'))).body.error).toMatch(/^partial write: .*dropped=1$/);
    expect((await errorOf(await post('/write', 'bad'))).body.error).toMatch(/^unable to parse: .*dropped=1$/);
  });

  it('ING10 shows the first ten refusals and counts all, in the body and as a safe header', async () => {
    const response = await post('/write', `ok v=1\n${'größe,\n'.repeat(500)}`);
    expect(response.headers.get('x-influxdb-error')).toMatch(/^[\x20-\x7e]{1,500}$/);
    const { message } = await errorOf(response);
    expect(message).toContain('; and 490 more; dropped=500');
  });

  it('ING4 takes 100,000 new series in one batch, and refuses those beyond max_series by name', async () => {
    await stop();
    await start({}, 100_000);
    const lines = Array.from({ length: 100_001 }, (_, i) => `hub,n=${i} v=${i} ${i}000`).join('\n');
    const { status, message } = await errorOf(await post('/api/v2/write', lines));
    expect(status).toBe(400);
    expect(message).toContain('line 100001, column 14: too many series: "hub.v{n=100000}" is new');
    expect(store.stats().series).toBe(100_000);
    expect(stored('hub.v{n=99999}')).toEqual([[99_999, 99_999]]);
  }, 60_000);
});

describe('readings', () => {
  const series = [
    {
      measurement: 'pump',
      field: 'temp',
      tags: { site: 'a' },
      unit: '°C',
      timestampUs: [1, 2],
      value: [1.5, Number.NaN],
    },
  ];

  it('ING8 takes SensorData as protobuf, gzip too, and as JSON', async () => {
    const body = new Uint8Array(tidemark.v1.SensorData.encode({ hub: 'h', series }).finish());
    expect((await post('/readings', body, { 'content-type': 'application/x-protobuf' })).status).toBe(204);
    expect(
      (await post('/readings', gzipSync(body), { 'content-type': 'application/protobuf', ...gzipped })).status,
    ).toBe(204);
    const json = JSON.stringify({ hub: 'h', series: [{ ...series[0], timestampUs: ['3'], value: [3] }] });
    expect((await post('/readings', json, { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(204);
    expect(stored('pump.temp{hub=h,site=a}').at(-1)).toEqual([3, 3]);
    expect(store.seriesByKey('pump.temp{hub=h,site=a}')?.unit).toBe('°C');
  });

  it('ING9 commits the valid series and answers 400 {code, message} naming the others', async () => {
    const json = JSON.stringify({
      series: [
        { measurement: 'm', field: 'f', timestampUs: [1], value: [1] },
        { measurement: 'm', field: 'g', timestampUs: [1] },
      ],
    });
    const { status, body } = await errorOf(await post('/readings', json, { 'content-type': 'application/json' }));
    expect(status).toBe(400);
    expect(body).toEqual({
      code: 'invalid',
      message: 'partial write: series 2: series "m.g": 1 timestamps but 0 values; dropped=1',
    });
    expect(stored('m.f')).toEqual([[1, 1]]);
  });

  it.each([undefined, 'text/plain', 'nonsense'])('ING10 answers 415 to the content type %s', async (type) => {
    const body = Buffer.from('{}');
    const response = await post('/readings', new Uint8Array(body), type === undefined ? {} : { 'content-type': type });
    expect((await errorOf(response)).status).toBe(415);
  });
});

describe('bodies', () => {
  it('ING11 answers 413 with maxLength to a gzip bomb, after at most 32 MiB', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000), { level: 9 });
    const before = process.memoryUsage().arrayBuffers;
    const { status, code, body } = await errorOf(await post('/api/v2/write', bomb, gzipped));
    expect([status, code, body.maxLength]).toEqual([413, 'request too large', 33_554_432]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150_000_000);
  });

  it('ING11 answers 413 to an oversize body, announced or not, so that the client can read it', async () => {
    const large = new Uint8Array(33_554_433);
    expect((await errorOf(await post('/api/v2/write', large))).status).toBe(413);
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: new Blob([large]).stream(), duplex: 'half' };
    expect((await errorOf(await fetch(`${base}/api/v2/write`, init))).status).toBe(413);
    expect((await post('/api/v2/write', 'm a=1')).status).toBe(204);
  });

  it('ING11 answers 413 at once to a body announced as huge', async () => {
    const { status, headers } = await raw({ 'content-length': '10000000000' });
    expect([status, headers.connection]).toEqual([413, 'close']);
  });

  it('ING11 takes a body of exactly the limit', async () => {
    const body = new Uint8Array(33_554_432).fill(0x23);
    body.set(Buffer.from('m a=1 1000\n'));
    expect((await post('/api/v2/write', body)).status).toBe(204);
    expect(stored('m.a')).toEqual([[1, 1]]);
  });

  it('ING11 answers 400 to damaged and truncated gzip, and stores nothing of it', async () => {
    const body = gzipSync(Array.from({ length: 1000 }, (_, i) => `m a=${i} ${i}000`).join('\n'));
    expect((await errorOf(await post('/api/v2/write', body.subarray(0, body.length - 10), gzipped))).status).toBe(400);
    expect((await errorOf(await post('/api/v2/write', 'm a=1', gzipped))).status).toBe(400);
    expect(server.stats().accepted).toBe(0);
  });

  it('ING11 answers 415 to another encoding and names what works', async () => {
    const response = await post('/api/v2/write', 'm a=1', { 'content-encoding': 'zstd' });
    expect(response.headers.get('accept-encoding')).toBe('gzip, identity');
    expect((await errorOf(response)).status).toBe(415);
  });

  it('ING11 stores nothing of a body that breaks off', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('POST /write HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nm a=1 1000\n');
        setTimeout(() => socket.destroy(), 50);
      });
      socket.on('close', () => setTimeout(resolve, 50));
    });
    expect(server.stats().accepted).toBe(0);
    expect((await post('/write', 'm a=1')).status).toBe(204);
  });
});

/** A request whose body is never sent, as a client that waits for the answer. */
function raw(
  headers: Record<string, string>,
  path = '/api/v2/write',
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
      response.on('end', () => request.destroy());
    });
    request.on('error', reject);
    request.flushHeaders();
  });
}

describe('refusals before the body', () => {
  it('ING12 answers 503 with whole seconds while the gate is closed, and counts them', async () => {
    gate = { reason: 'the disk is nearly full', retryAfterS: 29.2 };
    const response = await post('/api/v2/write', 'm a=1');
    expect(response.headers.get('retry-after')).toBe('30');
    expect(await errorOf(response)).toMatchObject({
      status: 503,
      code: 'unavailable',
      message: 'the disk is nearly full',
    });
    expect((await raw({ 'content-length': '100' }, '/readings')).status).toBe(503);
    expect(server.stats()).toMatchObject({ gated: 2, accepted: 0 });
    expect((await fetch(`${base}/ping`)).status).toBe(204);
    gate = undefined;
    expect((await post('/api/v2/write', 'm a=1')).status).toBe(204);
  });

  it('ING12 answers 503 when the commit fails, keeps nothing, and says so once in the log', async () => {
    const works = commit;
    commit = () => Promise.reject(new Error('disk I/O error'));
    const response = await post('/write', 'm a=1');
    expect(response.headers.get('retry-after')).toBe('5');
    expect((await errorOf(response)).status).toBe(503);
    expect(logged).toHaveLength(1);
    commit = works;
    expect((await post('/write', 'm a=1')).status).toBe(204);
  });

  it('ING12 answers 503 when too many bodies wait, and takes on afterwards', async () => {
    let release: () => void = () => {};
    const works = commit;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let queued = 0;
    submitted = (bytes) => {
      queued += bytes;
    };
    commit = async (requests, t) => {
      await held;
      return works(requests, t);
    };
    const body = new Uint8Array(32 * 2 ** 20).fill(0x23);
    body.set(Buffer.from('m a=1\n'));
    const waiting = [post('/write', body), post('/write', body)];
    await until(() => queued === 2 * body.byteLength);
    const overflow = await post('/write', body.slice(0, 100));
    expect(overflow.status).toBe(503);
    expect(overflow.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    release();
    expect((await Promise.all(waiting)).map((r) => r.status)).toEqual([204, 204]);
    expect((await post('/write', 'm a=1')).status).toBe(204);
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['no token', '/api/v2/write', {}, 401],
    ['a wrong token', '/api/v2/write', { authorization: 'Token nope' }, 401],
    ['a longer token', '/api/v2/write', { authorization: 'Token secret22' }, 401],
    ['Token', '/api/v2/write', { authorization: 'Token secret2' }, 204],
    ['Bearer', '/readings', { authorization: 'bearer secret1', 'content-type': 'application/json' }, 204],
    ['Basic with the token as password', '/write', { authorization: `Basic ${btoa('me:secret1')}` }, 204],
    ['p of a v1 query', '/write?u=me&p=secret2', {}, 204],
    ['a wrong p', '/write?u=me&p=x', {}, 401],
  ])('ING13 with tokens, a write with %s', async (_name, path, headers, status) => {
    await stop();
    await start({ tokens: ['secret1', 'secret2'] });
    const response = await post(path, path === '/readings' ? '{}' : 'm a=1', headers);
    expect(response.status).toBe(status);
    if (status === 401) expect(JSON.stringify(await errorOf(response))).not.toMatch(/secret|nope/);
    expect((await fetch(`${base}/health`)).status).toBe(200);
  });
});

describe('the rest', () => {
  it('ING10 answers pings and health', async () => {
    const ping = await fetch(`${base}/ping`);
    expect([ping.status, ping.headers.get('x-influxdb-version')]).toEqual([204, '1.2.3']);
    expect((await fetch(`${base}/ping`, { method: 'HEAD' })).status).toBe(204);
    const health = await fetch(`${base}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'pass', name: 'tidemark' });
  });

  it.each([
    ['GET', '/api/v2/write', 405],
    ['PUT', '/readings', 405],
    ['POST', '/ping', 405],
    ['POST', '/query', 404],
    ['GET', '/', 404],
    ['POST', '/api/v2/write/x', 404],
    ['POST', '/%zz', 400],
  ])('ING10 answers %s %s with a JSON error', async (method, path, status) => {
    expect((await errorOf(await fetch(base + path, { method }))).status).toBe(status);
  });

  it('ING11 answers what is no HTTP with 400 and closes', async () => {
    const text = await new Promise<string>((resolve) => {
      let seen = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('m a=1\r\n\r\n'));
      socket.on('data', (data) => {
        seen += data.toString();
      });
      socket.on('close', () => resolve(seen));
    });
    expect(text).toMatch(/^HTTP\/1.1 400 .*"code":"invalid"/s);
  });

  it('ING14 takes requests as fast as they come, and each is committed when it is answered', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        post('/write?precision=u', `m,h=${i % 10} a=${i} ${i}`).then((r) => r.status),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([204]));
    expect(Array.from({ length: 10 }, (_, h) => stored(`m.a{h=${h}}`).length)).toEqual(Array(10).fill(20));
  });

  it('ING14 answers what is under way before it closes, and refuses what comes after', async () => {
    const works = commit;
    commit = async (requests, t) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return works(requests, t);
    };
    const underway = post('/write', 'm a=1 1000');
    await until(() => server.stats().requests === 1);
    await server.close(2_000);
    expect((await underway).status).toBe(204);
    expect(stored('m.a')).toEqual([[1, 1]]);
    await expect(post('/write', 'm a=1')).rejects.toThrow();
  });

  it('ING14 cuts a client that is still sending at the deadline', async () => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST /write HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nm a=1');
    });
    socket.on('error', () => {});
    const cut = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    await server.close(300);
    await cut;
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('ING14 does not wait for idle connections when it closes', async () => {
    await (await post('/write', 'm a=1')).text();
    const started = performance.now();
    await server.close(5_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
