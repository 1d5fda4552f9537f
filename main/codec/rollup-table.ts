import { deltas, sums } from './deltas.ts';
import type { DirectoryColumns } from './directory.ts';
import { damagedBlock } from './errors.ts';
import { decodeFrameTable, encodeFrameTable } from './frame-table.ts';
import type { RollupRef } from './types.ts';

/** Where the rollup frames of a block lie, as columns of its index; none when there are none. Throws a RangeError when they are not back to back. */
export function encodeRollupTable(rollups: readonly RollupRef[]): DirectoryColumns {
  const [first] = rollups;
  if (first === undefined) return {};
  const { columns } = encodeFrameTable(
    rollups.map(({ frame }) => frame),
    first.frame.offset,
  );
  if (columns.frameGap?.length || columns.frameLength?.length !== rollups.length)
    throw new RangeError('the rollup frames do not lie back to back');
  return {
    rollupOffset: first.frame.offset,
    rollupSeries: deltas(rollups.map(({ series }) => series)),
    rollupWidth: deltas(rollups.map(({ width }) => width)),
    rollupLength: columns.frameLength,
    rollupDigest: columns.frameDigest ?? new Uint8Array(0),
  };
}

/** Undoes `encodeRollupTable` for a block of so many series. Throws 'damaged-block' when the columns do not fit each other. */
export function decodeRollupTable(columns: DirectoryColumns, seriesCount: number): RollupRef[] {
  const frames = decodeFrameTable(
    { frameLength: columns.rollupLength ?? [], frameDigest: columns.rollupDigest ?? new Uint8Array(0) },
    columns.rollupOffset ?? 0,
  );
  const [series, widths] = [sums(columns.rollupSeries ?? []), sums(columns.rollupWidth ?? [])];
  if (series.length !== frames.length || widths.length !== frames.length)
    throw damagedBlock('the columns of the rollups differ in length');
  return frames.map((frame, i) => {
    const [of, width] = [series[i] as number, widths[i] as number];
    if (!(of >= 0 && of < seriesCount && Number.isSafeInteger(width) && width >= 1))
      throw damagedBlock(`a rollup names series ${of} and buckets of ${width} microseconds`);
    return { series: of, width, frame };
  });
}
