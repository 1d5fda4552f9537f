import { deltas, sums } from './deltas.ts';
import { type DirectoryColumns, frameAt, ownerColumns, readOwners, sized } from './directory.ts';
import { damagedBlock, damagedFrame } from './errors.ts';
import { decodeTimes, decodeValues, digest128, KIND, zoneOf } from './frame.ts';
import { encodeFrameTable, frameKey } from './frame-table.ts';
import { tidemark } from './proto/block.js';
import { MAGIC } from './trailer.ts';
import type { Chunk, FrameRef } from './types.ts';

/**
 * A bare index leaves out what the frames say: a reader that has all of a small object cuts them apart by their lengths and decodes them. It keeps the
 * lengths of all frames but the last, and only what differs from the usual: chunk i is of series i and segment 0, and a value frame is a chunk together
 * with the closest timestamp frame before it.
 */
interface Pair {
  time: number;
  value: number;
}

/** The columns of a bare index; undefined when the frames named do not fill [magic, `end`) without gaps, as a bare index has it. */
export function bareColumns(chunks: readonly Chunk[], end: number): DirectoryColumns | undefined {
  const refs = chunks.flatMap(({ time, value }) => [time, value]);
  const { columns, indexOf } = encodeFrameTable(refs, MAGIC.length);
  const lengths = columns.frameLength ?? [];
  if (columns.frameGap?.length || lengths.reduce((sum, n) => sum + n, MAGIC.length) !== end) return undefined;
  const pairs = chunks.map(({ time, value }) => ({ time: indexOf(frameKey(time)), value: indexOf(frameKey(value)) }));
  const times = new Set(pairs.map(({ time }) => time));
  const usual = usualPairs(lengths.map((_, i) => times.has(i)));
  const same =
    usual.length === pairs.length &&
    usual.every(({ time, value }, i) => time === pairs[i]?.time && value === pairs[i]?.value);
  return {
    ...ownerColumns(chunks),
    timeFrame: same ? [] : deltas(pairs.map(({ time }) => time)),
    valueFrame: same ? [] : deltas(pairs.map(({ value }) => value)),
    frameLength: lengths.slice(0, -1),
  };
}

/** One chunk for each value frame. */
function usualPairs(isTime: readonly boolean[]): Pair[] {
  const pairs: Pair[] = [];
  let time = -1;
  for (const [i, its] of isTime.entries()) {
    if (its) time = i;
    else pairs.push({ time, value: i });
  }
  return pairs;
}

/**
 * The chunks of a small object; `object` is all of it before its index. Decodes every frame, at most `most` readings. Throws 'damaged-block',
 * 'damaged-frame' or 'unknown-encoding', whatever the bytes are.
 */
export function readBareChunks(columns: DirectoryColumns, object: Uint8Array, most: number): Chunk[] {
  const frames = cutFrames(columns.frameLength ?? [], object);
  const pairs = readPairs(columns, frames);
  const owners = readOwners(columns, pairs.length);
  const refs = frames.map(({ ref }) => ref);
  let last: { frame: number; t: Float64Array } | undefined;
  let readings = 0;
  return pairs.map(({ time, value }, i) => {
    const timeRef = frameAt(refs, time);
    const valueRef = frameAt(refs, value);
    if (last?.frame !== time) last = { frame: time, t: decodeTimes(bytesOf(object, timeRef)) };
    const { t } = last;
    const v = decodeValues(bytesOf(object, valueRef));
    if (t.length !== v.length) throw damagedFrame(`chunk ${i} has ${t.length} timestamps and ${v.length} values`);
    readings += v.length;
    if (readings > most) throw damagedBlock(`it holds more than ${most} readings, too many for a bare index`);
    return {
      series: owners.series[i] as number,
      segment: owners.segment[i] as number,
      count: t.length,
      tMin: t[0] as number,
      tMax: t.at(-1) as number,
      time: timeRef,
      value: valueRef,
      zone: zoneOf(v),
    };
  });
}

function bytesOf(object: Uint8Array, { offset, length }: FrameRef): Uint8Array {
  return object.subarray(offset, offset + length);
}

interface CutFrame {
  ref: FrameRef;
  kind: number;
}

function cutFrames(lengths: readonly number[], object: Uint8Array): CutFrame[] {
  const frames: CutFrame[] = [];
  let offset = MAGIC.length;
  const last = object.length - lengths.reduce((sum, n) => sum + n, offset);
  for (const length of last === 0 && lengths.length === 0 ? [] : [...lengths, last]) {
    if (length < 1 || offset + length > object.length) throw damagedBlock('its frames do not fill it');
    const bytes = object.subarray(offset, offset + length);
    frames.push({ ref: { offset, length, digest: digest128(bytes) }, kind: kindOf(bytes) });
    offset += length;
  }
  return frames;
}

function kindOf(frame: Uint8Array): number {
  let kind: number;
  try {
    kind = tidemark.v1.Frame.decode(frame).kind;
  } catch (thrown) {
    throw damagedFrame('it is no protobuf message', thrown);
  }
  if (kind !== KIND.times && kind !== KIND.values) throw damagedBlock(`it is small and has a frame of kind ${kind}`);
  return kind;
}

function readPairs(columns: DirectoryColumns, frames: readonly CutFrame[]): Pair[] {
  const values = columns.valueFrame ?? [];
  if (values.length === 0) return usualPairs(frames.map(({ kind }) => kind === KIND.times));
  const times = sums(sized('time_frame', columns.timeFrame, values.length));
  return sums(values).map((value, i) => ({ time: times[i] as number, value }));
}
