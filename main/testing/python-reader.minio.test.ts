import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { formatSeriesKey } from '../../shared/series-key.ts';
import { HOUR_US } from '../../shared/units.ts';
import { encodeBareTail, encodeIndex, encodeTail, rebase } from '../codec/block.ts';
import { decodeTimes, decodeValues, encodeTimes, encodeValues } from '../codec/frame.ts';
import { tidemark } from '../codec/proto/block.js';
import { rollUp } from '../codec/roll-up.ts';
import { buildSegment } from '../codec/segment.ts';
import { TIME_ENCODINGS } from '../codec/times.ts';
import { MAGIC, seal } from '../codec/trailer.ts';
import type { BlockIndex } from '../codec/types.ts';
import { VALUE_ENCODINGS } from '../codec/values.ts';
import { bitsOf, timeColumns, valueColumns } from './columns.ts';
import { readWithPython } from './python-reader.ts';
import { releasedObjects, releasedReadings } from './released.ts';
import { minioClient, minioToml, newBucket, ServedSite } from './served-site.ts';

const minio = inject('minio');
const client = minioClient(minio);
let bucket: string;
beforeAll(async () => {
  bucket = await newBucket(minio);
});

interface Column {
  t: Float64Array;
  /** The bits of the values, as bitsOf gives them. */
  bits: string;
}

const address = (key: string, from = bucket): Promise<string> => client.presignedGetObject(from, key, 600);

/** What Python reads of these objects, by series. */
async function read(urls: readonly string[], ...options: string[]): Promise<Map<string, Column>> {
  const lines = (await readWithPython(['--bits', ...options, ...urls])).split('\n').slice(0, -1);
  const rows = new Map<string, { t: number[]; bits: Buffer[] }>();
  for (const line of lines) {
    const [key, t, bits] = line.split('\t') as [string, string, string];
    const row = rows.get(key) ?? { t: [], bits: [] };
    rows.set(key, row);
    row.t.push(Number(t));
    row.bits.push(Buffer.from(bits, 'hex').reverse());
  }
  return new Map(
    Array.from(rows, ([key, { t, bits }]) => [
      key,
      { t: Float64Array.from(t), bits: Buffer.concat(bits).toString('hex') },
    ]),
  );
}

it('C23 the Python reader reads the objects of the first release from the bucket to the bit', async () => {
  const objects = releasedObjects();
  for (const [key, bytes] of objects) await client.putObject(bucket, key, bytes);
  const found = await read(await Promise.all([...objects.keys()].map((key) => address(key))));
  expect(found).toEqual(new Map(releasedReadings().map(({ key, archived }) => [key, archived])));
});

it('C23 the Python reader reads what a gateway moved to the bucket: small days, a large one, late data', async () => {
  const own = await newBucket(minio);
  const site = await ServedSite.start(minioToml({ ...minio, bucket: own }));
  try {
    await site.fillDay('h1', site.firstDay, 500);
    await site.fillDay('h2', site.firstDay, 300);
    await site.fillDay('h1', site.firstDay, 250);
    await site.fillDay('h1', site.firstDay + 1, 20_000);
    await site.tierNow();
    await site.settled(2);
    const blocks = await site.blocks();
    expect(Math.min(...blocks.map(({ bytes }) => bytes))).toBeLessThan(65_536);
    expect(Math.max(...blocks.map(({ bytes }) => bytes))).toBeGreaterThan(100_000);
    const found = await read(await Promise.all(blocks.map(({ key }) => address(key, own))));
    expect(found).toEqual(new Map(Array.from(site.oracle, ([key, known]) => [key, columnOf(known)])));
  } finally {
    await site.end();
  }
});

it('C23 R10 the Python reader reads the rollups of a large block, which say what its readings say', async () => {
  const own = await newBucket(minio);
  const site = await ServedSite.start(minioToml({ ...minio, bucket: own }));
  try {
    await site.fillDay('h1', site.firstDay, 40_000);
    await site.tierNow();
    await site.settled(1);
    const [block] = await site.blocks();
    const lines = (await readWithPython(['--rollups', await address(block?.key ?? '', own)])).split('\n').slice(0, -1);
    const wanted = Array.from(site.oracle, ([key, known]) => {
      const rows = [...known].sort(([a], [b]) => a - b);
      const run = { t: Float64Array.from(rows, ([t]) => t), v: Float64Array.from(rows, ([, v]) => v) };
      const { width, start, count, numbers, min, max, sum } = rollUp(run, HOUR_US);
      return Array.from(start, (at, i) => [key, width, at, count[i], numbers[i], min[i], max[i], sum[i]].join('\t'));
    });
    const asNumbers = (line: string): string =>
      line
        .split('\t')
        .map((cell, i) => (i === 0 ? cell : Number(cell)))
        .join('\t');
    expect(wanted.flat().length).toBeGreaterThan(10);
    expect(
      lines
        .filter((line) => line.split('\t')[1] === `${HOUR_US}`)
        .map(asNumbers)
        .sort(),
    ).toEqual(wanted.flat().sort());
  } finally {
    await site.end();
  }
});

function columnOf(known: ReadonlyMap<number, number>): Column {
  const rows = [...known].sort(([a], [b]) => a - b);
  const v = Float64Array.from(rows, ([, value]) => value);
  return { t: Float64Array.from(rows, ([t]) => t), bits: bitsOf(v) };
}

