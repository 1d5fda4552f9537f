import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TidemarkError } from '../../shared/errors.ts';
import { decodeIndex, encodeIndex, encodeTrailer, MAGIC, parseTrailer, rebase, TRAILER_BYTES } from './block.ts';
import { zstd } from './compress.ts';
import { type DirectoryColumns, toColumns } from './directory.ts';
import { digest128 } from './frame.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import { tidemark } from './proto/block.js';
import { buildSegment, readChunk } from './segment.ts';
import type { BlockIndex, Chunk } from './types.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const seq = fc.maxSafeNat();

function chunksAt(segments: number, series: number): Chunk[] {
  let at = MAGIC.length;
  return Array.from({ length: segments }, (_, s) => {
    const t = Float64Array.of(1 + s, 2 + s, 2 ** 51);
    const built = buildSegment(
      Array.from({ length: series }, (_unused, i) => ({ series: i, t, v: t.map((x) => x / (i + 1)) })),
    );
    const moved = built.chunks.map((chunk) => ({ ...rebase(chunk, at), segment: s }));
    at += built.body.length;
    return moved;
  }).flat();
}

const indexes: fc.Arbitrary<BlockIndex> = fc.record({
  gateway: text,
  day: fc.integer({ min: -100_000, max: 100_000 }),
  blockId: text,
  readings: seq,
  series: fc.array(
    fc.record({ measurement: text, field: text, tags: fc.array(fc.tuple(text, text), { maxLength: 3 }), unit: text }),
    { minLength: 2, maxLength: 5 },
  ),
  segments: fc.array(fc.record({ epoch: seq, seqLo: seq, seqHi: seq }), { minLength: 3, maxLength: 4 }),
  chunks: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 2 })).map(([s, n]) => chunksAt(s, n)),
});

test('C15 an index comes back as it was: any names, 53-bit numbers, negative days', () => {
  fc.assert(
    fc.property(indexes, (index) => {
      expect(decodeIndex(encodeIndex(index))).toEqual(index);
    }),
    { numRuns: 200 },
  );
});

const sample: BlockIndex = {
  gateway: 'g1',
  day: 20_000,
  blockId: 'b1',
  readings: 12,
  series: [
    { measurement: 'pump', field: 'temp', tags: [['hub', 'h1']], unit: 'C' },
    { measurement: 'pump', field: 'flow', tags: [], unit: '' },
  ],
  segments: [
    { epoch: 1, seqLo: 1, seqHi: 9 },
    { epoch: 2, seqLo: 10, seqHi: 2 ** 53 - 1 },
  ],
  chunks: chunksAt(2, 2),
};

test('C15 an index with a flipped bit or cut short decodes to the same or throws a TidemarkError', () => {
  const bytes = encodeIndex(sample);
  let refused = 0;
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const spoilt = Uint8Array.from(bytes);
    spoilt[bit >> 3] = (spoilt[bit >> 3] as number) ^ (1 << (bit & 7));
    for (const attempt of [spoilt, bytes.subarray(0, bit >> 3)]) {
      try {
        expect(decodeIndex(attempt)).toEqual(sample);
      } catch (thrown) {
        if (!(thrown instanceof TidemarkError)) throw thrown;
        refused++;
      }
    }
  }
  expect(refused).toBeGreaterThan(8 * bytes.length);
});

