import { TidemarkError } from '../../shared/errors.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { digest128 } from '../codec/frame.ts';
import { MAX_CHUNK_READINGS } from '../codec/limits.ts';
import { type AddedChunk, type Segment, SegmentBuilder } from '../codec/segment.ts';
import { TimeColumns } from '../codec/time-columns.ts';
import type { Chunk } from '../codec/types.ts';

/** Readings of one series, times strictly ascending. */
export interface Run {
  series: number;
  t: Float64Array;
  v: Float64Array;
}

/** Series ids of one row stay within one band of this size, so that compaction works on a band at a time. */
export const BAND = 1_000;
/** Raw readings after which a row is closed, about 4 MB of float noise at worst. */
export const ROW_READINGS = 400_000;

type Row = Segment;

/** A pause in the making of rows: what was done since the last one, and the row that was closed, if one was. */
export interface RowStep {
  /** Readings encoded; a chunk, however short, costs as much as CHUNK_WORK of them. */
  work: number;
  row?: Row;
}
const CHUNK_WORK = 200;
/** To close a row costs as much, however little is in it. */
const ROW_WORK = 800;

/** Work after which the writer thread turns to other calls: some 20 ms, also on a small machine below 50. */
export const STEP_WORK = 100_000;

/**
 * Runs (series ascending within a band) as rows: a row ends at a band's edge or when it is full; a run that is too long for one row is split. Each
 * chunk is decoded again and compared bit for bit, before anything that the runs were read from may go (T9). Pauses after each chunk, so that a
 * caller can do other work between. Throws 'encoding-differs' when they are not equal.
 */
export function* rowSteps(runs: Iterable<Run>): Generator<RowStep> {
  let builder = new SegmentBuilder();
  let chunks: Chunk[] = [];
  let readings = 0;
  let bandOfRow = -1;
  const times = new TimeColumns();
  const close = (): RowStep => {
    const row = builder.finish();
    checkWhole(row, chunks);
    builder = new SegmentBuilder();
    chunks = [];
    readings = 0;
    return { work: ROW_WORK, row };
  };
  for (const run of runs) {
    const band = Math.floor(run.series / BAND);
    if (chunks.length > 0 && band !== bandOfRow) yield close();
    bandOfRow = band;
    for (let start = 0; start < run.t.length; start += MAX_CHUNK_READINGS) {
      // A run goes into one row if it can.
      const more = Math.min(run.t.length - start, start === 0 ? ROW_READINGS : MAX_CHUNK_READINGS);
      if (readings > 0 && readings + more > ROW_READINGS) yield close();
      const end = start + MAX_CHUNK_READINGS;
      const piece = { series: run.series, t: run.t.subarray(start, end), v: run.v.subarray(start, end) };
      for (const added of builder.add(piece)) {
        compare(piece, added, times);
        chunks.push(added.chunk);
      }
      readings += piece.t.length;
      yield { work: CHUNK_WORK + piece.t.length };
    }
  }
  if (chunks.length > 0) yield close();
}

/** Decodes a chunk and compares it with what it was made from: bits, not numbers, so that NaN equals only the same NaN. */
function compare(run: Run, { chunk, time, value }: AddedChunk, times: TimeColumns): void {
  const { t, v } = times.decodeChunk(chunk.time.digest, time, value);
  if (!sameBits(run.t, t) || !sameBits(run.v, v)) throw differs(run.series);
}

/** The directory names every chunk that was compared, and the body holds their frames. */
function checkWhole(row: Row, compared: readonly Chunk[]): void {
  const listed = decodeDirectory(row.directory);
  for (const [i, chunk] of compared.entries()) {
    const same = listed[i];
    const whole =
      same?.series === chunk.series &&
      same.count === chunk.count &&
      [same.time, same.value].every(
        (ref) => digest128(row.body.subarray(ref.offset, ref.offset + ref.length)) === ref.digest,
      ) &&
      same.time.digest === chunk.time.digest &&
      same.value.digest === chunk.value.digest;
    if (!whole) throw differs(chunk.series);
  }
  if (listed.length !== compared.length) throw differs(listed.at(-1)?.series ?? 0);
}

function sameBits(a: Float64Array, b: Float64Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
}

function differs(series: number): TidemarkError {
  return new TidemarkError(
    'encoding-differs',
    `series ${series} decoded differently after it was encoded anew; what it was made from was kept`,
    {
      retry: 'later',
      blame: 'gateway',
      action: 'check the memory of this machine; send the events to support',
    },
  );
}
