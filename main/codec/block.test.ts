import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TidemarkError } from '../../shared/errors.ts';
import {
  BARE_BYTES,
  BARE_READINGS,
  decodeIndex,
  encodeBareTail,
  encodeIndex,
  encodeTail,
  isSmall,
  readIndex,
  rebase,
} from './block.ts';
import { unzstd, zstd } from './compress.ts';
import { type DirectoryColumns, toColumns } from './directory.ts';
import { digest128 } from './frame.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import { openIndex } from './open-index.ts';
import { tidemark } from './proto/block.js';
import { rollUp } from './roll-up.ts';
import { decodeRollup, encodeRollup } from './rollup.ts';
import { buildSegment, readChunk } from './segment.ts';
import { MAGIC, MAX_TRAILER_BYTES, parseTrailer, seal } from './trailer.ts';
import type { BlockIndex, Chunk, RollupRef } from './types.ts';

const { Directory, Frame, Index } = tidemark.v1;
const text = fc.string({ unit: 'binary', maxLength: 12 });
const seq = fc.nat(2 ** 31).map((n) => n * 2 ** 21);
const ages = fc.record({ epoch: fc.maxSafeNat(), seqLo: seq, more: seq });

/** Segments of which each has the same series, with shared timestamps or not; the body is what lies between magic and index. */
function chunksAt(segments: number, series: number, shared = true): { chunks: Chunk[]; body: Uint8Array } {
  const bodies: Uint8Array[] = [];
  let at = MAGIC.length;
  const chunks = Array.from({ length: segments }, (_, s) => {
    const built = buildSegment(
      Array.from({ length: series }, (_unused, i) => {
        const t = Float64Array.of(1 + s, 2 + s + (shared ? 0 : i % 2), 2 ** 51);
        return { series: i, t, v: t.map((x) => x / (i + 1)) };
      }),
    );
    const moved = built.chunks.map((chunk) => ({ ...rebase(chunk, at), segment: s }));
    at += built.body.length;
    bodies.push(built.body);
    return moved;
  }).flat();
  return { chunks, body: Buffer.concat(bodies) };
}

const blocks = fc
  .record({
    series: fc.array(fc.record({ key: text, unit: text }), { minLength: 4, maxLength: 6 }),
    segments: fc.array(ages, { minLength: 3, maxLength: 4 }),
    made: fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 4 }), fc.boolean())
      .map(([s, n, shared]) => chunksAt(s, n, shared)),
    units: fc.boolean(),
  })
  .map(({ series, segments, made, units }): { index: BlockIndex; body: Uint8Array } => ({
    index: {
      series: units ? series : series.map(({ key }) => ({ key, unit: '' })),
      segments: segments.map(({ epoch, seqLo, more }) => ({
        epoch,
        seqLo,
        seqHi: Math.min(2 ** 53 - 1, seqLo + more),
      })),
      chunks: made.chunks,
      rollups: [],
    },
    body: made.body,
  }));

function object({ index, body }: { index: BlockIndex; body: Uint8Array }, form: 'bare' | 'full'): Uint8Array {
  const before = Buffer.concat([MAGIC, body]);
  const tail = form === 'bare' ? encodeBareTail(index, before) : encodeTail(encodeIndex(index));
  if (tail === undefined) throw new Error('its frames do not fill it');
  return Buffer.concat([before, tail]);
}

/** As a stranger reads it: from its end. */
function read(bytes: Uint8Array): BlockIndex {
  const trailer = parseTrailer(bytes.subarray(-MAX_TRAILER_BYTES), bytes.length);
  return readIndex(bytes.subarray(trailer.from), trailer);
}

/** What is thrown has a class; `undefined` when nothing is. */
function refusal(run: () => unknown): TidemarkError | undefined {
  try {
    run();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof TidemarkError) return thrown;
    throw thrown;
  }
}

const sample = {
  index: {
    series: [
      { key: 'pump.temp{hub=h1}', unit: 'C' },
      { key: 'pump.flow', unit: '' },
    ],
    segments: [
      { epoch: 1, seqLo: 1, seqHi: 9 },
      { epoch: 2, seqLo: 10, seqHi: 2 ** 53 - 1 },
    ],
    chunks: chunksAt(2, 2).chunks,
    rollups: [],
  },
  body: chunksAt(2, 2).body,
};

