import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorOf, gzipped, IngestSite, until } from '../../testing/ingest-site.ts';

let site: IngestSite;
beforeEach(async () => {
  site = await IngestSite.start();
});
afterEach(() => site.stop());

describe('bodies', () => {
  it('ING11 answers 413 with maxLength to a gzip bomb, after at most 32 MiB', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000), { level: 9 });
    const before = process.memoryUsage().arrayBuffers;
    const { status, code, body } = await errorOf(await site.post('/api/v2/write', bomb, gzipped));
    expect([status, code, body.maxLength]).toEqual([413, 'request too large', 33_554_432]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150_000_000);
  });

  it('ING11 answers 413 to an oversize body, announced or not, so that the client can read it', async () => {
    const large = new Uint8Array(33_554_433);
    expect((await errorOf(await site.post('/api/v2/write', large))).status).toBe(413);
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: new Blob([large]).stream(), duplex: 'half' };
    expect((await errorOf(await fetch(`${site.base}/api/v2/write`, init))).status).toBe(413);
    expect((await site.post('/api/v2/write', 'm a=1')).status).toBe(204);
  });

  it('ING11 answers 413 at once to a body announced as huge', async () => {
    const { status, headers } = await raw({ 'content-length': '10000000000' });
    expect([status, headers.connection]).toEqual([413, 'close']);
  });

  it('ING11 answers 413 with what to do to JSON beyond 8 MiB, packed too, and takes the same as protobuf', async () => {
    const json = { 'content-type': 'application/json' };
    const head = '{"series":[{"measurement":"m","field":"f","timestampUs":[1],"value":[1]}]';
    const body = (size: number) => new Uint8Array(Buffer.from(`${head}${' '.repeat(size - head.length - 1)}}`));
    expect((await site.post('/readings', body(8_388_608), json)).status).toBe(204);
    for (const [sent, headers] of [
      [body(8_388_609), json],
      [new Uint8Array(gzipSync(body(8_388_609))), { ...json, ...gzipped }],
    ] as const) {
      const { status, message, body: reply } = await errorOf(await site.post('/readings', sent, headers));
      expect([status, reply.maxLength]).toEqual([413, 8_388_608]);
      expect(message).toContain('send smaller batches, or protobuf up to 33554432 bytes');
    }
    const unknown = new Uint8Array(8_400_000).fill(0x18);
    expect((await site.post('/readings', unknown, { 'content-type': 'application/x-protobuf' })).status).toBe(204);
  });

  it('ING11 takes a body of exactly the limit', async () => {
    const body = new Uint8Array(33_554_432).fill(0x23);
    body.set(Buffer.from('m a=1 1000\n'));
    expect((await site.post('/api/v2/write', body)).status).toBe(204);
    expect(site.stored('m.a')).toEqual([[1, 1]]);
  });

  it('ING11 answers 400 to damaged and truncated gzip, and stores nothing of it', async () => {
    const body = gzipSync(Array.from({ length: 1000 }, (_, i) => `m a=${i} ${i}000`).join('\n'));
    expect((await errorOf(await site.post('/api/v2/write', body.subarray(0, body.length - 10), gzipped))).status).toBe(
      400,
    );
    expect((await errorOf(await site.post('/api/v2/write', 'm a=1', gzipped))).status).toBe(400);
    expect(site.server.stats().accepted).toBe(0);
  });

  it('ING11 answers 415 to another encoding and names what works', async () => {
    const response = await site.post('/api/v2/write', 'm a=1', { 'content-encoding': 'zstd' });
    expect(response.headers.get('accept-encoding')).toBe('gzip, identity');
    expect((await errorOf(response)).status).toBe(415);
  });

  it('ING11 stores nothing of a body that breaks off', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(site.port, '127.0.0.1', () => {
        socket.write('POST /write HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nm a=1 1000\n');
        setTimeout(() => socket.destroy(), 50);
      });
      socket.on('close', () => setTimeout(resolve, 50));
    });
    expect(site.server.stats().accepted).toBe(0);
    expect(site.logged).toEqual([]);
    expect((await site.post('/write', 'm a=1')).status).toBe(204);
  });
});

