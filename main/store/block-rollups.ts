import { dayStart } from '../../shared/units.ts';
import { digest128 } from '../codec/frame.ts';
import { decodeRollup, encodeRollup, rollupWithin } from '../codec/rollup.ts';
import type { Chunk, RollupRef } from '../codec/types.ts';
import { WIDTH_US } from './levels.ts';
import type { DirtyRows } from './rollup-dirty.ts';
import { bandOf, type Frames, hasDay, type RollupRows } from './rollup-rows.ts';
import type { Level } from './types.ts';

/** The rollups of a series take at most this share of its values in a block: below that they spare little, and are soon made from the readings. */
export const ROLLUP_SHARE: number = 1 / 24;
/** No frame with some buckets is shorter: a series of fewer values than that stands for is not even looked at. */
const SHORTEST_FRAME = 64;

export interface BlockRollups {
  rollups: RollupRef[];
  /** As `rollups`, back to back. */
  frames: Uint8Array[];
}

/**
 * The rollup frames of a block whose frames end at `offset`, hours first: of every series that pays for them, and of which all readings of the day are in the
 * block, each once, so that they say what the readings beside them say. `ids` are the local ids of the block's series; `divided` are those of which this gateway has
 * other readings of the day beside the block.
 */
export function rollupsOfBlock(
  { rows, dirty }: { rows: RollupRows; dirty: DirtyRows },
  day: number,
  { ids, chunks, divided }: { ids: readonly number[]; chunks: readonly Chunk[]; divided: ReadonlySet<number> },
  offset: number,
): BlockRollups {
  if (!rows.isDone(day)) return { rollups: [], frames: [] };
  const bands: Record<Level, Map<number, Frames>> = { minutes: new Map(), hours: new Map() };
  const frameOf = (level: Level, series: number): Uint8Array | undefined => {
    const band = bandOf(series);
    const frames = bands[level].get(band) ?? rows.band(level, band, day);
    bands[level].set(band, frames);
    return level === 'minutes' || frames.has(series) ? frames.get(series) : mergedHours(rows, series, day);
  };
  const found: Record<Level, [series: number, frame: Uint8Array][]> = { hours: [], minutes: [] };
  for (const [position, { readings, bytes }] of wholeSeries(chunks)) {
    const series = ids[position] ?? -1;
    if (divided.has(series)) continue;
    let room = Math.floor(bytes * ROLLUP_SHARE);
    if (room < SHORTEST_FRAME || dirty.of(series, day, day).size > 0) continue;
    const hours = frameOf('hours', series);
    if (hours === undefined || readingsOf(hours) !== readings) continue;
    for (const level of ['hours', 'minutes'] as const) {
      const frame = level === 'hours' ? hours : frameOf(level, series);
      if (frame === undefined || frame.length > room) break;
      found[level].push([position, frame]);
      room -= frame.length;
    }
  }
  const placed: BlockRollups = { rollups: [], frames: [] };
  let at = offset;
  for (const level of ['hours', 'minutes'] as const) {
    for (const [series, frame] of found[level]) {
      const ref = { offset: at, length: frame.length, digest: digest128(frame) };
      placed.rollups.push({ series, width: WIDTH_US[level], frame: ref });
      placed.frames.push(frame);
      at += frame.length;
    }
  }
  return placed;
}

/** Readings, and bytes of the values, by series; without those whose chunks overlap in time. */
function wholeSeries(chunks: readonly Chunk[]): Map<number, { readings: number; bytes: number }> {
  const of = new Map<number, { readings: number; bytes: number; tMax: number }>();
  const overlapping = new Set<number>();
  for (const chunk of [...chunks].sort((a, b) => a.tMin - b.tMin)) {
    const before = of.get(chunk.series) ?? { readings: 0, bytes: 0, tMax: Number.NEGATIVE_INFINITY };
    if (chunk.tMin <= before.tMax) overlapping.add(chunk.series);
    of.set(chunk.series, {
      readings: before.readings + chunk.count,
      bytes: before.bytes + chunk.value.length,
      tMax: Math.max(before.tMax, chunk.tMax),
    });
  }
  for (const series of overlapping) of.delete(series);
  return of;
}

/** Hours of a day whose month is merged. */
function mergedHours(rows: RollupRows, series: number, day: number): Uint8Array | undefined {
  const [month] = rows.months(series, day, day);
  if (month?.rollup === undefined || hasDay(month.rawDays, day)) return undefined;
  const within = rollupWithin(month.rollup, dayStart(day), dayStart(day + 1));
  return within.start.length === 0 ? undefined : encodeRollup(within);
}

function readingsOf(frame: Uint8Array): number {
  return decodeRollup(frame).count.reduce((sum, n) => sum + n, 0);
}
