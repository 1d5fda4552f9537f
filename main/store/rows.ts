import { TidemarkError } from '../../shared/errors.ts';
import { decodeDirectory } from '../codec/directory.ts';
import { buildSegment, readChunk } from '../codec/segment.ts';

/** Readings of one series, times strictly ascending. */
export interface Run {
  series: number;
  t: Float64Array;
  v: Float64Array;
}

/** Series ids of one row stay within one band of this size, so that compaction works on a band at a time. */
const BAND = 1_000;
/** Raw readings after which a row is closed, about 4 MB of float noise at worst. */
const ROW_READINGS = 400_000;

type Row = ReturnType<typeof buildSegment>;

/**
 * Runs (series ascending) as rows: a row ends at a band's edge or when it is full; a run that is too long for one row is split. Each row is decoded
 * again and compared bit for bit, before anything that the runs were read from may go (T9). Throws 'encoding-differs' when they are not equal.
 */
export function buildRows(runs: readonly Run[]): Row[] {
  const rows: Row[] = [];
  let row: Run[] = [];
  let readings = 0;
  const close = (): void => {
    if (row.length === 0) return;
    const built = buildSegment(row);
    compare(row, built);
    rows.push(built);
    row = [];
    readings = 0;
  };
  for (const run of runs) {
    const band = Math.floor(run.series / BAND);
    if (row.length > 0 && Math.floor((row[0]?.series ?? 0) / BAND) !== band) close();
    for (let start = 0; start < run.t.length; start += ROW_READINGS) {
      const piece = {
        series: run.series,
        t: run.t.subarray(start, start + ROW_READINGS),
        v: run.v.subarray(start, start + ROW_READINGS),
      };
      if (readings + piece.t.length > ROW_READINGS) close();
      row.push(piece);
      readings += piece.t.length;
    }
  }
  close();
  return rows;
}

/** Decodes a row and compares it with what it was made from: bits, not numbers, so that NaN equals only the same NaN. */
function compare(runs: readonly Run[], row: Row): void {
  const decoded = new Map<number, Omit<Run, 'series'>[]>();
  for (const chunk of decodeDirectory(row.directory)) {
    const list = decoded.get(chunk.series) ?? [];
    list.push(readChunk(row.body, chunk));
    decoded.set(chunk.series, list);
  }
  for (const run of runs) {
    let at = 0;
    for (const part of decoded.get(run.series) ?? []) {
      const same =
        sameBits(run.t.subarray(at, at + part.t.length), part.t) &&
        sameBits(run.v.subarray(at, at + part.v.length), part.v);
      if (!same) throw differs(run.series);
      at += part.t.length;
    }
    if (at !== run.t.length) throw differs(run.series);
  }
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
