import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type Answer, type Asked, ask as askAt, expectProblem } from './ask.ts';
import { ServedSite } from './served-site.ts';

let site: ServedSite;
let host: string;
let token: string;

beforeAll(async () => {
  site = await ServedSite.start('[cold]\ndirectory = "archive"\n');
  host = new URL(site.started.ui).host;
  token = site.gateway.token();
});
afterAll(() => site.end());

const ask = async (path: string, o?: Asked): Promise<Answer> => {
  const answer = await askAt(site.started.ui, path, o);
  expect(answer.text).not.toContain(token);
  return answer;
};
const bearer = (extra: Record<string, string> = {}) => ({ authorization: `Bearer ${token}`, ...extra });
const own = () => ({ origin: `http://${host}` });

async function session(): Promise<string> {
  const answer = await ask('/session', {
    method: 'POST',
    headers: { ...own(), 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  expect(answer.status).toBe(204);
  return String(answer.headers['set-cookie']);
}

describe('A1 who may call', () => {
  it.each([
    ['no token', () => ({})],
    ['a wrong token', () => ({ authorization: 'Bearer nope' })],
    ['a token cut short', () => ({ authorization: `Bearer ${token.slice(0, -1)}` })],
    ['the token as Basic', () => ({ authorization: `Basic ${btoa(`x:${token}`)}` })],
    ['a made-up cookie', () => ({ cookie: `tidemark-${host.split(':')[1]}=x`, ...own() })],
  ])('A1 %s: 401 on every call', async (_, headers) => {
    const calls = ['status', 'series', 'blocks', 'events', 'openapi.json', 'query?series=a&from=0&to=1', 'nope'];
    for (const call of calls)
      expectProblem(await ask(`/api/v1/${call}`, { headers: headers() }), 401, 'UNAUTHORIZED', /api-token/);
    for (const call of ['tier-now', 'pause', 'resume', 'blocks/x/retry'])
      expectProblem(
        await ask(`/api/v1/${call}`, { method: 'POST', headers: headers() }),
        401,
        'UNAUTHORIZED',
        /api-token/,
      );
    expectProblem(await ask('/metrics', { headers: headers() }), 401, 'UNAUTHORIZED', /api-token/);
  });

  it('A1 a browser session opens the calls to its own page only', async () => {
    const cookie = (await session()).split(';')[0]!;
    expect((await ask('/api/v1/status', { headers: { cookie } })).status).toBe(200);
    expect((await ask('/api/v1/pause', { method: 'POST', headers: { cookie, ...own() } })).status).toBe(200);
    expect((await ask('/api/v1/resume', { method: 'POST', headers: { cookie, ...own() } })).status).toBe(200);
    const { hostname } = new URL(site.started.ui);
    for (const origin of [
      `http://${hostname}:1`,
      `http://${hostname}`,
      'http://evil.example',
      'null',
      `http://${host}.evil.example`,
    ]) {
      expect((await ask('/api/v1/status', { headers: { cookie, origin } })).status).toBe(401);
      expect((await ask('/api/v1/pause', { method: 'POST', headers: { cookie, origin } })).status).toBe(401);
    }
    expect((await ask('/api/v1/pause', { method: 'POST', headers: { cookie } })).status).toBe(401);
    expect((await ask('/api/v1/status', { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).status).toBe(401);
    expect((await site.status()).tiering.paused_until_us).toBe(null);
  });

  it('A1 health is open, metrics want the token', async () => {
    expect(JSON.parse((await ask('/healthz')).text)).toEqual({ status: 'ok' });
    expect(JSON.parse((await ask('/readyz')).text)).toEqual({ status: 'ready' });
    const { status, headers, text } = await ask('/metrics', { headers: bearer() });
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(text).toMatch(/^tidemark_link_up 1$/m);
    expect(text).toMatch(/^tidemark_tier_readings\{tier="head"\} \d+$/m);
    for (const line of text.split('\n').filter((l) => l !== ''))
      expect(line).toMatch(/^(#|tidemark_\w+(\{.*\})? -?[\d.e+]+$)/);
  });

  it.each(['/', '/healthz', '/api/v1/status', '/metrics', '/session'])(
    'S1 A1 another Host name is refused: %s',
    async (path) => {
      const answer = await ask(path, { headers: bearer({ host: 'rebound.example' }) });
      expectProblem(answer, 403, 'FORBIDDEN', /\[ui\] hosts/);
    },
  );
});

describe('A2 sessions', () => {
  it('A2 the token is traded for a cookie that scripts cannot read and other sites cannot send', async () => {
    const cookie = await session();
    expect(cookie).toMatch(new RegExp(`^tidemark-${host.split(':')[1]}=[\\w-]{20,}; `));
    for (const flag of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(flag);
    expect(cookie).not.toContain(token);
    expect((await ask('/session', { headers: { cookie: cookie.split(';')[0]! } })).status).toBe(204);
    expectProblem(await ask('/session'), 401, 'UNAUTHORIZED', /no session/);
  });

  it.each([
    ['a wrong token', '{"token":"nope"}', 'application/json', 401],
    ['an empty token', '{"token":""}', 'application/json', 401],
    ['no token', '{}', 'application/json', 401],
    ['a list', '[]', 'application/json', 401],
    ['no JSON', '{', 'application/json', 400],
    ['a form', 'token=nope', 'application/x-www-form-urlencoded', 415],
  ])('A2 %s opens nothing', async (_, body, type, status) => {
    const answer = await ask('/session', { method: 'POST', headers: { ...own(), 'content-type': type }, body });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([status, undefined]);
    expect(answer.text).not.toContain(token);
  });

  it('A2 another origin opens nothing, even with the token', async () => {
    for (const headers of [{ origin: 'http://evil.example' }, {}] as Record<string, string>[]) {
      const answer = await ask('/session', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
      expectProblem(answer, 403, 'FORBIDDEN', /Origin/);
    }
  });

  it('S2 A2 a WebSocket without a session closes with 4401, one of another origin does not open', async () => {
    const closed = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://${host}/rpc`, { headers });
        socket.on('close', resolve);
        socket.on('unexpected-response', (request, answer) => {
          resolve(answer.statusCode ?? 0);
          request.destroy();
        });
        socket.on('error', () => undefined);
      });
    const cookie = (await session()).split(';')[0]!;
    expect(await closed(own())).toBe(4401);
    expect(await closed({ ...own(), cookie: `${cookie}x` })).toBe(4401);
    expect(await closed({ origin: 'http://evil.example', cookie })).toBe(403);
    expect(await closed({ cookie })).toBe(403);
    const open = new WebSocket(`ws://${host}/rpc`, { headers: { ...own(), cookie } });
    await new Promise((resolve, reject) => {
      open.once('open', resolve);
      open.once('close', reject);
    });
    open.terminate();
  });
});

describe('A6 no upgrade ends the gateway', () => {
  const send = (target: string, reset: boolean): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(site.started.ui).port), '127.0.0.1', () => {
        socket.write(
          `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
        );
        if (reset) setImmediate(() => socket.resetAndDestroy());
      });
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.resume();
    });

  it('A6 whatever it asks for, and however it is cut off', async () => {
    const targets = ['//', '/rpc', '//[', '/rpc?x=%', 'http://[::bad/rpc', '*', '/..//rpc', '/%zz'];
    for (const target of targets) await send(target, false);
    await Promise.all(Array.from({ length: 200 }, () => send('/nope', true)));
    await Promise.all(Array.from({ length: 200 }, () => send('/rpc', true)));
    expect((await ask('/healthz')).status).toBe(200);
  });
});
