import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bitsOf, fromBits } from '../testing/columns.ts';
import { releasedObjects } from '../testing/released.ts';
import { readIndex } from './block.ts';
import { decodeTimes, decodeValues } from './frame.ts';
import { rollUp } from './roll-up.ts';
import { decodeRollup } from './rollup.ts';
import { readChunk } from './segment.ts';
import { parseTrailer } from './trailer.ts';
import type { Chunk } from './types.ts';

/** The examples of docs/FORMAT.md: frames as the version that brought each encoding wrote them. They must stay readable whatever the encoder prefers later. */
const START = 1_767_225_600_000_000;

const EXAMPLES: [name: string, frame: string, kind: 'times' | 'values', column: Float64Array][] = [
  [
    'intervals, all the same',
    '0801100118a002220808c0d0b608000803',
    'times',
    Float64Array.from({ length: 288 }, (_, i) => START + i * 300_000_000),
  ],
  [
    'intervals, packed',
    '080110011806221c08c0d0b6080200bc843d00011e16050080010000000014000004093d',
    'times',
    Float64Array.from([0, 1_000_001, 2_000_003, 2_999_999, 4_000_000, 9_000_000], (dt) => START + dt),
  ],
  ['one reading', '08011001180122028001', 'times', Float64Array.of(-1)],
  [
    'float timestamps',
    '080110021803221a02300000ff0000ff0000ff0000ff0000ff0000ff10103fc3c343',
    'times',
    Float64Array.of(-(2 ** 50), 0, 2 ** 53 - 1),
  ],
  ['constant', '0802100118022208010000000000f07f', 'values', fromBits([0x7ff0000000000001n, 0x7ff0000000000001n])],
  [
    'decimals, packed',
    '080210021805220c01000200d601000106031150',
    'values',
    Float64Array.of(21.5, 21.6, 21.4, 21.4, 21.9),
  ],
  [
    'decimals, patched',
    '080210021810222001021802030200000000000000f87f020003000116052801b5166beec12867b5',
    'values',
    Float64Array.of(1.1, 1.2, 0.1 + 0.2, 1.3, 1.4, Number.NaN, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.1, 2.2, 2.4, 2.5),
  ],
  [
    'decimals, planes',
    '0802100218c801223c0200110407000100016500006d0100a003df000500dce10005dedd0000da2200220200020800124009408492aa28061e3533267203333f9589d5745a',
    'values',
    Float64Array.from({ length: 200 }, (_, i) => (i % 50 === 0 ? 70_000 : i % 3) / 100),
  ],
  ['floats, xor', '08021003180222120220550055005500550055005500d5303f00', 'values', Float64Array.of(1 / 3, 2 / 3)],
  [
    'floats, rows',
    '0802100318462220003d0000cd000078182d4454fb2109406957148b0abf0502001576566045a903',
    'values',
    Float64Array.from({ length: 70 }, (_, i) => [Math.PI, Math.E, Math.SQRT2][(i * i) % 3] as number),
  ],
  [
    'binary fractions, of a converter',
    '080210041806220c0b0002810200050804749b06',
    'values',
    Float64Array.from([0, 3, 7, 5, 2, -4], (n) => (n * 10) / 4096),
  ],
  [
    'binary fractions, single precision',
    '080210041808221d13000200cd9983050001241100009a993533cbccdccc0c004066e66666',
    'values',
    Float64Array.from([20.1, 20.2, 20.2, 20.3, 20.2, 20.1, 20.3, 20.2], Math.fround),
  ],
  [
    'dictionary',
    '080210051828222102031202206971577a14508bdf0af1bf9e050c400002000000010c014992244992',
    'values',
    Float64Array.from({ length: 40 }, (_, i) => [Math.PI, Math.E, Math.SQRT2][(i * i) % 3] as number),
  ],
];

test.each(EXAMPLES)('C18 a frame of format version 1 is read: %s', (_, frame, kind, column) => {
  const bytes = Buffer.from(frame, 'hex');
  expect(bitsOf(kind === 'times' ? decodeTimes(bytes) : decodeValues(bytes))).toBe(bitsOf(column));
});

const FORMAT_MD = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'FORMAT.md'), 'utf8');

test('C18 docs/FORMAT.md shows these very frames', () => {
  for (const [name, frame] of EXAMPLES) expect(FORMAT_MD, name).toContain(frame);
});

const ROLLUPS = [
  '080310011802223f08240090fb1d0000020200010001040101020000000104010112080210021804220a0100020202000f04010512080210021802220a0100020202000f040101',
  '080310021802222d08240090fb1d0000020200010001040101020000000104010112080210021802220a0100020202000f04010100',
];

test.each(ROLLUPS)('C18 docs/FORMAT.md shows a rollup frame, and it is read: %s', (frame) => {
  const hour = 3_600_000_000;
  const run = {
    t: Float64Array.of(START, START + 1_000_000, START + 2 * hour),
    v: Float64Array.of(21.5, Number.NaN, 20),
  };
  expect(decodeRollup(Buffer.from(frame, 'hex'))).toEqual(rollUp(run, hour));
  expect(FORMAT_MD).toContain(frame);
});

/** The same readings in both forms of format 2. */
const OBJECTS: [name: string, object: string][] = [
  [
    'small',
    '89544d42080110011804220808c0d0b608000701080210021804220b01000200d60100010402095a01106a1170756d702e74656d707b736974653d617d720343656c7a03020e04202f85291ea07b832812',
  ],
  [
    'with a full index',
    '89544d42080110011804220808c0d0b608000701080210021804220b01000200d601000104020928b52ffd04003904001a01042208808082e288d2a3062a048087a70e3201003a01024213080210021804220b01000200d60100010402184a1008021001180122089a999999997955405a02101362204c210711f6c84a4fe1c733731a04206073631ae261184bee02a91163a94168376a1170756d702e74656d707b736974653d617d720343656c7a03020e04aa0101002b05432f0194ea0d67c61b706a5222',
  ],
];

test.each(OBJECTS)('C18 an object of docs/FORMAT.md is read: %s', (_, hex) => {
  expect(FORMAT_MD).toContain(hex);
  const object = Buffer.from(hex, 'hex');
  const trailer = parseTrailer(object, object.length);
  const index = readIndex(object.subarray(trailer.from), trailer);
  expect(index).toMatchObject({
    series: [{ key: 'pump.temp{site=a}', unit: 'Cel' }],
    segments: [{ epoch: 1, seqLo: 7, seqHi: 9 }],
  });
  expect(index.chunks).toHaveLength(1);
  expect(readChunk(object, index.chunks[0] as Chunk)).toEqual({
    t: Float64Array.from([0, 10, 20, 30], (s) => START + s * 1_000_000),
    v: Float64Array.of(21.5, 21.6, 21.4, 21.4),
  });
});

test('C18 docs/FORMAT.md shows the trailer of an object of format 1', () => {
  const ends = [...releasedObjects().values()].map((object) => object.subarray(-44).toString('hex'));
  const shown = /`(b2[0-9a-f ]+)`: an index of 914 bytes from byte 1,202 on/.exec(FORMAT_MD)?.[1];
  expect(ends).toContain(shown?.replaceAll(' ', ''));
});
