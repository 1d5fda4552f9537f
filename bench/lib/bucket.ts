import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'minio';
import { createMinioStore } from '../../main/adapters/minio-store.ts';
import type { S3Options } from '../../main/adapters/s3-transport.ts';
import type { ObjectStore } from '../../main/ports/object-store.ts';
import { startMinio } from '../../main/testing/minio-server.ts';

const BUCKET = 'bench';

/** A real MinIO in the given folder, with one empty bucket. */
export interface Bucket {
  /** What the gateway's configuration says about it. */
  toml: string;
  /** What a client of its own needs. */
  options: S3Options;
  store: ObjectStore;
  /** Removes all objects, and what MinIO keeps of removed ones until it has time for them (every five minutes). */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export async function startBucket(folder: string): Promise<Bucket> {
  const dataDir = join(folder, 'minio');
  const trash = join(dataDir, '.minio.sys', 'tmp', '.trash');
  const minio = await startMinio({ dataDir });
  const { endpoint, accessKey, secretKey } = minio;
  const { hostname, port } = new URL(endpoint);
  await new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey }).makeBucket(BUCKET);
  const options = { endpoint, bucket: BUCKET, region: 'us-east-1', accessKey, secretKey, concurrency: 2 };
  const store = createMinioStore(options);
  const access = { endpoint, bucket: BUCKET, access_key: accessKey, secret_key: secretKey };
  return {
    toml: `[minio]\n${Object.entries(access)
      .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
      .join('')}`,
    options,
    store,
    async empty() {
      for await (const { key } of store.list('')) await store.remove(key);
      for (const removed of readdirSync(trash)) rmSync(join(trash, removed), { recursive: true });
    },
    async close() {
      await store.close();
      await minio.close();
    },
  };
}