/** A block of random columns: of every sort that the codec tells apart, in two segments of which the second replaces readings of the first. */
function randomBlock(
  seed: number,
  series: number,
): { object(form: 'bare' | 'full'): Buffer; wanted: Map<string, Column>; frames: Buffer[] } {
  const values = fc.sample(valueColumns, { seed, numRuns: 2 * series });
  const stamps = fc.sample(timeColumns, { seed, numRuns: series });
  const wanted = new Map<string, Map<number, string>>();
  const keys = Array.from({ length: series }, (_, i) =>
    formatSeriesKey({ measurement: `m ${i}`, field: 'v', tags: i % 3 === 0 ? [] : [['a,b', `x"${i % 5}é\u{1f321}`]] }),
  );
  const bodies: Buffer[] = [MAGIC as Buffer];
  let at = MAGIC.length;
  const chunks = [0, 1].flatMap((segment) => {
    const runs = keys.map((key, i) => {
      const [t, v] = sameLength(stamps[i - (i % 3)] as Float64Array, values[segment * series + i] as Float64Array);
      const column = wanted.get(key) ?? new Map<number, string>();
      wanted.set(key, column);
      for (const [j, time] of t.entries()) column.set(time, bitsOf(v.subarray(j, j + 1)));
      return { series: i, t, v };
    });
    const built = buildSegment(runs);
    const moved = built.chunks.map((chunk) => ({ ...rebase(chunk, at), segment }));
    bodies.push(Buffer.from(built.body));
    at += built.body.length;
    return moved;
  });
  const index: BlockIndex = {
    series: keys.map((key, i) => ({ key, unit: i % 2 === 0 ? '°C' : '' })),
    segments: [
      { epoch: 1, seqLo: 1, seqHi: 2 ** 40 },
      { epoch: 3, seqLo: 5, seqHi: 5 },
    ],
    chunks,
    rollups: [],
  };
  const before = Buffer.concat(bodies);
  const frames = chunks.flatMap(({ time, value }) =>
    [time, value].map(({ offset, length }) => before.subarray(offset, offset + length)),
  );
  return {
    object: (form) =>
      Buffer.concat([
        before,
        (form === 'bare' ? encodeBareTail(index, before) : encodeTail(encodeIndex(index))) as Uint8Array,
      ]),
    wanted: new Map(
      Array.from(wanted, ([key, column]) => {
        const rows = [...column].sort(([a], [b]) => a - b);
        return [key, { t: Float64Array.from(rows, ([t]) => t), bits: rows.map(([, bits]) => bits).join('') }];
      }),
    ),
    frames,
  };
}

function sameLength(t: Float64Array, v: Float64Array): [Float64Array, Float64Array] {
  const n = Math.min(t.length, v.length);
  return [t.subarray(0, n), v.subarray(0, n)];
}

it('C23 the Python reader reads every encoding, from small and from large objects, whole or one series by its frames alone', async () => {
  const { object, wanted, frames } = randomBlock(20_261_125, 60);
  const used = new Set(
    frames.map((bytes) => tidemark.v1.Frame.decode(bytes)).map(({ kind, encoding }) => `${kind}.${encoding}`),
  );
  const all = [
    ...TIME_ENCODINGS.map(({ number }) => `1.${number}`),
    ...VALUE_ENCODINGS.map(({ number }) => `2.${number}`),
  ];
  expect([...used].sort()).toEqual(all.sort());
  for (const form of ['bare', 'full'] as const) {
    await client.putObject(bucket, form, object(form));
    expect(await read([await address(form)])).toEqual(wanted);
    const key = [...wanted.keys()][7] as string;
    expect(await read([await address(form)], '--series', key)).toEqual(new Map([[key, wanted.get(key)]]));
  }
}, 120_000);

/** A small object of one chunk. */
function oneChunk(key: string, time: Uint8Array, value: Uint8Array): Buffer {
  const before = Buffer.concat([MAGIC, time, value]);
  const columns = { frameLength: [time.length], key: [key], age: [1, 1, 0] };
  return Buffer.concat([before, seal(tidemark.v1.Directory.encode(columns).finish(), { packed: false, before })]);
}

describe('C23 files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tidemark-reader-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('C23 the Python reader reads the example frames of docs/FORMAT.md', async () => {
    const documented = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'FORMAT.md'), 'utf8');
    const frames = [...documented.matchAll(/^\| `([0-9a-f]{20,})` \|/gm)].map(([, hex]) =>
      Buffer.from(hex as string, 'hex'),
    );
    expect(frames.length).toBeGreaterThan(8);
    const wanted = new Map<string, Column>();
    const files: string[] = [];
    for (const [i, frame] of frames.entries()) {
      const { kind, count } = tidemark.v1.Frame.decode(frame);
      const [time, value] =
        kind === 1
          ? [frame, encodeValues(new Float64Array(count))]
          : [encodeTimes(Float64Array.from({ length: count }, (_, at) => at)), frame];
      files.push(path.join(folder, `${i}.tmb`));
      await writeFile(files.at(-1) as string, oneChunk(`a.b${i}`, time, value));
      wanted.set(`a.b${i}`, { t: decodeTimes(time), bits: bitsOf(decodeValues(value)) });
    }
    expect(await read(files)).toEqual(wanted);
  });

  it('C23 the Python reader refuses spoilt and unknown objects', async () => {
    const file = path.join(folder, 'block.tmb');
    const { object } = randomBlock(7, 3);
    for (const [form, bit, what] of [
      ['bare', 40, /damaged: the seal does not fit/],
      ['full', 40, /damaged: the frame at 4 does not fit its digest/],
      ['full', -100, /damaged: the seal does not fit/],
      ['bare', -1, /unknown: format version 2/],
      ['bare', -6, /unknown: format version 6/],
    ] as const) {
      const bytes = object(form);
      const at = bit < 0 ? 8 * bytes.length + bit : bit;
      bytes[at >> 3] = (bytes[at >> 3] as number) ^ (1 << (at & 7));
      await writeFile(file, bytes);
      await expect(readWithPython([file])).rejects.toThrow(what);
    }
  });
});
