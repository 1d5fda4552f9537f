import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { createMinioStore } from '../adapters/minio-store.ts';
import { type CallKind, type Fault, FaultProxy } from './fault-proxy.ts';
import { type MinioServer, startMinio } from './minio-server.ts';
import { expectSame, minioClient, minioToml, newBucket, ServedSite } from './served-site.ts';
import { Site } from './site.ts';

const PORTAL: Fault = {
  do: 'answer',
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html><form action="/login">Please log in</form></html>',
};
const SLOW_DOWN: Fault = {
  do: 'answer',
  status: 503,
  headers: { 'content-type': 'application/xml', 'x-amz-request-id': '1', 'retry-after': '1' },
  body: '<Error><Code>SlowDown</Code></Error>',
};
/** Readings of a day that are one PUT, and that are two parts. */
const SMALL = 8_000;
const LARGE = 720_000;

let minio: MinioServer;
let proxy: FaultProxy;
let bucket: string;
let site: ServedSite;
/** Days moved so far, one block each. */
let moved = 0;

beforeAll(async () => {
  minio = await startMinio();
  proxy = await FaultProxy.start(minio.endpoint);
  bucket = await newBucket(minio);
  site = await ServedSite.start(minioToml({ ...minio, endpoint: proxy.endpoint, bucket }));
}, 120_000);
afterAll(async () => {
  await site?.end();
  await proxy?.offline();
  await minio?.close();
});

const dayKey = (): string => `f.v{hub=d${moved}}`;
const dayStart = (): number => (site.firstDay + moved) * DAY_US;

/** One more day that is due, under a series of its own. */
async function due(n = SMALL): Promise<number> {
  moved++;
  await site.fillDay(`d${moved}`, site.firstDay + moved, n);
  return proxy.seen.length;
}

/** It went by itself, the bucket holds what was planned and nothing else, and every reading is answered from there. */
async function expectHealed(): Promise<void> {
  await site.settled(moved);
  await site.expectBucket(minio, bucket);
  const { points, sources } = await site.raw(dayKey(), dayStart(), dayStart() + DAY_US);
  expectSame(points, [...(site.oracle.get(dayKey()) ?? [])]);
  expect([...sources].filter((s) => !['cold', 'cache', 'none'].includes(s))).toEqual([]);
}

/** What the block of the day that is under way has gone through; a fault of the link is never counted as its own. */
async function blamed(): Promise<string[]> {
  const { events } = (await (await site.call('/events?limit=1000')).json()) as { events: { code: string }[] };
  return events.map((e) => e.code).filter((code) => ['TM-BLOCK-RETRY', 'TM-QUARANTINE', 'TM-OWNER'].includes(code));
}

describe('F1 T4 one call fails', () => {
  it.each<[string, CallKind, Fault, { puts: number }]>([
    ['the PUT never arrives', 'put', { do: 'reset' }, { puts: 2 }],
    ['the PUT breaks off in its middle', 'put', { do: 'cut-request', after: 20_000 }, { puts: 2 }],
    ['the PUT arrives, its acknowledgement is lost', 'put', { do: 'lose-answer' }, { puts: 1 }],
    ['a login page answers the PUT', 'put', PORTAL, { puts: 2 }],
    ['the archive asks to slow down', 'put', SLOW_DOWN, { puts: 2 }],
    ['the probe is lost', 'probe', { do: 'reset' }, { puts: 1 }],
    ['the probe meets a login page', 'probe', PORTAL, { puts: 1 }],
    ['the look at the owner mark is lost', 'owner', { do: 'lose-answer' }, { puts: 1 }],
    ['the HEAD is lost', 'head', { do: 'lose-answer' }, { puts: 1 }],
    ['a login page answers the HEAD', 'head', PORTAL, { puts: 1 }],
    ['the read-back never begins', 'get', { do: 'reset' }, { puts: 1 }],
    ['the read-back breaks off in its middle', 'get', { do: 'cut-answer', after: 20_000 }, { puts: 1 }],
    ['a login page answers the read-back', 'get', PORTAL, { puts: 1 }],
    ['the archive is too busy for the read-back', 'get', SLOW_DOWN, { puts: 1 }],
  ])('F1 T4 %s', async (_, kind, fault, { puts }) => {
    const from = await due();
    const hit = proxy.next(kind, fault);
    await site.tierNow();
    await hit;
    await expectHealed();
    expect(proxy.calls('put', from).map((c) => c.status === 200)).toHaveLength(puts);
    expect(await blamed()).toEqual([]);
  });
});

