import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'minio';
import { expect } from 'vitest';
import { type Block, blockSchema, type QueryRows, type Status, statusSchema } from '../../shared/schemas.ts';
import { DAY_US } from '../../shared/units.ts';
import { tidemark } from '../codec/proto/sensor.js';
import { GatewayProcess, type Started } from './gateway-process.ts';
import type { MinioAccess } from './minio-server.ts';

const { SensorData } = tidemark.v1;
const BATCH = 100_000;

/** A client of the MinIO under test, past any proxy. */
export function minioClient({ endpoint, accessKey, secretKey }: MinioAccess): Client {
  const url = new URL(endpoint);
  return new Client({ endPoint: url.hostname, port: Number(url.port), useSSL: false, accessKey, secretKey });
}

export async function newBucket(access: MinioAccess): Promise<string> {
  const bucket = `t-${randomBytes(6).toString('hex')}`;
  await minioClient(access).makeBucket(bucket);
  return bucket;
}

export function minioToml(o: MinioAccess & { bucket: string }, tiering = ''): string {
  return `[minio]\nendpoint = "${o.endpoint}"\nbucket = "${o.bucket}"\naccess_key = "${o.accessKey}"\nsecret_key = "${o.secretKey}"\n[tiering]\n${tiering}\n`;
}

/** Readings equal to the last one and to the bit; quick for a million, of which it shows the first that differs. */
export function expectSame(points: readonly [number, number][], wanted: readonly [number, number][]): void {
  const differs = wanted.findIndex(([t, v], i) => points[i]?.[0] !== t || !Object.is(points[i]?.[1], v));
  expect([points.length, differs === -1 ? [] : points[differs]]).toEqual([
    wanted.length,
    differs === -1 ? [] : wanted[differs],
  ]);
}

/** A gateway process, and an oracle of everything it acknowledged. */
export class ServedSite {
  readonly gateway: GatewayProcess;
  /** Acknowledged readings by series key. */
  readonly oracle = new Map<string, Map<number, number>>();
  /** A UTC day old enough to be moved; tests count on from it. */
  readonly firstDay = Math.floor(Date.now() / 86_400_000) - 90;
  started: Started = { url: '', ui: '', ingest: '' };

  constructor(toml: string) {
    this.gateway = new GatewayProcess(toml);
  }

  static async start(toml: string): Promise<ServedSite> {
    const site = new ServedSite(toml);
    await site.start();
    return site;
  }

  async start(): Promise<void> {
    this.started = await this.gateway.start();
  }

