import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TidemarkError } from '../../shared/errors.ts';
import { bitsOf, timeColumns, valueColumns } from '../testing/columns.ts';
import { decodeDirectory, encodeDirectory, packMessage, toColumns } from './directory.ts';
import { digest128, encodeTimes, encodeValues } from './frame.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import type { Run } from './merge.ts';
import { tidemark } from './proto/block.js';
import { buildSegment, decodeChunk, readChunk } from './segment.ts';
import type { Chunk } from './types.ts';

const runs = fc
  .array(fc.tuple(fc.nat(1000), timeColumns, valueColumns), { minLength: 1, maxLength: 6 })
  .map((several) =>
    several.map(([series, t, v]) => {
      const length = Math.min(t.length, v.length);
      return { series, t: t.slice(0, length), v: v.slice(0, length) };
    }),
  )
  .filter(nearEnough);

/** Whether one directory can hold them: exact differences of any two timestamps. */
function nearEnough(several: Run[]): boolean {
  const ends = several.flatMap(({ t }) => [t[0] as number, t.at(-1) as number]);
  return Number.isSafeInteger(Math.max(...ends) - Math.min(...ends));
}

/** A NaN is a NaN here: the frames keep payloads, the zone map need not. */
const zoneless = (chunks: Chunk[]): unknown[] => chunks.map(({ zone: _, ...rest }) => rest);

test('C11 a segment holds its runs: directory and body give back every reading to the bit', () => {
  fc.assert(
    fc.property(runs, (several) => {
      const segment = buildSegment(several);
      const chunks = decodeDirectory(segment.directory);
      expect(chunks).toEqual(segment.chunks);
      expect(segment.readings).toBe(several.reduce((sum, { t }) => sum + t.length, 0));
      for (const [i, { series, t, v }] of several.entries()) {
        const chunk = chunks[i] as Chunk;
        const got = readChunk(segment.body, chunk);
        expect(chunk.series).toBe(series);
        expect(got.t).toEqual(t);
        expect(bitsOf(got.v)).toBe(bitsOf(v));
        expect([chunk.count, chunk.tMin, chunk.tMax]).toEqual([t.length, t[0], t.at(-1)]);
      }
      expect(segment.tMin).toBe(Math.min(...chunks.map(({ tMin }) => tMin)));
      expect(segment.tMax).toBe(Math.max(...chunks.map(({ tMax }) => tMax)));
    }),
    { numRuns: 200 },
  );
});

test('C11 long runs are split into chunks of at most 131,072 readings', () => {
  const count = 2 * MAX_CHUNK_READINGS + 1;
  const t = Float64Array.from({ length: count }, (_, i) => 1000 * i);
  const v = Float64Array.from({ length: count }, (_, i) => i % 100);
  const segment = buildSegment([{ series: 3, t, v }]);
  expect(segment.chunks.map(({ count: n }) => n)).toEqual([MAX_CHUNK_READINGS, MAX_CHUNK_READINGS, 1]);
  const parts = segment.chunks.map((chunk) => readChunk(segment.body, chunk));
  expect(Float64Array.from(parts.flatMap((part) => [...part.t]))).toEqual(t);
  expect(Float64Array.from(parts.flatMap((part) => [...part.v]))).toEqual(v);
});

test('C12 equal timestamp columns are stored once, whichever series they belong to', () => {
  const t = Float64Array.of(1, 5, 9);
  const other = Float64Array.of(1, 5, 10);
  const v = Float64Array.of(1, 2, 3);
  const segment = buildSegment([
    { series: 1, t, v },
    { series: 2, t: other, v },
    { series: 3, t: t.slice(), v },
  ]);
  const [first, second, third] = segment.chunks as [Chunk, Chunk, Chunk];
  expect(third.time).toEqual(first.time);
  expect(second.time).not.toEqual(first.time);
  expect(decodeDirectory(segment.directory)).toEqual(segment.chunks);
});

