import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { type CallKind, FaultProxy } from './fault-proxy.ts';
import { minioToml, newBucket, ServedSite } from './served-site.ts';

const minio = inject('minio');
const SMALL = 4_000;
const LARGE = 720_000;
/** DESIGN promises 10 s; a machine under load needs some of it. */
const STOP_MS = 10_000;

let proxy: FaultProxy;
let bucket: string;
let site: ServedSite;
let moved = 0;

beforeAll(async () => {
  proxy = await FaultProxy.start(minio.endpoint);
  bucket = await newBucket(minio);
  site = await ServedSite.start(minioToml({ ...minio, endpoint: proxy.endpoint, bucket }));
}, 180_000);
afterAll(async () => {
  await site?.end();
  await proxy?.offline();
});

async function due(n: number): Promise<void> {
  moved++;
  await site.fillDay(`d${moved}`, site.firstDay + moved, n);
}

const SIGNALS = ['SIGTERM', 'SIGKILL'] as const;

async function end(signal: (typeof SIGNALS)[number]): Promise<void> {
  if (signal === 'SIGKILL') {
    await site.gateway.kill();
    return;
  }
  const began = performance.now();
  expect(await site.gateway.stop()).toBe(0);
  expect(performance.now() - began).toBeLessThan(STOP_MS);
}

/** What was asked for before the end goes on by itself after the start. */
async function expectResumed(): Promise<void> {
  await site.start();
  await site.settled(moved);
  await site.expectBucket(minio, bucket);
}

/** Orders a call to be held until the function is called; `hit` resolves when it is. */
function hold(kind: CallKind): { hit: Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { hit: proxy.next(kind, { do: 'hold', until }), release };
}

describe.each(SIGNALS)('F3 T5 %s', (signal) => {
  it.each<[string, number, CallKind[]]>([
    ['a block of one PUT', SMALL, ['probe', 'owner', 'put', 'head', 'get']],
    ['a block of parts', LARGE, ['create', 'part', 'part', 'list-parts', 'complete', 'head', 'get', 'get']],
  ])(
    `F3 T5 ${signal} in the middle of each call for %s: it ends each time, and the next start goes on there`,
    {
      timeout: 120_000,
    },
    async (_, n, kinds) => {
      await due(n);
      await site.tierNow();
      const from = proxy.seen.length;
      for (const kind of kinds) {
        const held = hold(kind);
        await held.hit;
        await end(signal);
        held.release();
        await site.start();
      }
      await site.settled(moved);
      await site.expectBucket(minio, bucket);
      expect(proxy.calls('part', from).filter((c) => c.status === 200).length).toBeLessThanOrEqual(4);
    },
  );

  it.each(['cut', 'compact', 'rollup', 'plan'])(`F3 T5 ${signal} in or around the stage %s`, async (stage) => {
    await due(60_000);
    await site.tierNow();
    // Local stages are short; what is met is this one or one after it.
    await site.until(
      stage,
      ({ tiering: t }) => [stage, 'upload', 'verify', 'evict'].includes(t.stage ?? '') || !t.requested,
    );
    await end(signal);
    await expectResumed();
  });

  it(`F3 T5 ${signal} around the eviction`, async () => {
    for (const delayMs of [0, 3, 10]) {
      await due(SMALL);
      const held = hold('get');
      await site.tierNow();
      await held.hit;
      held.release();
      await sleep(delayMs);
      await end(signal);
      await expectResumed();
    }
  });
});

it('F3 SIGTERM while a query waits for the archive and a client is sending: it ends, and what was acknowledged is there', async () => {
  const held = hold('get');
  const day = site.firstDay + 1;
  const query = site.raw('f.v{hub=d1}', day * DAY_US, (day + 1) * DAY_US).catch(() => 'cut');
  await held.hit;
  let ended = false;
  const client = (async () => {
    for (let i = 0; !ended; i++) await site.send('late', [[day * DAY_US + i, i]]).catch(() => undefined);
  })();
  await sleep(200);
  await end('SIGTERM');
  ended = true;
  held.release();
  await Promise.all([query, client]);
  expect(site.oracle.get('f.v{hub=late}')!.size).toBeGreaterThan(0);
  await site.start();
});

it('F3 T5 after all of it, every reading ever acknowledged is answered once', { timeout: 120_000 }, () =>
  site.expectWhole(),
);
