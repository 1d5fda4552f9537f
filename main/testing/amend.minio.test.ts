import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, inject, it } from 'vitest';
import { DAY_US, SECOND_US } from '../../shared/units.ts';
import { minioToml, newBucket, ServedSite } from './served-site.ts';

const KEY = 'f.v{hub=a}';
const N = 2_000;
const minio = inject('minio');

/** Two quiet days go by between a stop and the next start: what waits in the journal came then. */
async function afterTwoDays(site: ServedSite): Promise<void> {
  await site.gateway.stop();
  const db = new Database(join(site.gateway.data, 'tidemark.db'));
  expect(db.prepare('update journal set received_us = received_us - ?').run(2 * DAY_US).changes).toBeGreaterThan(0);
  db.close();
  await site.start();
}

async function amended(site: ServedSite): Promise<unknown[]> {
  const { events } = (await (await site.call('/events')).json()) as { events: { code: string; detail: unknown }[] };
  return events.flatMap(({ code, detail }) => (code === 'TM-AMENDED' ? [detail] : []));
}

it('AM1 AM2 SZ6 M1 late, changed and doubled data for a day in the bucket: only what is new follows it there, and the bucket alone answers with what came last', async (t) => {
  const bucket = await newBucket(minio);
  const site = await ServedSite.start(minioToml({ ...minio, bucket }));
  t.onTestFinished(() => site.end());
  const day = site.firstDay;
  await site.fillDay('a', day, N);
  await site.tierNow();
  await site.settled(1);
  const first = [...(site.oracle.get(KEY) ?? [])];
  await site.send('a', [
    ...first.slice(0, 500),
    ...first.slice(600, 700).map(([at]): [number, number] => [at, -1]),
    ...first.slice(1_000, 1_200).map(([at]): [number, number] => [at + SECOND_US, 7]),
  ]);
  await site.expectWhole();
  await afterTwoDays(site);
  await site.tierNow();
  await site.settled(2);
  expect(await amended(site)).toEqual([{ kept: 300, dropped: 500 }]);
  expect((await site.status()).tiers.local.readings).toBe(0);
  await site.expectBucket(minio, bucket);
  await site.gateway.stop();
  rmSync(join(site.gateway.data, 'cache'), { recursive: true });
  await site.start();
  await site.expectWhole();
  const { sources } = await site.raw(KEY, day * DAY_US, (day + 1) * DAY_US);
  expect([...sources].filter((source) => !['cold', 'cache', 'none'].includes(source))).toEqual([]);
});