test('C13 every flipped bit and every cut of a frame is told, naming the series', () => {
  const t = Float64Array.from({ length: 40 }, (_, i) => i * i);
  const segment = buildSegment([{ series: 42, t, v: t.map((x) => x / 10) }]);
  const [chunk] = segment.chunks as [Chunk];
  for (let bit = 0; bit < 8 * segment.body.length; bit++) {
    const body = Uint8Array.from(segment.body);
    body[bit >> 3] = (body[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(() => readChunk(body, chunk)).toThrow(/series 42/);
  }
  for (let length = 0; length < segment.body.length; length++) {
    expect(() => readChunk(segment.body.subarray(0, length), chunk)).toThrow(TidemarkError);
  }
});

test('C13 frames that do not belong together are refused', () => {
  const three = encodeTimes(Float64Array.of(1, 2, 3));
  expect(() => decodeChunk(three, encodeValues(Float64Array.of(1, 2)))).toThrow(/3 timestamps and 2 values/);
  const segment = buildSegment([{ series: 1, t: Float64Array.of(1, 2), v: Float64Array.of(1, 2) }]);
  const [chunk] = segment.chunks as [Chunk];
  expect(() => readChunk(segment.body, { ...chunk, tMax: 3 })).toThrow(/not hold what its directory says/);
  expect(() => readChunk(segment.body, { ...chunk, value: { ...chunk.value, digest: digest128(three) } })).toThrow(
    /digest/,
  );
});

test('C14 a directory with a flipped bit or cut short decodes to the same chunks or throws a TidemarkError', () => {
  const t = Float64Array.of(10, 20, 30);
  const made = [1, 2, 3].map((series) => ({ series, t, v: t.map((x) => x * series) }));
  const { directory, chunks } = buildSegment(made);
  let refused = 0;
  const attempt = (bytes: Uint8Array): void => {
    try {
      expect(decodeDirectory(bytes)).toEqual(chunks);
    } catch (thrown) {
      if (!(thrown instanceof TidemarkError)) throw thrown;
      refused++;
    }
  };
  for (let bit = 0; bit < 8 * directory.length; bit++) {
    const bytes = Uint8Array.from(directory);
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    attempt(bytes);
  }
  for (let length = 0; length < directory.length; length++) attempt(directory.subarray(0, length));
  expect(refused).toBeGreaterThan(8 * directory.length);
});

test('C14 a directory of no chunks, and one that is read in any order of frames', () => {
  expect(decodeDirectory(encodeDirectory([]))).toEqual([]);
  const { chunks } = buildSegment([
    { series: 1, t: Float64Array.of(1), v: Float64Array.of(1) },
    { series: 2, t: Float64Array.of(2), v: Float64Array.of(-0) },
  ]);
  const turned = [...chunks].reverse();
  expect(zoneless(decodeDirectory(encodeDirectory(turned)))).toEqual(zoneless(turned));
});

test('C11 runs that are not as they must be are refused when written', () => {
  const build = (t: number[], v: number[]): unknown =>
    buildSegment([{ series: 1, t: Float64Array.from(t), v: Float64Array.from(v) }]);
  expect(() => build([], [])).toThrow(RangeError);
  expect(() => build([1, 2], [1])).toThrow(RangeError);
  expect(() => build([2, 1], [1, 2])).toThrow(RangeError);
  expect(() => build([1 - 2 ** 53, 2 ** 53 - 1], [1, 2])).toThrow(/too far apart/);
});

test('C8 a directory that does not say how many NaN there are is read, none is claimed; one that says what cannot be is refused', () => {
  const { Directory } = tidemark.v1;
  const v = [Float64Array.of(1, Number.NaN, 3), Float64Array.of(4, 5, 6)];
  const { chunks } = buildSegment(v.map((values, series) => ({ series, t: Float64Array.of(1, 2, 3), v: values })));
  const plain = toColumns(chunks);
  const numbersOf = (nan: number[]): (number | undefined)[] =>
    decodeDirectory(packMessage(Directory.encode({ ...plain, nan }).finish())).map(({ zone }) => zone.numbers);
  expect(plain.nan).toEqual([1, 0]);
  expect(numbersOf([1, 0])).toEqual([2, 3]);
  expect(numbersOf([0])).toEqual([3, 3]);
  expect(numbersOf([])).toEqual([undefined, undefined]);
  for (const nan of [[1], [1, 0, 0], [4, 0]])
    expect(() => numbersOf(nan)).toThrow(expect.objectContaining({ code: 'damaged-block' }));
  const old = decodeDirectory(packMessage(Directory.encode({ ...plain, nan: [] }).finish()));
  expect(toColumns(old).nan).toEqual([]);
  expect(toColumns(chunks.slice(1)).nan).toEqual([0]);
});

test('ING17 a small segment keeps no memory beside its own bytes: one cut may have very many of them', () => {
  const built = buildSegment([{ series: 1, t: Float64Array.of(1), v: Float64Array.of(2) }]);
  for (const bytes of [built.directory, built.body]) expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
});
