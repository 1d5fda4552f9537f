import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { buildSegment, readChunk } from '../../main/codec/segment.ts';
import { TimeColumns } from '../../main/codec/time-columns.ts';
import { compared, type Goal, type Measure } from './measure.ts';
import { FIELDS, type PumpRows, PumpSite } from './pump.ts';
import { busy } from './stats.ts';

const ROUNDS = 5;
/** Some systems count processor time in ticks of 4 ms: work goes on for about this many readings before it is looked at. */
const ENCODED = 480_000;
const DECODED = 1_920_000;
const ZSTD_3 = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

interface Columns {
  name: string;
  /** Readings of each column. */
  steps: number;
  stepUs: number;
  bar?: Goal;
  aim: Goal;
}

type Rounds = { subject: number; baseline: number }[];

/**
 * Millions of readings a second on one core, against zstd of the raw rows of each column, a timestamp and a value of 8 bytes each. All columns of a source,
 * with the digests, and with the directory where they are encoded.
 */
export function codecSpeed({ name, steps, stepUs, ...goals }: Columns): Measure[] {
  const site = new PumpSite({ hubs: 1, startUs: 1_700_000_000_000_000, stepUs, seed: 3 });
  const runs = runsOf(site.rows(steps), steps);
  const raw = runs.map(rawRows);
  const packed = raw.map((rows) => zstdCompressSync(rows, ZSTD_3));
  const segment = buildSegment(runs);
  const readings = steps * FIELDS.length;
  const encode: Rounds = [];
  const decode: Rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const encoded = {
      baseline: speed(readings, ENCODED, () => {
        for (const rows of raw) zstdCompressSync(rows, ZSTD_3);
      }),
      subject: speed(readings, ENCODED, () => buildSegment(runs)),
    };
    const decoded = {
      baseline: speed(readings, DECODED, () => {
        for (const bytes of packed) zstdDecompressSync(bytes);
      }),
      subject: speed(readings, DECODED, () => {
        const times = new TimeColumns();
        for (const chunk of segment.chunks) readChunk(segment.body, chunk, times);
      }),
    };
    // The first round ran code that was not compiled yet.
    if (round === 0) continue;
    encode.push(encoded);
    decode.push(decoded);
  }
  const against = { baseline: 'zstd-3 of raw rows', unit: 'M readings/s', ...goals };
  return [
    compared({ ...against, name: `encode, one core, ${name}` }, encode),
    compared({ ...against, name: `decode, one core, digests checked, ${name}` }, decode),
    compared({ unit: 'B/reading', baseline: 'zstd-3 of raw rows', name: `pump walks, ${name}` }, [
      {
        subject: segment.body.length / readings,
        baseline: packed.reduce((bytes, each) => bytes + each.length, 0) / readings,
      },
    ]),
  ];
}

/** Millions of readings a second when `work`, of `readings`, is done again until it has done `most`. */
function speed(readings: number, most: number, work: () => void): number {
  const times = Math.ceil(most / readings);
  const ms = busy(() => {
    for (let i = 0; i < times; i++) work();
  });
  return (readings * times) / ms / 1e3;
}

function runsOf({ t, v }: PumpRows, steps: number): { series: number; t: Float64Array; v: Float64Array }[] {
  const column = (from: Float64Array, field: number): Float64Array =>
    Float64Array.from({ length: steps }, (_, i) => from[i * FIELDS.length + field] ?? 0);
  return FIELDS.map((_, f) => ({ series: f + 1, t: column(t, f), v: column(v, f) }));
}

function rawRows({ t, v }: { t: Float64Array; v: Float64Array }): Buffer {
  const rows = Float64Array.from({ length: 2 * t.length }, (_, i) => (i % 2 === 0 ? t[i >> 1] : v[i >> 1]) ?? 0);
  return Buffer.from(rows.buffer);
}