test('C15 C20 a full and a bare index come back as they were: any names, 53-bit numbers, shared timestamps or not', () => {
  fc.assert(
    fc.property(blocks, (block) => {
      expect(decodeIndex(encodeIndex(block.index), 2)).toEqual(block.index);
      expect(read(object(block, 'full'))).toEqual(block.index);
      expect(read(object(block, 'bare'))).toEqual(block.index);
    }),
    { numRuns: 200 },
  );
});

test('C26 the chunks of a series are those that the whole index has, also at times that only it has exactly, and of all series', () => {
  const late = (index: BlockIndex): BlockIndex => ({
    ...index,
    chunks: index.chunks.map((chunk) => ({ ...chunk, tMin: 2 ** 53 - 9, tMax: 2 ** 53 - 1 })),
  });
  fc.assert(
    fc.property(blocks, fc.boolean(), ({ index: made }, isLate) => {
      const bytes = encodeIndex(isLate ? late(made) : made);
      const [whole, open] = [decodeIndex(bytes, 2), openIndex(bytes, 2)];
      expect(open.size).toBe(whole.series.length + whole.chunks.length);
      const keys = whole.series.map(({ key }) => key);
      for (const [series, key] of keys.entries()) {
        if (keys.indexOf(key) !== keys.lastIndexOf(key)) continue;
        const own = whole.chunks.filter((chunk) => chunk.series === series);
        expect(open.chunksOf(key)).toEqual(own.map((chunk) => ({ chunk, age: whole.segments[chunk.segment] })));
      }
      expect(open.chunksOf('there is no such series')).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('R11 C15 the rollup frames of a block are listed in its index, and what a writer would not list is refused', () => {
  const rollup = (at: number): Uint8Array =>
    encodeRollup(rollUp({ t: Float64Array.of(at, 2 * at), v: Float64Array.of(1, 2) }, at));
  const frames = [3600e6, 3600e6, 300e6].map(rollup);
  let offset = MAGIC.length + sample.body.length;
  const rollups = frames.map((bytes, i) => {
    const frame = { offset, length: bytes.length, digest: digest128(bytes) };
    offset += bytes.length;
    return { series: i % 2, width: i < 2 ? 3600e6 : 300e6, frame };
  });
  const index = { ...sample.index, rollups };
  const bytes = object({ index, body: Buffer.concat([sample.body, ...frames]) }, 'full');
  expect(read(bytes)).toEqual(index);
  expect(
    rollups.map(({ frame }) => decodeRollup(bytes.subarray(frame.offset, frame.offset + frame.length)).width),
  ).toEqual(rollups.map(({ width }) => width));
  const changed = (change: DirectoryColumns) => (): unknown =>
    decodeIndex(
      zstd(Directory.encode({ ...Directory.decode(unzstd(encodeIndex(index), 9_999)), ...change }).finish(), 3, 0),
      2,
    );
  expect(changed({})()).toEqual(index);
  expect(changed({ rollupSeries: [0, 1] })).toThrow(/rollups differ in length/);
  expect(changed({ rollupWidth: [300e6] })).toThrow(/rollups differ in length/);
  expect(changed({ rollupDigest: new Uint8Array(16) })).toThrow(/differ in length/);
  expect(changed({ rollupSeries: [0, 1, 1] })).toThrow(/names series 2/);
  expect(changed({ rollupWidth: [1, -1, 1] })).toThrow(/buckets of 0/);
  const [first, second, third] = rollups as [RollupRef, RollupRef, RollupRef];
  expect(() => encodeIndex({ ...index, rollups: [first, third] })).toThrow(/back to back/);
  expect(() => encodeIndex({ ...index, rollups: [second, second] })).toThrow(/back to back/);
});

test('C15 an index with a flipped bit or cut short decodes to the same or throws a TidemarkError', () => {
  const bytes = encodeIndex(sample.index);
  let refused = 0;
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    for (const attempt of [flipped(bytes, bit), bytes.subarray(0, bit >> 3)]) {
      if (refusal(() => expect(decodeIndex(attempt, 2)).toEqual(sample.index)) !== undefined) refused++;
    }
  }
  expect(refused).toBeGreaterThan(8 * bytes.length);
});

test('C16 C21 every flipped bit of a small object is told, and every cut at either end', () => {
  const bytes = object(sample, 'bare');
  for (let bit = 0; bit < 8 * bytes.length; bit++) expect(refusal(() => read(flipped(bytes, bit)))).toBeDefined();
  for (let n = 0; n < bytes.length; n++) {
    expect(refusal(() => read(bytes.subarray(0, n)))).toBeDefined();
    expect(refusal(() => read(bytes.subarray(bytes.length - n)))).toBeDefined();
  }
});

test('C16 C21 every flipped bit of a large object is told by its index or by a frame, and every cut at either end', () => {
  const bytes = object(sample, 'full');
  const all = (of: Uint8Array): unknown => read(of).chunks.map((chunk) => readChunk(of, chunk));
  for (let bit = 8 * MAGIC.length; bit < 8 * bytes.length; bit++)
    expect(refusal(() => all(flipped(bytes, bit)))).toBeDefined();
  for (let n = 0; n < bytes.length; n++) {
    expect(refusal(() => all(bytes.subarray(0, n)))).toBeDefined();
    expect(refusal(() => all(bytes.subarray(bytes.length - n)))).toBeDefined();
  }
});

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const spoilt = Uint8Array.from(bytes);
  spoilt[bit >> 3] = (spoilt[bit >> 3] as number) ^ (1 << (bit & 7));
  return spoilt;
}

test('C15 an index that a writer would not write is refused: dangling chunks, columns of unlike length', () => {
  const pack = (message: DirectoryColumns): Uint8Array => zstd(Directory.encode(message).finish(), 3, 0);
  const open = (message: DirectoryColumns) => (): unknown => decodeIndex(pack(message), 2);
  const chunks = sample.index.chunks.slice(0, 1);
  const full = (change: Partial<BlockIndex>) => (): unknown =>
    decodeIndex(encodeIndex({ ...sample.index, chunks, ...change }), 2);
  expect(full({ series: [] })).toThrow(/names series 0/);
  expect(full({ segments: [] })).toThrow(/segment 0/);
  expect(open({ count: [1, 2], series: [1] })).toThrow(/column series has 1 entries/);
  expect(open({ count: [1, 2], tMin: [1] })).toThrow(/column t_min has 1 entries/);
  expect(open({ frameGap: [1], frameLength: [1, 2] })).toThrow(/differ in length/);
  expect(open({ frameLength: [1] })).toThrow(/differ in length/);
  expect(open({ key: ['a.b', 'a.c'], unit: ['m'] })).toThrow(/differ in length/);
  expect(open({ age: [1, 2] })).toThrow(/differ in length/);
  expect(open({ age: [1, 2, -1] })).toThrow(/no range/);
  const one = { ...toColumns(chunks, MAGIC.length), key: ['a.b'], age: [1, 1, 1] };
  const changed = (change: DirectoryColumns) => open({ ...one, ...change });
  expect(decodeIndex(pack(one), 2).chunks).toEqual(chunks);
  expect(changed({ count: [0] })).toThrow(/count 0 is not within/);
  expect(changed({ count: [MAX_CHUNK_READINGS + 1] })).toThrow(/count 131073 is not within/);
  expect(changed({ valueFrame: [9] })).toThrow(/not in the frames table/);
  expect(changed({ frameGap: [-9, 0] })).toThrow(/lies at -5/);
  const bomb = refusal(() => decodeIndex(zstd(new Uint8Array(65 * 1024 * 1024), 1, 0), 2));
  expect(bomb?.code).toBe('damaged-block');
});

test('C21 a small object that a writer would not write is refused: in bounded memory, whatever its index and frames claim', () => {
  const hostile =
    (columns: DirectoryColumns, body = sample.body) =>
    (): unknown => {
      const before = Buffer.concat([MAGIC, body]);
      return read(Buffer.concat([before, seal(Directory.encode(columns).finish(), { packed: false, before })]));
    };
  const two = chunksAt(1, 2);
  const [first, second] = two.chunks.map(({ value }) => value.length) as [number, number];
  const time = two.body.length - first - second;
  const good = { frameLength: [time, first], key: ['a.a', 'a.b'], age: [1, 1, 0] };
  expect(hostile(good, two.body)).not.toThrow();
  expect(hostile({ ...good, key: ['a.a'] }, two.body)).toThrow(/names series 1/);
  expect(hostile({ ...good, frameLength: [time, first + 1] }, two.body)).toThrow(/damaged/);
  expect(hostile({ ...good, frameLength: [time, first, second, 9] }, two.body)).toThrow(/do not fill/);
  expect(hostile({ ...good, frameLength: [time, first, second + 9] }, two.body)).toThrow(/do not fill/);
  expect(hostile({ ...good, valueFrame: [1, 1], timeFrame: [0] }, two.body)).toThrow(/column time_frame has 1/);
  expect(hostile({ ...good, valueFrame: [3], timeFrame: [0] }, two.body)).toThrow(/not in the frames table/);
  expect(hostile({ ...good, valueFrame: [0], timeFrame: [0] }, two.body)).toThrow(/kind 1, not 2/);
  expect(hostile({ frameLength: [] }, Frame.encode({ kind: 2, encoding: 1, count: 1 }).finish())).toThrow(/frame -1/);
  expect(hostile({ frameLength: [] }, Frame.encode({ kind: 9 }).finish())).toThrow(/kind 9/);

  const before = Buffer.concat([MAGIC, sample.body]);
  const bomb = zstd(new Uint8Array(2 ** 26), 1, 0).subarray(4);
  expect(() => read(Buffer.concat([before, seal(bomb, { packed: true, before })]))).toThrow(/cannot be read/);
  const long = Buffer.concat([MAGIC, new Uint8Array(BARE_BYTES)]);
  expect(() => read(Buffer.concat([long, seal(new Uint8Array(0), { packed: false, before: long })]))).toThrow(
    /too many/,
  );
  const constant = buildSegment([
    { series: 0, t: Float64Array.from({ length: 100_000 }, (_, i) => i), v: new Float64Array(100_000) },
  ]);
  const chunk = constant.chunks[0] as Chunk;
  const again = { valueFrame: [1, ...new Array<number>(42).fill(0)], timeFrame: new Array<number>(43).fill(0) };
  const many = {
    frameLength: [chunk.time.length],
    series: new Array<number>(43).fill(0),
    key: ['a.b'],
    age: [1, 1, 0],
  };
  expect(hostile({ ...many, ...again }, constant.body)).toThrow(/more than 4194304 readings/);
});

test('C22 a block is small by its bytes and its readings, and then its whole object is never longer than a reader takes', () => {
  const chunk = sample.index.chunks[0] as Chunk;
  const of = (chunks: number, count = 1, key = 'a.b') => ({
    series: [{ key, unit: '' }],
    chunks: new Array<Chunk>(chunks).fill({ ...chunk, count }),
  });
  expect(isSmall(of(1), 65_000)).toBe(true);
  expect(isSmall(of(1), 65_600)).toBe(false);
  // Chunks of less than 320 bytes: a full index would add more than a tenth.
  expect(isSmall(of(1000), 319_999)).toBe(true);
  expect(isSmall(of(1000), 320_001)).toBe(false);
  expect(isSmall(of(30_000), BARE_BYTES / 2)).toBe(true);
  expect(isSmall(of(30_000), BARE_BYTES)).toBe(false);
  expect(isSmall(of(30_000, 1, 'k'.repeat(BARE_BYTES)), 0)).toBe(false);
  expect(isSmall(of(32, MAX_CHUNK_READINGS), 1000)).toBe(true);
  expect(isSmall(of(33, MAX_CHUNK_READINGS), 1000)).toBe(false);
  expect(32 * MAX_CHUNK_READINGS).toBe(BARE_READINGS);

  // The longest index there can be: names without a pattern, chunks in reverse, no timestamps shared.
  const n = 27_000;
  const wide = (length: number): BlockIndex => ({
    series: Array.from({ length: n }, (_, i) => ({ key: `${Math.sin(i)}${Math.cos(i)}`, unit: '' })),
    segments: [{ epoch: 1, seqLo: 1, seqHi: 1 }],
    chunks: Array.from({ length: n }, (_, i) => {
      const at = MAGIC.length + 2 * i * length;
      const ref = { offset: at, length, digest: '' };
      return { ...chunk, series: (7 * i) % n, segment: 0, count: 1, time: ref, value: { ...ref, offset: at + length } };
    }).reverse(),
    rollups: [],
  });
  let length = 100;
  while (isSmall(wide(length + 1), 2 * n * (length + 1))) length++;
  expect(length).toBeGreaterThan(110);
  const before = new Uint8Array(MAGIC.length + 2 * n * length);
  const tail = encodeBareTail(wide(length), before);
  expect(tail?.length).toBeGreaterThan(n * 15);
  expect(before.length + (tail?.length ?? 0)).toBeLessThanOrEqual(BARE_BYTES);
});

test('C20 frames that the index does not name, or that do not lie back to back, take a full index', () => {
  const { index, body } = sample;
  const before = Buffer.concat([MAGIC, body]);
  expect(encodeBareTail({ ...index, chunks: index.chunks.slice(1) }, before)).toBeUndefined();
  expect(encodeBareTail({ ...index, chunks: index.chunks.slice(0, -1) }, before)).toBeUndefined();
  expect(encodeBareTail(index, Buffer.concat([before, before]))).toBeUndefined();
  const some = { ...index, chunks: index.chunks.slice(1, -1) };
  expect(read(object({ index: some, body }, 'full'))).toEqual(some);
});

test('C16 the trailer is found from the end of the object whatever the index is, and another version is named', () => {
  fc.assert(
    fc.property(fc.nat(300_000), fc.boolean(), fc.boolean(), fc.nat(2 ** 40), (length, packed, bare, offset) => {
      const tail = seal(new Uint8Array(length), { packed, ...(bare ? { before: MAGIC } : {}) });
      const size = MAGIC.length + offset + tail.length;
      const trailer = parseTrailer(tail.subarray(-MAX_TRAILER_BYTES), size);
      expect(trailer).toMatchObject({
        version: 2,
        packed,
        bare,
        indexLength: length,
        indexOffset: MAGIC.length + offset,
      });
      expect(trailer.from).toBe(bare ? 0 : trailer.indexOffset);
    }),
  );
  const tail = seal(new Uint8Array(10), { packed: false });
  for (const form of [0x00, 0x03, 0x0f, 0x42, 0x82])
    expect(refusal(() => parseTrailer(Buffer.concat([tail.subarray(0, -1), Uint8Array.of(form)]), 100))?.code).toBe(
      'unknown-format',
    );
  expect(refusal(() => parseTrailer(new Uint8Array(0), 0))?.code).toBe('damaged-block');
  expect(refusal(() => parseTrailer(tail, 22))?.message).toMatch(/longer than the object/);
  expect(refusal(() => parseTrailer(Uint8Array.of(0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 2), 11))?.message).toMatch(
    /cannot be read/,
  );
});

test('C19 an index of format 1 that its writer would not write is refused', () => {
  const pack = (message: tidemark.v1.Index.$Properties): Uint8Array =>
    zstd(Index.encode({ version: 1, ...message }).finish(), 3, 0);
  const directory = toColumns(chunksAt(1, 1).chunks);
  expect(decodeIndex(pack({ series: [{}], segments: [{}], directory }), 1).chunks).toEqual(chunksAt(1, 1).chunks);
  expect(() => decodeIndex(pack({ directory }), 1)).toThrow(/names series 0/);
  expect(() => decodeIndex(pack({ series: [{ tagName: ['a'] }] }), 1)).toThrow(/without values/);
  expect(refusal(() => decodeIndex(pack({ version: 2 }), 1))?.code).toBe('unknown-format');
  expect(refusal(() => parseTrailer(Buffer.concat([new Uint8Array(43), Uint8Array.of(1)]), 44))?.message).toMatch(
    /does not end like/,
  );
});
