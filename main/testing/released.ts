import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

const FOLDER = path.join(import.meta.dirname, 'fixtures', 'format-1');

/** One series of fixtures/format-1. `bits` are the bits of the values in hex. */
export interface ReleasedSeries {
  key: string;
  unit: string;
  /** What a query of the gateway must answer. */
  all: { t: Float64Array; bits: string };
  /** What the blocks alone say. */
  archived: { t: Float64Array; bits: string };
}

interface Packed {
  t: number[];
  bits: string;
}

export function releasedReadings(): ReleasedSeries[] {
  const series = JSON.parse(unpack('readings.json.gz').toString()) as (Pick<ReleasedSeries, 'key' | 'unit'> &
    Record<'all' | 'archived', Packed>)[];
  return series.map((one) => ({ ...one, all: unpackTimes(one.all), archived: unpackTimes(one.archived) }));
}

function unpackTimes({ t, bits }: Packed): { t: Float64Array; bits: string } {
  let at = 0;
  const times = new Float64Array(t.length);
  for (const [i, step] of t.entries()) {
    at += step;
    times[i] = at;
  }
  return { t: times, bits };
}

/** Key and bytes of the objects of fixtures/format-1. */
export function releasedObjects(): Map<string, Buffer> {
  const bucket = path.join(FOLDER, 'bucket');
  const names = readdirSync(bucket, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmb'));
  return new Map(names.map((name) => [name.split(path.sep).join('/'), readFileSync(path.join(bucket, name))]));
}

/** A copy of the frozen database in a folder of its own. */
export function releasedDatabase(): { file: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-released-'));
  const file = path.join(folder, 'tidemark.db');
  writeFileSync(file, unpack('tidemark.db.gz'));
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function unpack(name: string): Buffer {
  return gunzipSync(readFileSync(path.join(FOLDER, name)));
}