  /** Calls REST; `path` starts behind /api/v1. */
  call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.gateway.token()}`, ...init.headers };
    return fetch(`${this.started.ui}/api/v1${path}`, { ...init, headers });
  }

  async status(): Promise<Status> {
    return statusSchema.parse(await (await this.call('/status')).json());
  }

  async blocks(): Promise<Block[]> {
    const { blocks } = (await (await this.call('/blocks')).json()) as { blocks: unknown[] };
    return blocks.map((block) => blockSchema.parse(block));
  }

  async tierNow(): Promise<void> {
    expect((await this.call('/tier-now', { method: 'POST' })).status).toBe(202);
  }

  /** Waits until the status is as wanted; ends with the last one seen when it does not come. */
  async until(what: string, wanted: (status: Status) => boolean, withinMs = 90_000): Promise<Status> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const status = await this.status();
      if (wanted(status)) return status;
      if (performance.now() > deadline) throw new Error(`never ${what}: ${JSON.stringify(status, undefined, 1)}`);
      await sleep(20);
    }
  }

  /** Everything that was due is in the archive, and the gateway says so. */
  async settled(blocks: number, withinMs?: number): Promise<Status> {
    const status = await this.until(
      `${blocks} cold blocks`,
      (s) => s.tiers.cold.blocks === blocks && !s.tiering.running && !s.tiering.requested && s.link.state === 'ok',
      withinMs,
    );
    expect(status).toMatchObject({ state: 'ok', link: { state: 'ok', last_error: null }, queue: { bytes: 0 } });
    expect((await this.blocks()).map((b) => b.state)).toEqual(Array(blocks).fill('cold'));
    return status;
  }

  write(body: string): Promise<Response> {
    return fetch(`${this.started.ingest}/api/v2/write?precision=us`, { method: 'POST', body });
  }

  #post(hub: string, rows: readonly (readonly [t: number, v: number])[]): Promise<Response> {
    const series = { measurement: 'f', field: 'v', timestampUs: rows.map(([t]) => t), value: rows.map(([, v]) => v) };
    const body = Buffer.from(SensorData.encode({ hub, series: [series] }).finish());
    const headers = { 'content-type': 'application/x-protobuf' };
    return fetch(`${this.started.ingest}/readings`, { method: 'POST', headers, body });
  }

  /** Offers readings of `f.v{hub=...}`; what is acknowledged is remembered. The answer when they are not. */
  async offer(hub: string, rows: readonly (readonly [t: number, v: number])[]): Promise<Response | undefined> {
    const known = this.oracle.get(`f.v{hub=${hub}}`) ?? new Map<number, number>();
    this.oracle.set(`f.v{hub=${hub}}`, known);
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      const reply = await this.#post(hub, batch);
      if (reply.status !== 204) return reply;
      for (const [t, v] of batch) known.set(t, v);
    }
    return undefined;
  }

  /** Stores readings, all of which must be acknowledged. */
  async send(hub: string, rows: readonly (readonly [t: number, v: number])[]): Promise<void> {
    const refused = await this.offer(hub, rows);
    expect(refused?.status).toBe(undefined);
  }

  /** Readings spread over a day; their values do not compress. */
  async fillDay(hub: string, day: number, n: number): Promise<void> {
    const step = Math.floor(DAY_US / n);
    const noise = (): number => (Math.random() - 0.5) * 2 ** Math.floor(Math.random() * 60);
    await this.send(
      hub,
      Array.from({ length: n }, (_, i): [number, number] => [day * DAY_US + i * step, noise()]),
    );
  }

  /** All readings of a series, page by page over REST. */
  async raw(key: string, from: number, to: number): Promise<{ points: [number, number][]; sources: Set<string> }> {
    const points: [number, number][] = [];
    const sources = new Set<string>();
    for (let next: string | null = String(from); next !== null; ) {
      const range = new URLSearchParams({ series: key, from: String(from), to: String(to), raw: '1', next });
      const reply = await this.call(`/query?${range}`);
      expect(reply.status).toBe(200);
      const page = (await reply.json()) as QueryRows;
      for (const [t, v] of page.points) points.push([Number(t), Number(v)]);
      for (const span of page.coverage) sources.add(span.source);
      next = page.next;
    }
    return { points, sources };
  }

  /** T5: every acknowledged reading is answered once, with its newest value, from whatever tiers. */
  async expectWhole(): Promise<void> {
    for (const [key, known] of this.oracle) {
      const { points } = await this.raw(key, 0, Date.now() * 1_000 + DAY_US);
      const wanted = [...known].sort(([a], [b]) => a - b);
      expectSame(points, wanted);
    }
  }

  /** The objects in the bucket are exactly those of the manifest, with the bytes that were planned; no upload is left over. */
  async expectBucket(access: MinioAccess, bucket: string): Promise<void> {
    const client = minioClient(access);
    const found = new Map<string, string>();
    for await (const { name } of client.listObjectsV2(bucket, '', true)) {
      if (String(name).endsWith('/owner')) continue;
      const hash = createHash('sha256');
      for await (const piece of await client.getObject(bucket, String(name))) hash.update(piece as Buffer);
      found.set(String(name), hash.digest('hex'));
    }
    const planned = (await this.blocks())
      .filter((b) => b.state === 'cold')
      .map((b): [string, string] => [b.key, b.sha256]);
    expect(found).toEqual(new Map(planned));
    const open: string[] = [];
    for await (const { key } of client.listIncompleteUploads(bucket, '', true)) open.push(String(key));
    expect(open).toEqual([]);
  }

  async end(): Promise<void> {
    await this.gateway.remove();
  }
}
