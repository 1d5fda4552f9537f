import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { ServedSite } from './served-site.ts';

const MAX_US = Number.MAX_SAFE_INTEGER;
let site: ServedSite;
let day: number;

beforeAll(async () => {
  site = await ServedSite.start('');
  day = site.firstDay * DAY_US;
});
afterAll(() => site.end());

type Body = string | Uint8Array<ArrayBuffer>;

const post = (path: string, body: Body, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(site.started.ingest + path, { method: 'POST', body, headers });
const gzip = { 'content-encoding': 'gzip' };
const packed = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(text));
const stored = async (measurement: string): Promise<[number, number][]> => {
  const reply = await site.call(`/series?search=${measurement}.v`);
  if (((await reply.json()) as { total: number }).total === 0) return [];
  return (await site.raw(`${measurement}.v`, day, day + DAY_US)).points;
};

describe('ING3 ING11 what a served gateway is sent', () => {
  it.each<[string, string, Body, Record<string, string>, number, RegExp]>([
    ['no-value', '/api/v2/write', 'M v=1 T\nM v= T1\nM v=2 T2', {}, 400, /line 2.*column|2:\d+/],
    ['no-field', '/api/v2/write', 'M v=1 T\nM\nM v=2 T2', {}, 400, /line 2/],
    ['late-time', '/api/v2/write', 'M v=1 T\nM v=9 99999999999999999999\nM v=2 T2', {}, 400, /line 2/],
    [
      'bad-utf8',
      '/api/v2/write',
      Buffer.concat([Buffer.from('M v=1 T\nM'), Buffer.from([0xff, 0xfe]), Buffer.from(' v=9 T1\nM v=2 T2')]),
      {},
      400,
      /line 2/,
    ],
  ])(
    'ING3 %s: the error names the line, the valid lines are committed',
    async (name, path, body, headers, status, message) => {
      const m = name.replaceAll('-', '');
      const fill = (text: string): string =>
        text
          .replaceAll('M', m)
          .replaceAll('T2', String(day + 2))
          .replaceAll('T1', String(day + 1))
          .replaceAll('T', String(day));
      const sent =
        typeof body === 'string' ? fill(body) : Buffer.from(fill(Buffer.from(body).toString('latin1')), 'latin1');
      const reply = await post(`${path}?precision=us`, new Uint8Array(Buffer.from(sent)), headers);
      expect(reply.status).toBe(status);
      expect(await reply.text()).toMatch(message);
      expect(await stored(m)).toEqual([
        [day, 1],
        [day + 2, 2],
      ]);
    },
  );

  it.each<[string, () => [string, Body, Record<string, string>], number]>([
    ['gzip cut short', () => ['/api/v2/write', packed(`cut v=1 ${day}\n`.repeat(100)).slice(0, 30), gzip], 400],
    ['what is no gzip', () => ['/api/v2/write', `cut v=1 ${day}`, gzip], 400],
    ['a gzip bomb', () => ['/api/v2/write', packed(`cut v=1 ${day}\n`.repeat(4_000_000)), gzip], 413],
    ['an oversize body', () => ['/api/v2/write', `cut v=1 ${day}\n`.repeat(2_000_000), {}], 413],
    ['an unknown encoding', () => ['/api/v2/write', 'cut v=1', { 'content-encoding': 'br' }], 415],
    ['readings of a wrong content type', () => ['/readings', '{}', { 'content-type': 'text/plain' }], 415],
    ['readings that are no JSON', () => ['/readings', '{"hub":', { 'content-type': 'application/json' }], 400],
    [
      'readings that are no protobuf',
      () => ['/readings', new Uint8Array([255, 255, 255]), { 'content-type': 'application/x-protobuf' }],
      400,
    ],
  ])('ING11 %s is refused, and nothing of it is stored', async (_, make, status) => {
    const reply = await post(...make());
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ code: expect.any(String), message: expect.stringMatching(/\w/) });
    expect(await stored('cut')).toEqual([]);
    expect((await fetch(`${site.started.ui}/readyz`)).status).toBe(200);
  });

  it('ING4 100,000 new series in one batch are stored, listed and there after a kill', {
    timeout: 180_000,
  }, async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `many,i=${i} v=${i} ${day}`);
    expect((await site.write(lines.join('\n'))).status).toBe(204);
    const count = async (): Promise<unknown> =>
      ((await (await site.call('/series?search=many.v&limit=1')).json()) as { total: number }).total;
    expect(await count()).toBe(100_000);
    await site.gateway.kill();
    await site.start();
    expect(await count()).toBe(100_000);
    expect((await site.raw('many.v{i=99999}', day, day + 1)).points).toEqual([[day, 99_999]]);
  });

  it('ING1 the earliest and the latest time there may be are stored, one beyond is refused', async () => {
    expect((await site.write(`edge v=1 ${-MAX_US}\nedge v=2 ${MAX_US - 1}`)).status).toBe(204);
    expect((await site.write(`edge v=3 ${-MAX_US - 1}`)).status).toBe(400);
    expect((await site.write(`edge v=3 ${MAX_US + 1}`)).status).toBe(400);
    expect((await site.raw('edge.v', -MAX_US, MAX_US)).points).toEqual([
      [-MAX_US, 1],
      [MAX_US - 1, 2],
    ]);
  });
});
