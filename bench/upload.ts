import { execFile } from 'node:child_process';
import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../main/adapters/system-clock.ts';
import { Store } from '../main/store/store.ts';
import { startWriter } from '../main/testing/writer-thread.ts';
import { AmendedDays } from '../main/tiering/amended.ts';
import type { Pass } from '../main/tiering/context.ts';
import { planAll } from '../main/tiering/pipeline.ts';
import { createPace, type Pace } from '../main/tiering/rate.ts';
import { pressureOf } from '../main/tiering/size-policy.ts';
import { Suspects } from '../main/tiering/suspects.ts';
import { uploadBlocks } from '../main/tiering/upload.ts';
import { UploadQueue } from '../main/tiering/upload-queue.ts';
import { type Bucket, startBucket } from './lib/bucket.ts';
import { compared, type Goal, type Measure } from './lib/measure.ts';
import { fillWithNoise } from './lib/noise.ts';
import { peerProgram } from './lib/peers.ts';
import { scratchFolder } from './lib/scratch.ts';

const ROUNDS = 3;
const MIB = 1 << 20;
const SIZE = { standard: 128 * MIB, full: 1_024 * MIB };
const BLOCK_BYTES = 32 * MIB;
const NO_PRESSURE = pressureOf({ usedBytes: 0, goingBytes: 0, walBytes: 0 }, 0, Number.MAX_SAFE_INTEGER);
/** The standard setting. */
const CONCURRENCY = 2;

/** rclone copies four files at a time by itself; one at a time it is as far as one connection goes. */
const BASELINES: readonly { baseline: string; options: string[]; goals: { bar?: Goal; aim?: Goal } }[] = [
  {
    baseline: 'rclone copy',
    options: [],
    goals: { bar: { of: 'ratio', op: '>=', limit: 0.8 }, aim: { of: 'ratio', op: '>=', limit: 1 } },
  },
  { baseline: 'rclone copy, one transfer at a time', options: ['--transfers', '1'], goals: {} },
];

/** Days that are ready to go, planned in blocks of 32 MiB and uploaded to a real MinIO, against rclone copying the same objects as files to the same server. */
export async function upload({ full }: { full: boolean }): Promise<Measure[]> {
  const rclone = peerProgram('rclone');
  if (rclone === undefined) throw new Error('there is no rclone to measure against');
  const scratch = scratchFolder();
  const bucket = await startBucket(scratch.folder);
  try {
    const database = join(scratch.folder, 'noise.db');
    const store = new Store({ path: database, maxSeries: 100, nowUs: 1 });
    fillWithNoise(store, full ? SIZE.full : SIZE.standard);
    store.close();
    const files = join(scratch.folder, 'files');
    const rounds = BASELINES.map((): { subject: number; baseline: number }[] => []);
    const pace = createPace();
    for (let round = 0; round <= ROUNDS; round++) {
      const ours = await uploadCopy(database, bucket, pace, round === 0 ? files : undefined);
      for (const [i, { options }] of BASELINES.entries()) {
        const theirs = await copyFiles({ rclone, files, bucket, options }, `rclone-${round}-${i}`);
        const mb = ours.bytes / 1e6;
        // The first round ran code that was not compiled yet, files that were not read yet, and over a link of which nothing was known.
        if (round > 0) rounds[i]?.push({ subject: mb / ours.seconds, baseline: mb / theirs });
      }
    }
    const name = `plan and upload of ${full ? '1 GiB' : '128 MiB'} in blocks of 32 MiB`;
    return BASELINES.map(({ baseline, goals }, i) =>
      compared({ name, unit: 'MB/s', baseline, ...goals }, rounds[i] ?? []),
    );
  } finally {
    await bucket.close();
    scratch.remove();
  }
}

/** A copy of the database as it was before, so that each round has the same to do. With `files`, its objects are also written there. */
async function uploadCopy(
  database: string,
  bucket: Bucket,
  pace: Pace,
  files: string | undefined,
): Promise<{ seconds: number; bytes: number }> {
  const path = `${database}.copy`;
  copyFileSync(database, path);
  // The disk is done with the copy before time counts, as it is with the files of the baseline.
  const copy = openSync(path, 'r+');
  fsyncSync(copy);
  closeSync(copy);
  const { api: writer, ended } = startWriter({ path, maxSeries: 100, nowUs: systemClock.nowUs() });
  await writer.startReport();
  const pass: Pass = {
    writer,
    archive: bucket.store,
    fetchFrames: async () => undefined,
    clock: systemClock,
    log: { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error },
    random: () => 0,
    maxAgeDays: 30,
    stuck: new Set(),
    amended: new AmendedDays(),
    suspects: new Suspects(),
    pressure: async () => NO_PRESSURE,
    settings: {
      maxAgeDays: 30,
      intervalMs: 3_600_000,
      concurrency: CONCURRENCY,
      targetBlockBytes: BLOCK_BYTES,
      verify: 'checksum',
      gatewayId: 'bench',
      prefix: '',
    },
    signal: new AbortController().signal,
    manual: true,
    attempt: async (_, work) => {
      await work();
    },
    sent: pace.add,
    pace: pace.read,
  };
  await bucket.empty();
  const start = performance.now();
  const queue = new UploadQueue(pass);
  const planning = planAll(pass, 'manual', () => queue.tell()).finally(() => queue.end());
  await Promise.all([planning, uploadBlocks(pass, queue.take(Number.POSITIVE_INFINITY))]);
  const seconds = (performance.now() - start) / 1e3;
  const blocks = await writer.blocks();
  if (blocks.length === 0 || blocks.some(({ state }) => state !== 'uploaded'))
    throw new Error(`not all of ${blocks.length} blocks were uploaded`);
  if (files !== undefined) {
    mkdirSync(files);
    for (const { id, bytes } of blocks) {
      const { memory } = await writer.fillFrom(id, 0, bytes, new Uint8Array(bytes));
      writeFileSync(join(files, id), memory, { flush: true });
    }
  }
  await writer.close();
  await ended;
  return { seconds, bytes: blocks.reduce((n, block) => n + block.bytes, 0) };
}

/** Seconds of `rclone copy` with its standard options, but for those given. */
async function copyFiles(
  { rclone, files, bucket, options }: { rclone: string; files: string; bucket: Bucket; options: readonly string[] },
  prefix: string,
): Promise<number> {
  const { options: o } = bucket;
  await bucket.empty();
  const start = performance.now();
  const to = `minio:${o.bucket}/${prefix}`;
  await promisify(execFile)(rclone, ['copy', ...options, '--config', '/dev/null', files, to], {
    env: {
      PATH: process.env.PATH,
      RCLONE_CONFIG_MINIO_TYPE: 's3',
      RCLONE_CONFIG_MINIO_PROVIDER: 'Minio',
      RCLONE_CONFIG_MINIO_ENDPOINT: o.endpoint,
      RCLONE_CONFIG_MINIO_ACCESS_KEY_ID: o.accessKey,
      RCLONE_CONFIG_MINIO_SECRET_ACCESS_KEY: o.secretKey,
      // As Tidemark: the bucket is there.
      RCLONE_CONFIG_MINIO_NO_CHECK_BUCKET: 'true',
    },
  });
  return (performance.now() - start) / 1e3;
}
