import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { dayOf } from '../../shared/units.ts';
import { bitsOf } from '../testing/columns.ts';
import { encodeBareTail, rebase } from './block.ts';
import { type Run, sortRun } from './merge.ts';
import { buildSegment, readChunk, type Segment } from './segment.ts';
import { MAGIC } from './trailer.ts';

const FOLDER = path.join(import.meta.dirname, '..', '..', 'assets', 'recordings');
const MISSING = -9999.9;

function lines(file: string): string[] {
  return readFileSync(path.join(FOLDER, file), 'utf8').trim().split('\n');
}

/** A NAB recording, in arrival order. */
function nab(file: string): Run {
  const rows = lines(file)
    .slice(1)
    .map((line) => line.split(',') as [string, string]);
  return {
    t: Float64Array.from(rows, ([at]) => Date.parse(`${at.replace(' ', 'T')}Z`) * 1000),
    v: Float64Array.from(rows, ([, value]) => Number(value)),
  };
}

function days({ t, v }: Run): Run[] {
  const cuts = [0];
  for (let i = 1; i < t.length; i++) if (dayOf(t[i] as number) !== dayOf(t[i - 1] as number)) cuts.push(i);
  return cuts.map((from, i) => ({ t: t.subarray(from, cuts[i + 1]), v: v.subarray(from, cuts[i + 1]) }));
}

/** The channels of a SURFRAD day, each with the minutes it has. */
function surfrad(file: string): Run[] {
  const rows = lines(file)
    .slice(2)
    .map((line) => line.trim().split(/\s+/).map(Number));
  return Array.from({ length: 20 }, (_, channel) => {
    const there = rows.filter((row) => row[8 + 2 * channel] !== MISSING);
    return {
      t: Float64Array.from(
        there,
        ([year, , month, day, hour, minute]) =>
          1000 * Date.UTC(year as number, (month as number) - 1, day, hour, minute),
      ),
      v: Float64Array.from(there, (row) => row[8 + 2 * channel] as number),
    };
  }).filter(({ t }) => t.length > 0);
}

function checked(runs: Run[]): Segment {
  const segment = buildSegment(runs.map((run, i) => ({ series: i + 1, ...run })));
  for (const [i, { t, v }] of runs.entries()) {
    const back = readChunk(segment.body, segment.chunks[i] as Segment['chunks'][number]);
    expect(back.t).toEqual(t);
    expect(bitsOf(back.v)).toBe(bitsOf(v));
  }
  return segment;
}

/** Bytes of a segment as an object of its own, the one series of which has the name. */
function objectBytes({ body, chunks }: Segment, keys: readonly string[]): number {
  const index = {
    series: keys.map((key) => ({ key, unit: '' })),
    segments: [{ epoch: 1, seqLo: 1_000_000, seqHi: 1_000_100 }],
    chunks: chunks.map((chunk, i) => ({ ...rebase(chunk, MAGIC.length), series: i })),
  };
  const before = Buffer.concat([MAGIC, body]);
  return before.length + (encodeBareTail(index, before)?.length ?? Number.NaN);
}

function bytesPerReading(segments: Segment[]): number {
  const bytes = segments.reduce((sum, { body }) => sum + body.length, 0);
  return bytes / segments.reduce((sum, { readings }) => sum + readings, 0);
}

// The bars are pcodec's bare values and timestamps over the same days.
test.each([
  ['machine_temperature_system_failure.csv', 22_683, 4.26],
  ['ambient_temperature_system_failure.csv', 7267, 8.19],
])(
  'C17 C24 %s by day: to the bit, in no more bytes than pcodec, and as whole objects in a twentieth more',
  (file, readings, bar) => {
    const arrived = nab(file);
    const segments = days(sortRun(arrived.t, arrived.v)).map((day) => checked([day]));
    expect(segments.reduce((sum, segment) => sum + segment.readings, 0)).toBe(readings);
    expect(bytesPerReading(segments)).toBeLessThan(bar);
    const objects = segments.reduce((sum, segment) => sum + objectBytes(segment, [file.replace('.csv', '.value')]), 0);
    expect(objects / readings).toBeLessThan(1.05 * bar);
  },
);

test('C17 C24 SURFRAD: to the bit, timestamps stored once, directory included in no more bytes than pcodec', () => {
  const segment = checked(surfrad('surfrad-slv16001.dat'));
  expect(new Set(segment.chunks.map(({ time }) => time.offset)).size).toBe(1);
  expect(bytesPerReading([segment]) + segment.directory.length / segment.readings).toBeLessThan(0.573);
  const keys = segment.chunks.map((_, i) => `surfrad.channel_${i}{station=alamosa}`);
  expect(objectBytes(segment, keys) / segment.readings).toBeLessThan(0.85 * 0.573);
});
