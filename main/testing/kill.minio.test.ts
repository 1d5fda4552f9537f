import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'minio';
import { afterEach, expect, inject, it } from 'vitest';
import { GatewayProcess, type Started } from './gateway-process.ts';

const { endpoint, accessKey, secretKey } = inject('minio');
const KILLS = 20;
const DAY_MS = 86_400_000;

let gateway: GatewayProcess | undefined;
afterEach(() => gateway?.remove());

/** A client as real ones are: it sends a batch again until it is acknowledged. */
async function send(address: () => string, body: string): Promise<void> {
  for (;;) {
    const reply = await fetch(`${address()}/api/v2/write?precision=s`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
    if (reply?.status === 204) return;
    await sleep(20);
  }
}

it('T5 killed with SIGKILL at 20 random moments of ingest and tiering, every acknowledged reading is there once', {
  timeout: 300_000,
}, async () => {
  const bucket = `kill-${randomBytes(4).toString('hex')}`;
  const url = new URL(endpoint);
  await new Client({ endPoint: url.hostname, port: Number(url.port), useSSL: false, accessKey, secretKey }).makeBucket(
    bucket,
  );
  gateway = new GatewayProcess(
    `[minio]\nendpoint = "${endpoint}"\nbucket = "${bucket}"\naccess_key = "${accessKey}"\nsecret_key = "${secretKey}"\n[tiering]\ninterval = "1s"\n`,
  );
  const site = gateway;
  let started: Started = await site.start();
  const firstDay = Math.floor(Date.now() / DAY_MS) - 60;
  const expected = new Map<number, number>();
  let ending = false;
  let batches = 0;
  const client = (async () => {
    for (let n = 0; !ending; n++) {
      // Days go by: each has some late and repeated readings of the one before.
      const day = firstDay + Math.floor(n / 40);
      const rows = Array.from({ length: 100 }, (_, i) => ({
        s: (day - (i % 10 === 0 ? 1 : 0)) * 86_400 + ((n * 100 + i * 7) % 86_400),
        v: n + i / 100,
      }));
      await send(() => started.ingest, rows.map(({ s, v }) => `k,hub=a v=${v} ${s}`).join('\n'));
      for (const { s, v } of rows) expected.set(s, v);
      batches++;
    }
  })();
  const presser = (async () => {
    while (!ending) {
      await fetch(`${started.ui}/api/v1/tier-now`, {
        method: 'POST',
        headers: { authorization: `Bearer ${site.token()}` },
      }).catch(() => undefined);
      await sleep(150);
    }
  })();
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(100 + Math.random() * 900);
    await site.kill();
    started = await site.start();
  }
  ending = true;
  await Promise.all([client, presser]);
  expect(site.cli('tier-now', '--wait')).toMatchObject({ status: 0 });
  const status = JSON.parse(site.cli('status', '--json').stdout);
  expect(status.tiers.cold.blocks).toBeGreaterThan(1);
  expect(batches).toBeGreaterThan(50);
  const { rows } = site.raw('k.v{hub=a}', new Date((firstDay - 2) * DAY_MS).toISOString(), new Date().toISOString());
  expect(rows.size).toBe(expected.size);
  for (const [s, v] of expected) expect(rows.get(new Date(s * 1_000).toISOString().replace('.000Z', 'Z'))).toBe(v);
});
