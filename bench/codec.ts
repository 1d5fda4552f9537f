import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { buildSegment, readChunk } from '../main/codec/segment.ts';
import { TimeColumns } from '../main/codec/time-columns.ts';
import { compared, type Measure } from './lib/measure.ts';
import { FIELDS, type PumpRows, PumpSite } from './lib/pump.ts';
import { OWN } from './lib/recordings.ts';
import { scratchFolder } from './lib/scratch.ts';
import { type PeerSizes, peerSizes } from './lib/sizes.ts';
import { busy } from './lib/stats.ts';
import { storeRecording } from './lib/stored.ts';

/** What pcodec's bare values and timestamps take over the same days, bytes a reading: used where pcodec cannot be had. */
const PCODEC = [
  { recording: OWN.machine, bytes: 4.26, aim: 1 },
  { recording: OWN.ambient, bytes: 8.19, aim: 1 },
  { recording: OWN.surfrad, bytes: 0.573, aim: 0.85 },
] as const;

const ROUNDS = 7;
const STEPS = 40_000;
const READINGS = STEPS * FIELDS.length;
const ZSTD_3 = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** Bytes in the bucket of real recordings, and speed on one core. */
export async function codec({ quick }: { quick: boolean }): Promise<Measure[]> {
  const sizes: Measure[] = [];
  for (const each of PCODEC) sizes.push(...(await sizesOf(each, !quick)));
  return [...sizes, ...speeds()];
}

/** Whole objects and their frames alone, against the peers for columns. */
async function sizesOf({ recording, bytes, aim }: (typeof PCODEC)[number], withPeers: boolean): Promise<Measure[]> {
  const scratch = scratchFolder();
  try {
    let peers: PeerSizes | undefined;
    const { readings, frames, objects } = await storeRecording(
      join(scratch.folder, 'data'),
      recording.bodies(),
      withPeers
        ? (days) => {
            peers = peerSizes(days, join(scratch.folder, 'columns'));
          }
        : undefined,
    );
    const unit = 'B/reading';
    const against = { unit, baseline: peers === undefined ? 'pcodec (constant)' : 'pcodec' };
    const pcodec = peers === undefined ? bytes : peers.pcodec / readings;
    return [
      compared({ ...against, name: `${recording.name}, timestamps and values` }, [
        { subject: frames / readings, baseline: pcodec },
      ]),
      compared(
        {
          ...against,
          name: `${recording.name}, whole objects`,
          bar: { of: 'ratio', op: '<=', limit: 1.05 },
          aim: { of: 'ratio', op: '<=', limit: aim },
        },
        [{ subject: objects / readings, baseline: pcodec }],
      ),
    ];
  } finally {
    scratch.remove();
  }
}

/** Millions of readings a second, against zstd of the raw rows: each timestamp and value as 8 bytes. */
function speeds(): Measure[] {
  const site = new PumpSite({ hubs: 1, startUs: 1_700_000_000_000_000, stepUs: 1_000_000, seed: 3 });
  const runs = runsOf(site.rows(STEPS));
  const raw = Buffer.concat(runs.map(rawRows));
  const encode: { subject: number; baseline: number }[] = [];
  const decode: { subject: number; baseline: number }[] = [];
  let segment = buildSegment(runs);
  let packed = zstdCompressSync(raw, ZSTD_3);
  for (let round = 0; round <= ROUNDS; round++) {
    const packMs = busy(() => {
      packed = zstdCompressSync(raw, ZSTD_3);
    });
    const buildMs = busy(() => {
      segment = buildSegment(runs);
    });
    const unpackMs = busy(() => zstdDecompressSync(packed));
    const readMs = busy(() => {
      const times = new TimeColumns();
      for (const chunk of segment.chunks) readChunk(segment.body, chunk, times);
    });
    // The first round ran code that was not compiled yet.
    if (round === 0) continue;
    encode.push({ subject: READINGS / buildMs / 1e3, baseline: READINGS / packMs / 1e3 });
    decode.push({ subject: READINGS / readMs / 1e3, baseline: READINGS / unpackMs / 1e3 });
  }
  const against = {
    unit: 'M readings/s',
    baseline: 'zstd-3 of raw rows',
    bar: { of: 'ratio', op: '>=', limit: 1 },
    aim: { of: 'ratio', op: '>=', limit: 2 },
  } as const;
  return [
    compared({ ...against, name: 'encode, one core' }, encode),
    compared({ ...against, name: 'decode, one core, digests checked' }, decode),
    compared({ unit: 'B/reading', baseline: 'zstd-3 of raw rows', name: 'pump walks' }, [
      { subject: segment.body.length / READINGS, baseline: packed.length / READINGS },
    ]),
  ];
}

function runsOf({ t, v }: PumpRows): { series: number; t: Float64Array; v: Float64Array }[] {
  const column = (from: Float64Array, field: number): Float64Array =>
    Float64Array.from({ length: STEPS }, (_, i) => from[i * FIELDS.length + field] ?? 0);
  return FIELDS.map((_, f) => ({ series: f + 1, t: column(t, f), v: column(v, f) }));
}

function rawRows({ t, v }: { t: Float64Array; v: Float64Array }): Buffer {
  const rows = Float64Array.from({ length: 2 * t.length }, (_, i) => (i % 2 === 0 ? t[i >> 1] : v[i >> 1]) ?? 0);
  return Buffer.from(rows.buffer);
}