test('C15 an index that a writer would not write is refused: dangling chunks, columns of unlike length, another version', () => {
  const pack = (message: tidemark.v1.Index.$Properties): Uint8Array =>
    zstd(tidemark.v1.Index.encode({ version: 1, ...message }).finish(), 3, 0);
  const chunk = sample.chunks.slice(0, 1);
  expect(() => decodeIndex(encodeIndex({ ...sample, series: [], chunks: chunk }))).toThrow(/names series 0/);
  expect(() => decodeIndex(encodeIndex({ ...sample, segments: [], chunks: chunk }))).toThrow(/segment 0/);
  expect(() => decodeIndex(pack({ directory: { count: [1, 2], tMin: [1] } }))).toThrow(/column series has 0 entries/);
  expect(() => decodeIndex(pack({ directory: { frameGap: [1], frameLength: [1] } }))).toThrow(/differ in length/);
  expect(() => decodeIndex(pack({ series: [{ tagName: ['a'] }] }))).toThrow(/without values/);
  const one = toColumns(chunk);
  const packOne = (change: DirectoryColumns): Uint8Array =>
    pack({ series: [{}], segments: [{}], directory: { ...one, ...change } });
  expect(decodeIndex(packOne({})).chunks).toEqual(chunk);
  expect(() => decodeIndex(packOne({ count: [0] }))).toThrow(/count 0 is not within/);
  expect(() => decodeIndex(packOne({ count: [MAX_CHUNK_READINGS + 1] }))).toThrow(/count 131073 is not within/);
  expect(() => decodeIndex(packOne({ valueFrame: [9] }))).toThrow(/not in the frames table/);
  expect(() => decodeIndex(packOne({ frameGap: [-9, 0] }))).toThrow(/lies at -9/);
  const codeOf = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (thrown) {
      return (thrown as TidemarkError).code;
    }
  };
  expect(codeOf(() => decodeIndex(pack({ version: 2 })))).toBe('unknown-format');
  expect(codeOf(() => decodeIndex(zstd(new Uint8Array(65 * 1024 * 1024), 1, 0)))).toBe('damaged-block');
});

test('C16 the trailer is of fixed length, tells every flipped bit, and names another version', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 30), fc.nat(2 ** 30), fc.uint8Array(), (indexOffset, indexLength, of) => {
      const trailer = { indexOffset: indexOffset * 2 ** 20, indexLength, indexDigest: digest128(of) };
      const bytes = encodeTrailer(trailer);
      expect(bytes.length).toBe(TRAILER_BYTES);
      expect(parseTrailer(bytes)).toEqual(trailer);
    }),
  );
  const bytes = encodeTrailer({ indexOffset: 8, indexLength: 100, indexDigest: digest128(new Uint8Array(1)) });
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const spoilt = Uint8Array.from(bytes);
    spoilt[bit >> 3] = (spoilt[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(() => parseTrailer(spoilt)).toThrow(TidemarkError);
  }
  expect(() => parseTrailer(bytes.subarray(1))).toThrow(/bytes, not/);
  const newer = Uint8Array.from(bytes);
  newer[TRAILER_BYTES - 1] = 2;
  expect(() => parseTrailer(newer)).toThrow(/format version 2, known is 1/);
});

test('C16 a block put together is read back from its end', () => {
  const t = Float64Array.of(5, 6, 7);
  const segments = [1, 2].map((n) => buildSegment([{ series: 0, t, v: t.map((x) => x * n) }]));
  let at = MAGIC.length;
  const chunks = segments.flatMap(({ body, chunks: own }, segment) => {
    const moved = own.map((chunk) => ({ ...rebase(chunk, at), segment }));
    at += body.length;
    return moved;
  });
  const index = encodeIndex({ ...sample, chunks });
  const trailer = encodeTrailer({ indexOffset: at, indexLength: index.length, indexDigest: digest128(index) });
  const object = Buffer.concat([MAGIC, ...segments.map(({ body }) => body), index, trailer]);

  const found = parseTrailer(object.subarray(-TRAILER_BYTES));
  const read = object.subarray(found.indexOffset, found.indexOffset + found.indexLength);
  expect(digest128(read)).toBe(found.indexDigest);
  const values = decodeIndex(read).chunks.map((chunk) => readChunk(object, chunk));
  expect(values.map(({ v }) => [...v])).toEqual([
    [5, 6, 7],
    [10, 12, 14],
  ]);
  expect(values.map((run) => run.t)).toEqual([t, t]);
});