/** A request whose body is never sent, as a client that waits for the answer. */
function raw(
  headers: Record<string, string>,
  path = '/api/v2/write',
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: site.port, path, method: 'POST', headers }, (response) => {
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
    site.gate = { reason: 'the disk is nearly full', retryAfterS: 29.2 };
    const response = await site.post('/api/v2/write', 'm a=1');
    expect(response.headers.get('retry-after')).toBe('30');
    expect(await errorOf(response)).toMatchObject({
      status: 503,
      code: 'unavailable',
      message: 'the disk is nearly full',
    });
    expect((await raw({ 'content-length': '100' }, '/readings')).status).toBe(503);
    expect(site.server.stats()).toMatchObject({ gated: 2, accepted: 0 });
    expect((await fetch(`${site.base}/ping`)).status).toBe(204);
    site.gate = undefined;
    expect((await site.post('/api/v2/write', 'm a=1')).status).toBe(204);
  });

  it('ING12 answers 503 when the commit fails, keeps nothing, and says so once in the log', async () => {
    const works = site.commit;
    site.commit = () => Promise.reject(new Error('disk I/O error'));
    const response = await site.post('/write', 'm a=1');
    expect(response.headers.get('retry-after')).toBe('5');
    expect((await errorOf(response)).status).toBe(503);
    expect(site.logged).toHaveLength(1);
    site.commit = works;
    expect((await site.post('/write', 'm a=1')).status).toBe(204);
  });

  it('ING12 answers 503 when too many bodies wait, and takes on afterwards', async () => {
    let release: () => void = () => {};
    const works = site.commit;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let queued = 0;
    site.submitted = (bytes) => {
      queued += bytes;
    };
    site.commit = async (requests, t) => {
      await held;
      return works(requests, t);
    };
    const body = new Uint8Array(32 * 2 ** 20).fill(0x23);
    body.set(Buffer.from('m a=1\n'));
    const waiting = [site.post('/write', body), site.post('/write', body)];
    await until(() => queued === 2 * body.byteLength);
    const overflow = await site.post('/write', body.slice(0, 100));
    expect(overflow.status).toBe(503);
    expect(overflow.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    release();
    expect((await Promise.all(waiting)).map((r) => r.status)).toEqual([204, 204]);
    expect((await site.post('/write', 'm a=1')).status).toBe(204);
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
    await site.stop();
    site = await IngestSite.start({ tokens: ['secret1', 'secret2'] });
    const response = await site.post(path, path === '/readings' ? '{}' : 'm a=1', headers);
    expect(response.status).toBe(status);
    if (status === 401) expect(JSON.stringify(await errorOf(response))).not.toMatch(/secret|nope/);
    expect((await fetch(`${site.base}/health`)).status).toBe(200);
  });
});

describe('the rest', () => {
  it('ING18 lets idle connections and half-sent headers give way to new clients, and keeps a request under way', async () => {
    const open = (text: string) =>
      new Promise<Socket>((resolve) => {
        const socket = connect(site.port, '127.0.0.1', () => {
          socket.write(text);
          resolve(socket);
        });
        socket.on('error', () => {});
      });
    const sending = await open('POST /write HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nm a');
    await until(() => site.server.stats().requests === 1);
    const crowd = await Promise.all(Array.from({ length: 700 }, (_, i) => open(i % 2 === 0 ? '' : 'POST /write HTTP')));
    expect((await site.post('/write', 'm b=1 1000', { connection: 'close' })).status).toBe(204);
    const answer = new Promise((resolve) => sending.on('data', (data) => resolve(data.toString())));
    sending.write('=1');
    expect(await answer).toContain('204');
    for (const socket of [sending, ...crowd]) socket.destroy();
  });

  it('ING10 answers pings and health', async () => {
    const ping = await fetch(`${site.base}/ping`);
    expect([ping.status, ping.headers.get('x-influxdb-version')]).toEqual([204, '1.2.3']);
    expect((await fetch(`${site.base}/ping`, { method: 'HEAD' })).status).toBe(204);
    const health = await fetch(`${site.base}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'pass', name: 'tidemark' });
  });

  it('ING12 health fails with the reason while writes are refused, and passes again', async () => {
    site.gate = { reason: 'the disk is nearly full', retryAfterS: 29.5 };
    const health = await fetch(`${site.base}/health`);
    expect([health.status, health.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await health.json()).toMatchObject({ status: 'fail', name: 'tidemark', message: 'the disk is nearly full' });
    expect((await fetch(`${site.base}/ping`)).status).toBe(204);
    site.gate = undefined;
    expect(await (await fetch(`${site.base}/health`)).json()).toMatchObject({ status: 'pass' });
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
    expect((await errorOf(await fetch(site.base + path, { method }))).status).toBe(status);
  });

  it('ING11 answers what is no HTTP with 400 and closes', async () => {
    const text = await new Promise<string>((resolve) => {
      let seen = '';
      const socket = connect(site.port, '127.0.0.1', () => socket.write('m a=1\r\n\r\n'));
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
        site.post('/write?precision=u', `m,h=${i % 10} a=${i} ${i}`).then((r) => r.status),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([204]));
    expect(Array.from({ length: 10 }, (_, h) => site.stored(`m.a{h=${h}}`).length)).toEqual(Array(10).fill(20));
  });

  it('ING14 answers what is under way before it closes, and refuses what comes after', async () => {
    const works = site.commit;
    site.commit = async (requests, t) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return works(requests, t);
    };
    const underway = site.post('/write', 'm a=1 1000');
    await until(() => site.server.stats().requests === 1);
    await site.server.close(2_000);
    expect((await underway).status).toBe(204);
    expect(site.stored('m.a')).toEqual([[1, 1]]);
    await expect(site.post('/write', 'm a=1')).rejects.toThrow();
  });

  it('ING14 cuts a client that is still sending at the deadline', async () => {
    const socket = connect(site.port, '127.0.0.1', () => {
      socket.write('POST /write HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nm a=1');
    });
    socket.on('error', () => {});
    const cut = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    await site.server.close(300);
    await cut;
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('ING14 does not wait for idle connections when it closes', async () => {
    await (await site.post('/write', 'm a=1')).text();
    const started = performance.now();
    await site.server.close(5_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
