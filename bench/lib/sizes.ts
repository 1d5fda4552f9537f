import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerPython } from './peers.ts';

/** Readings of one series in one day, ascending. */
export interface SeriesDay {
  series: number;
  t: Float64Array;
  v: Float64Array;
}

/** Bytes of the same readings. */
export interface PeerSizes {
  pcodec: number;
  parquet: number;
}

/**
 * Bytes that pcodec takes for the bare columns of each series-day, and Parquet (zstd level 9) for all in one file. Undefined when neither can be had (a
 * line has said so). `file` is written for it.
 */
export function peerSizes(found: readonly SeriesDay[], file: string): PeerSizes | undefined {
  const python = peerPython();
  if (python === undefined) return undefined;
  const columns = found.flatMap(({ series, t, v }) => [Uint32Array.of(series, t.length), t, v]);
  writeFileSync(file, Buffer.concat(columns.map((each) => Buffer.from(each.buffer, each.byteOffset, each.byteLength))));
  const said = execFileSync(python, [join(import.meta.dirname, 'sizes.py'), file], { encoding: 'utf8' });
  return JSON.parse(said) as PeerSizes;
}
