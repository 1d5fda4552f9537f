import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TidemarkError } from '../../shared/errors.ts';
import { bareColumns } from './bare.ts';
import { decodeIndex, encodeTail, readIndex, rebase } from './block.ts';
import { zstd } from './compress.ts';
import { type DirectoryColumns, toColumns } from './directory.ts';
import { digest128 } from './frame.ts';
import { openIndex } from './open-index.ts';
import { tidemark } from './proto/block.js';
import { buildSegment } from './segment.ts';
import { MAGIC, MAX_TRAILER_BYTES, parseTrailer, seal } from './trailer.ts';

const { Directory, Index } = tidemark.v1;

/** Mostly what fits, sometimes what does not; short, so that the columns often have one length. */
const small = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.maxSafeInteger(), fc.integer());
const column = fc.oneof(
  fc.constant<number[]>([]),
  fc.array(small, { minLength: 2, maxLength: 2 }),
  fc.array(small, { maxLength: 4 }),
);
const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(Buffer.alloc(32)));
const segment = buildSegment(
  [1, 2].map((series) => ({ series, t: Float64Array.of(1, 2), v: Float64Array.of(series, 9) })),
);

const changes: fc.Arbitrary<DirectoryColumns> = fc.record({
  series: column,
  segment: column,
  count: column,
  tMin: column,
  tSpan: column.map((list) => list.map(Math.abs)),
  timeFrame: column,
  valueFrame: column,
  zone: fc.array(bytes, { maxLength: 1 }),
  sum: fc.array(bytes, { maxLength: 1 }),
  frameGap: column,
  frameLength: column,
  frameDigest: bytes,
  key: fc.array(fc.string(), { maxLength: 4 }),
  unit: fc.array(fc.string(), { maxLength: 4 }),
  age: fc.array(small, { maxLength: 6 }),
});
const names = [
  'series',
  'segment',
  'count',
  'tMin',
  'tSpan',
  'timeFrame',
  'valueFrame',
  'zone',
  'sum',
  'frameGap',
  'frameLength',
  'frameDigest',
  'key',
  'unit',
  'age',
] as const;
const identities = { key: ['a.b', 'a.c'], age: [1, 1, 0] };
const chunks = segment.chunks.map((chunk, series) => ({ ...rebase(chunk, MAGIC.length), series }));
const full = { ...identities, ...toColumns(chunks, MAGIC.length) };
const bare = { ...identities, ...bareColumns(chunks, MAGIC.length + segment.body.length) };

/** What a writer writes but for some columns. */
const columns = fc.tuple(fc.constantFrom(full, bare), changes, fc.subarray([...names], { maxLength: 3 })).map(
  ([good, change, which]): DirectoryColumns => ({
    ...good,
    ...Object.fromEntries(which.map((name) => [name, change[name]])),
  }),
);

/** Ends with an index or an error with a class. Anything else that is thrown fails the test. */
function outcome(run: () => unknown): 'read' | 'refused' {
  try {
    run();
    return 'read';
  } catch (thrown) {
    if (thrown instanceof TidemarkError) return 'refused';
    throw thrown;
  }
}

function read(object: Uint8Array): unknown {
  const trailer = parseTrailer(object.subarray(-MAX_TRAILER_BYTES), object.length);
  return readIndex(object.subarray(trailer.from), trailer);
}

test('C21 an index of any columns, rightly sealed, ends in an index or in an error with a class', () => {
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(columns, (message) => {
      const plain = Directory.encode(message).finish();
      const before = Buffer.concat([MAGIC, segment.body]);
      seen[outcome(() => read(Buffer.concat([before, encodeTail(zstd(plain, 1, 1))])))]++;
      seen[outcome(() => read(Buffer.concat([before, seal(plain, { packed: false, before })])))]++;
      outcome(() => ['a.b', ...(message.key ?? [])].map((key) => openIndex(zstd(plain, 1, 1), 2).chunksOf(key)));
      seen[outcome(() => decodeIndex(zstd(Index.encode({ version: 1, directory: message }).finish(), 1, 1), 1))]++;
    }),
    { numRuns: 1_000 },
  );
  expect(seen.read).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(100);
});

test('C21 any bytes at all, sealed or not, as an index or as frames, end in an index or in an error with a class', () => {
  const any = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(any, any, fc.boolean(), (index, body, packed) => {
      const before = Buffer.concat([MAGIC, body]);
      outcome(() => read(body));
      outcome(() => openIndex(zstd(index, 1, 1), 2).chunksOf('a.b'));
      outcome(() => read(Buffer.concat([before, seal(index, { packed })])));
      outcome(() => read(Buffer.concat([before, seal(index, { packed, before })])));
      // Frames of any bytes behind an index that names them rightly.
      const half = Math.floor(body.length / 2);
      const named = {
        frameLength: [half],
        key: ['a.b'],
        age: [1, 1, 0],
        frameDigest: Buffer.from(digest128(body), 'hex'),
      };
      outcome(() => read(Buffer.concat([before, seal(Directory.encode(named).finish(), { packed: false, before })])));
    }),
    { numRuns: 1_000 },
  );
});
