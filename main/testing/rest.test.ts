import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restContract } from '../../shared/contract.ts';
import { eventSchema, queryRowsSchema, seriesSchema } from '../../shared/schemas.ts';
import { DAY_US } from '../../shared/units.ts';
import { type Answer, type Asked, ask as askAt, expectProblem } from './ask.ts';
import { ServedSite } from './served-site.ts';

let site: ServedSite;
let token: string;
/** The day that the tests write into. */
let day: number;

beforeAll(async () => {
  site = await ServedSite.start('[cold]\ndirectory = "archive"\n');
  token = site.gateway.token();
  day = site.firstDay * DAY_US;
});
afterAll(() => site.end());

const ask = async (path: string, o?: Asked): Promise<Answer> => {
  const answer = await askAt(site.started.ui, path, o);
  expect(answer.text).not.toContain(token);
  return answer;
};
const bearer = (extra: Record<string, string> = {}) => ({ authorization: `Bearer ${token}`, ...extra });

describe('A3 the OpenAPI document', () => {
  it('A3 lists every call with its method, and every reference in it resolves', async () => {
    const document = JSON.parse((await ask('/api/v1/openapi.json', { headers: bearer() })).text);
    expect(document).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./), info: { title: 'Tidemark' } });
    const listed = Object.entries<Record<string, { responses: object }>>(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => {
        expect(Object.keys(responses).some((status) => /^2\d\d$/.test(status))).toBe(true);
        return `${method.toUpperCase()} ${path}`;
      }),
    );
    const routes = Object.values(restContract).map(({ '~orpc': { route } }) => `${route.method} ${route.path}`);
    expect(listed.sort()).toEqual(routes.sort());
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!);
    for (const path of references)
      expect(
        path.split('/').reduce((at, step) => at?.[step], document),
        path,
      ).toBeDefined();
    const history = document.paths['/query'].get.responses['200'].content['application/json'].schema;
    expect(Object.keys(history.properties).sort()).toEqual(Object.keys(queryRowsSchema.shape).sort());
    const schemes = document.security.flatMap((entry: object) => Object.keys(entry));
    expect(Object.keys(document.components.securitySchemes)).toEqual(expect.arrayContaining(schemes));
  });
});