describe('F1 T4 a large block', () => {
  const parts = (from: number): (number | undefined)[] => proxy.calls('part', from).map((c) => c.part);

  it('F1 T4 a part is cut, another is acknowledged to nobody, the end breaks and breaks again: no byte too many is sent', async () => {
    const from = await due(LARGE);
    void proxy.next('part', { do: 'cut-request', after: 1_000_000 });
    void proxy.next('part', { do: 'hold', until: Promise.resolve() });
    void proxy.next('part', { do: 'lose-answer' });
    void proxy.next('complete', { do: 'reset' });
    void proxy.next('complete', PORTAL);
    const hit = proxy.next('complete', { do: 'lose-answer' });
    await site.tierNow();
    await hit;
    await expectHealed();
    expect(parts(from)).toEqual([1, 1, 2]);
    expect(proxy.calls('create', from)).toHaveLength(1);
    expect(await blamed()).toEqual([]);
  });

  it('F1 T4 MinIO stops between two parts and starts again: the first is not sent again', async () => {
    const from = await due(LARGE);
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = proxy.next('part', { do: 'hold', until: Promise.resolve() });
    const held = proxy.next('part', { do: 'hold', until });
    await site.tierNow();
    await first;
    await held;
    await minio.stop();
    release();
    const { sentence, queue } = await site.until('offline', (s) => s.link.state === 'offline');
    expect(sentence).toMatch(/^Offline since \d\d:\d\d\. 1 block waits \(.*goes by itself when the link returns\.$/);
    expect(queue.uploading).toBe(1);
    await minio.restart();
    await expectHealed();
    expect(parts(from)).toEqual([1, 2, 2]);
    const bytes = proxy.calls('part', from).filter((c) => c.part === 1);
    expect(bytes.map((c) => c.received)).toEqual([5 * 1024 * 1024]);
  });

  it('F1 T4 the archive forgot the upload: it begins again and ends as one object', async () => {
    const from = await due(LARGE);
    const hit = proxy.next('complete', { do: 'reset' });
    await void proxy.next('probe', { do: 'reset' });
    await site.tierNow();
    await hit;
    const key = proxy.calls('complete', from)[0]!.key;
    await minioClient(minio).removeIncompleteUpload(bucket, key);
    await expectHealed();
    expect(parts(from)).toEqual([1, 2, 1, 2]);
    expect(await blamed()).toEqual([]);
  });
});

describe('F1 the link is away', () => {
  it.each<[string, CallKind]>([
    ['while the block is sent', 'put'],
    ['while the block is looked at', 'head'],
    ['while the block is read back', 'get'],
  ])('F1 T1 the cable is pulled %s: local data stays until all is proven', async (_, kind) => {
    await due();
    const hit = proxy.next(kind, { do: 'hold', until: new Promise(() => undefined) });
    await site.tierNow();
    await hit;
    await proxy.offline();
    const away = await site.until('offline', (s) => s.state === 'offline');
    expect(away.sentence).toMatch(/^Offline since \d\d:\d\d\. 1 block waits \(.*Data stays on this gateway/);
    expect(away.link.last_error).toMatch(/no connection/);
    expect(away.tiers.local.readings).toBeGreaterThanOrEqual(SMALL);
    const { sources } = await site.raw(dayKey(), dayStart(), dayStart() + DAY_US);
    expect(sources).toContain('local');
    await proxy.online();
    await expectHealed();
  });

  it('F1 from the start: the gateway starts, takes in and answers; what waits goes when the link comes', async () => {
    await site.gateway.stop();
    await proxy.offline();
    await site.start();
    await due();
    await site.tierNow();
    const away = await site.until('offline', (s) => s.state === 'offline');
    expect(away).toMatchObject({ tiering: { requested: true }, queue: { uploading: 0, quarantined: 0 } });
    const { points } = await site.raw(dayKey(), dayStart(), dayStart() + DAY_US);
    expect(points).toHaveLength(SMALL);
    const cold = await site.raw('f.v{hub=d1}', (site.firstDay + 1) * DAY_US, (site.firstDay + 2) * DAY_US);
    expect(cold.points.length === 0 ? [...cold.sources] : ['cache']).toEqual([
      cold.points.length === 0 ? 'unreachable' : 'cache',
    ]);
    await proxy.online();
    await expectHealed();
  });

  it.each<[string, Fault, string, string, RegExp]>([
    ['a captive portal', PORTAL, 'portal', 'attention', /something other than the archive answers.*login page/],
    [
      'a proxy that redirects',
      { do: 'answer', status: 302, headers: { location: 'http://login.example/' } },
      'portal',
      'attention',
      /login page/,
    ],
    [
      'a proxy that is out of order',
      { do: 'answer', status: 502, body: 'Bad Gateway' },
      'offline',
      'offline',
      /^Offline/,
    ],
    ['a busy archive', SLOW_DOWN, 'slow', 'working', /1 block|Moving data/],
  ])(
    'F1 %s answers everything: Status says so, nothing is lost, history says what it lacks',
    async (_, fault, link, state, sentence) => {
      await due();
      const hit = proxy.next('any', fault, Number.POSITIVE_INFINITY);
      await site.tierNow();
      await hit;
      const status = await site.until(link, (s) => s.link.state === link);
      expect(status).toMatchObject({ state, sentence: expect.stringMatching(sentence), tiering: { requested: true } });
      expect((await site.raw(dayKey(), dayStart(), dayStart() + DAY_US)).points).toHaveLength(SMALL);
      if (link === 'portal') {
        await site.gateway.stop();
        await site.start();
        await site.until(link, (s) => s.link.state === link);
      }
      expect(await blamed()).toEqual([]);
      proxy.heal();
      await expectHealed();
    },
  );
});

describe('F1 Q8 a cold fetch', () => {
  it.each<[string, Fault]>([
    ['breaks off in its middle', { do: 'cut-answer', after: 5_000 }],
    ['never begins', { do: 'reset' }],
  ])('F1 Q8 %s: one lost connection does not spoil the answer', async (_, fault) => {
    await due();
    await site.tierNow();
    await site.settled(moved);
    const hit = proxy.next('get', fault);
    const { points } = await site.raw(dayKey(), dayStart(), dayStart() + DAY_US);
    await hit;
    expectSame(points, [...(site.oracle.get(dayKey()) ?? [])]);
  });

  it('F1 Q8 meets a login page: unreachable, never damaged, and whole again afterwards', async () => {
    await due();
    await site.tierNow();
    await site.settled(moved);
    void proxy.next('any', PORTAL, Number.POSITIVE_INFINITY);
    const { points, sources } = await site.raw(dayKey(), dayStart(), dayStart() + DAY_US);
    expect([points.length, [...sources].filter((s) => s !== 'none')]).toEqual([0, ['unreachable']]);
    proxy.heal();
    await expectHealed();
  });
});

it('F1 P11 one object that MinIO answers 500 for ever: the others go, it waits, and goes when MinIO takes it', async () => {
  const first = site.firstDay + moved + 1;
  const day = new Date(first * 86_400_000).toISOString().slice(0, 10);
  const fault: Fault = { ...SLOW_DOWN, status: 500, body: '<Error><Code>InternalError</Code></Error>' };
  const hit = proxy.next('put', fault, Number.POSITIVE_INFINITY, `date=${day}`);
  for (let i = 0; i < 3; i++) await due(100);
  await site.tierNow();
  await hit;
  await site.until('the others are moved', (s) => s.tiers.cold.blocks === moved - 1 && s.link.state === 'ok');
  expect((await site.blocks()).filter(({ state }) => state !== 'cold')).toMatchObject([{ day, state: 'uploading' }]);
  proxy.heal();
  await site.tierNow();
  await expectHealed();
});

it('F1 a connection that falls silent is given up within the idle deadline, and the block goes on later', async () => {
  const own = await newBucket(minio);
  const access = { ...minio, endpoint: proxy.endpoint, bucket: own, region: 'us-east-1' };
  const archive = createMinioStore({ ...access, concurrency: 2, idleMs: 300 });
  // The site's clock stands at a day of its own, which is none of this test's business.
  const short = new Site({ ...archive, probe: (call) => archive.probe(call).then(() => ({})) });
  short.fillDay(1);
  for (const kind of ['put', 'head', 'get'] as const) {
    void proxy.next(kind, { do: 'hold', until: new Promise(() => undefined) });
    const began = performance.now();
    await expect(short.tiering.runOnce('manual')).rejects.toMatchObject({ fault: 'offline' });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(short.states()).not.toContain('cold');
  }
  await short.tiering.runOnce('manual');
  expect(short.states()).toEqual(['cold']);
  await short.expectWhole();
  await archive.close();
  short.end();
});

it('F1 T5 after all of it, every reading ever acknowledged is answered once', { timeout: 120_000 }, () =>
  site.expectWhole(),
);