describe('A4 history', () => {
  const key = 'f.v{hub=odd}';
  const query = (o: Record<string, string>): Promise<Answer> =>
    ask(`/api/v1/query?${new URLSearchParams({ series: key, from: String(day), to: String(day + DAY_US), ...o })}`, {
      headers: bearer(),
    });
  beforeAll(() => site.send('odd', [[day, 1]]));

  it('A4 Q6 an unknown series is 404 and says where the known ones are', async () => {
    for (const series of ['nope.v', 'f.v', 'f.v{hub=', '{}', 'a\0b', 'ü'.repeat(1_000)])
      expectProblem(await query({ series }), 404, 'NOT_FOUND', /there is no series/);
    for (const series of ['', 'x'.repeat(9_000)])
      expectProblem(await query({ series }), 400, 'BAD_REQUEST', /^series: /);
  });

  it.each([
    ['reversed', { from: '2026-02-02', to: '2026-02-01' }, /not before/],
    ['empty', { from: '5', to: '5' }, /not before/],
    ['no time', { from: 'yesterday' }, /^from: "yesterday"/],
    ['no day', { to: '2026-02-30' }, /^to: /],
    ['64 bits', { to: '9223372036854775807' }, /^to: /],
    ['beyond the years', { from: '-99999999999999999' }, /^from: /],
    ['a float', { to: '1e18' }, /^to: /],
    ['not given', { from: '' }, /^from: /],
    ['a foreign cursor', { raw: '1', next: 'abc' }, /^next: /],
    ['a cursor of another range', { raw: '1', next: '5' }, /^next: /],
    ['raw=yes', { raw: 'yes' }, /^raw: /],
    ['points that are a word', { points: 'many' }, /^points: not a whole number$/],
    ['a parameter that there is not', { format: 'csv' }, /"format"/],
  ])('A4 Q6 a range that makes no sense is refused by name: %s', async (_, o, message) => {
    expectProblem(await query(o), 400, 'BAD_REQUEST', message);
  });

  it('A4 Q6 what is not given is said to be missing, with what to give', async () => {
    for (const [path, missing] of [
      ['/query?from=1&to=2', /^series: missing; name a series/],
      ['/query?series=a.b&to=2', /^from: missing; give RFC 3339/],
    ] as const)
      expectProblem(await ask(`/api/v1${path}`, { headers: bearer() }), 400, 'BAD_REQUEST', missing);
  });

  it.each(['0', '1000000000', '-1', '1.5', 'NaN', 'Infinity', '', 'many', '100001', '9'.repeat(400)])(
    'A4 Q6 points=%s is refused by name',
    async (points) => {
      expectProblem(await query({ points }), 400, 'BAD_REQUEST', /^points: /);
    },
  );

  it('A4 the widest range and the most points there may be are answered', async () => {
    const answer = await query({ from: '-9007199254740991', to: '9007199254740991', points: '100000' });
    expect(queryRowsSchema.parse(JSON.parse(answer.text)).points).toMatchObject([[expect.any(Number), 1, 1, 1, 1]]);
  });

  it('A4 numbers that JSON does not have are their names', async () => {
    const values = ['NaN', 'Infinity', '-Infinity'];
    const reply = await fetch(`${site.started.ingest}/readings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        hub: 'odd',
        series: [{ measurement: 'n', field: 'v', timestampUs: [day, day + 1, day + 2], value: values }],
      }),
    });
    expect(reply.status).toBe(204);
    const answer = await query({ series: 'n.v{hub=odd}', raw: '1' });
    expect(JSON.parse(answer.text).points.map(([, v]: unknown[]) => v)).toEqual(values);
    const bucket = JSON.parse((await query({ series: 'n.v{hub=odd}', points: '1' })).text).points[0];
    expect(bucket).toEqual([day, '-Infinity', 'Infinity', 'NaN', 3]);
  });

  it('A4 raw readings come in pages that join to what was written, whatever tier they are in', {
    timeout: 180_000,
  }, async () => {
    const rows = Array.from({ length: 250_000 }, (_, i): [number, number] => [day + i * 300_000, Math.sin(i) * i]);
    await site.send('pages', rows);
    await site.expectWhole();
    await site.tierNow();
    await site.settled(1);
    await site.expectWhole();
    const { sources } = await site.raw('f.v{hub=pages}', day, day + DAY_US);
    expect([...sources].filter((s) => s === 'head' || s === 'local')).toEqual([]);
  });
});

describe('A5 lists', () => {
  const list = async (path: string): Promise<Record<string, unknown>> => {
    const answer = await ask(`/api/v1${path}`, { headers: bearer() });
    expect(answer.status).toBe(200);
    return JSON.parse(answer.text);
  };

  it('A5 series are paged in order, each once, and searched', async () => {
    const names = Array.from({ length: 25 }, (_, i) => `list.v{hub=h${String(i).padStart(2, '0')}}`);
    expect(
      (await site.write(names.map((_, i) => `list,hub=h${String(i).padStart(2, '0')} v=${i} ${day}`).join('\n')))
        .status,
    ).toBe(204);
    const keys: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const o: Record<string, string> = { limit: '7', search: 'list.v', ...(next === '' ? {} : { after: next }) };
      const page = await list(`/series?${new URLSearchParams(o)}`);
      keys.push(...(page.series as unknown[]).map((s) => seriesSchema.parse(s).key));
      expect(page.total).toBe(25);
      next = page.next as string | null;
    }
    expect(keys).toEqual(names);
    expect(await list('/series?search=%25_')).toMatchObject({ series: [], total: 0, next: null });
  });

  it('A5 events are paged, newest first, each once', async () => {
    for (let i = 0; i < 3; i++) {
      await site.call('/pause', { method: 'POST' });
      await site.call('/resume', { method: 'POST' });
    }
    const ids: number[] = [];
    for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
      const page = await list(`/events?limit=2&before=${before}`);
      ids.push(...(page.events as unknown[]).map((e) => eventSchema.parse(e).id));
      before = page.next as number | null;
    }
    const all = (await list('/events?limit=1000')).events as { id: number }[];
    expect(ids).toEqual(all.map((e) => e.id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    expect((await list('/events?level=error')).events).toEqual([]);
  });

  it.each([
    '/series?limit=0',
    '/series?limit=1e9',
    '/events?limit=-1',
    '/events?before=x',
    '/events?level=loud',
    '/blocks?day=2026-13-01',
    '/blocks?state=lost',
    '/blocks?attention=yes',
    '/blocks?limit=x',
  ])('A5 %s is refused by name', async (path) => {
    const name = /\?(\w+)=/.exec(path)![1]!;
    expectProblem(await ask(`/api/v1${path}`, { headers: bearer() }), 400, 'BAD_REQUEST', new RegExp(`^${name}: `));
  });
});

describe('A7 commands', () => {
  const post = (path: string, body?: string, type = 'application/json'): Promise<Answer> =>
    ask(`/api/v1${path}`, {
      method: 'POST',
      headers: bearer({ 'content-type': type }),
      ...(body === undefined ? {} : { body }),
    });

  it('A7 pause, resume and tier now say what they did, also without a body', async () => {
    const before = Date.now() * 1_000;
    const { paused_until_us } = JSON.parse((await post('/pause', '{"for_s":60}')).text);
    expect(paused_until_us - before).toBeGreaterThanOrEqual(60_000_000);
    expect((await site.status()).tiering.paused_until_us).toBe(paused_until_us);
    expect(JSON.parse((await post('/pause')).text)).toEqual({ paused_until_us: 0 });
    expect(JSON.parse((await post('/resume', '')).text)).toEqual({ paused: false });
    expect((await site.status()).tiering.paused_until_us).toBe(null);
    const answer = await post('/tier-now');
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.text)).toMatchObject({ accepted: true, preview: { readings: expect.any(Number) } });
  });

  it.each([
    ['a word', '{"for_s":"4h"}', /^for_s: /],
    ['0 s', '{"for_s":0}', /^for_s: /],
    ['for ever', '{"for_s":1e12}', /^for_s: /],
    ['half a second', '{"for_s":0.5}', /^for_s: /],
    ['another name', '{"for":60}', /for/],
    ['a list', '[60]', /input/],
    ['no JSON', '{for_s:60}', /not valid JSON/],
  ])('A7 a pause of %s is refused and does not pause', async (_, body, message) => {
    expectProblem(await post('/pause', body), 400, 'BAD_REQUEST', message);
    expect((await site.status()).tiering.paused_until_us).toBe(null);
  });

  it('A7 a body that is no JSON or too large is refused and does nothing', async () => {
    expectProblem(await post('/pause', 'for_s=60', 'application/x-www-form-urlencoded'), 415, 'BAD_REQUEST', /as JSON/);
    expect((await post('/pause', `{"for_s":60,"x":"${'x'.repeat(2_000_000)}"}`)).status).toBe(413);
    expect((await site.status()).tiering.paused_until_us).toBe(null);
  });

  it('A7 an unknown block or call is 404 and says where the known ones are', async () => {
    expectProblem(await post('/blocks/nope/retry'), 404, 'NOT_FOUND', /no block nope/);
    expectProblem(await post('/blocks/..%2F..%2Fstatus/retry'), 404, 'NOT_FOUND', /./);
    expectProblem(await post('/nope'), 404, 'NOT_FOUND', /openapi\.json/);
    expectProblem(
      await ask('/api/v1/status', { method: 'DELETE', headers: bearer() }),
      404,
      'NOT_FOUND',
      /openapi\.json/,
    );
    expectProblem(await ask('/api/v1/tier-now', { headers: bearer() }), 404, 'NOT_FOUND', /openapi\.json/);
    expectProblem(await ask('/nope'), 404, 'NOT_FOUND', /nothing/);
    expect((await ask('/%zz')).status).toBe(400);
  });
});
