import type { QueryUpdate } from '../../shared/schemas.ts';
import { decodeColumn } from '../transport/decode.ts';
import type { Coverage } from './band.ts';
import { type Plotted, withGaps } from './gaps.ts';
import type { Range } from './range.ts';

/** Points of one resolution, ascending in time. */
export interface Layer {
  /** Width of a point, microseconds; 0 when each point is one reading. */
  bucket: number;
  t: Float64Array;
  mean: Float64Array;
  min: Float64Array;
  max: Float64Array;
  count: Float64Array;
}

/** What is known of one series over one range. */
export interface Picture {
  unit: string;
  range: Range;
  raw: boolean;
  /** The answer first; then what an earlier picture showed where the archive has not answered yet. They never cover the same time. */
  layers: readonly Layer[];
  coverage: readonly Coverage[];
  /** Stretches whose points are still on their way from the archive. */
  pending: readonly Range[];
  /** Some of it is only a summary: full detail is on its way, or needs the link. */
  coarse: boolean;
  cold: QueryUpdate['cold'];
}

/** One point as it is read out: a reading, or a bucket of them. */
export interface Point {
  t: number;
  bucket: number;
  mean: number;
  min: number;
  max: number;
  count: number;
}

const MOST_LAYERS = 3;

/** The next state of an answer over what was shown before: it sharpens in place, nothing vanishes because it is being fetched anew. */
export function sharpen(before: Picture | undefined, update: QueryUpdate, points: number): Picture {
  const { t, mean, min, max, count } = update.columns;
  const layer: Layer = {
    bucket: update.raw ? 0 : (update.to - update.from) / points,
    t: decodeColumn(t),
    mean: decodeColumn(mean),
    min: decodeColumn(min),
    max: decodeColumn(max),
    count: decodeColumn(count),
  };
  const pending = update.done ? [] : pendingOf(update.coverage, layer);
  const kept = (before?.layers ?? []).map((old) => within(old, pending)).filter((old) => old.t.length > 0);
  return {
    unit: update.unit,
    range: { from: update.from, to: update.to },
    raw: update.raw,
    layers: [layer, ...kept].slice(0, MOST_LAYERS),
    coverage: update.coverage,
    pending,
    coarse: update.coarse,
    cold: update.cold,
  };
}

/** The gateway reads cold stretches in time order: in each, what lies after its last point has not come yet. */
function pendingOf(coverage: readonly Coverage[], layer: Layer): Range[] {
  return coverage.flatMap((c) => {
    if (c.source !== 'cold') return [];
    const last = layer.t[lowerBound(layer.t, c.to) - 1];
    const from = last === undefined ? c.from : Math.max(c.from, last + 1);
    return from < c.to ? [{ from, to: c.to }] : [];
  });
}

function within(layer: Layer, spans: readonly Range[]): Layer {
  const keep: number[] = [];
  for (const { from, to } of spans)
    for (let i = lowerBound(layer.t, from); i < layer.t.length && (layer.t[i] ?? to) < to; i++) keep.push(i);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(keep, (i) => column[i] ?? Number.NaN);
  const { bucket, t, mean, min, max, count } = layer;
  return { bucket, t: pick(t), mean: pick(mean), min: pick(min), max: pick(max), count: pick(count) };
}

/** Index of the first time that is not before `at`. */
export function lowerBound(t: Float64Array, at: number): number {
  let [low, high] = [0, t.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((t[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Columns mean, min, max of all layers in one, with nulls in the gaps. */
export function plotted(layers: readonly Layer[]): Plotted {
  const [first, ...rest] = layers.map(({ t, mean, min, max, bucket }) => withGaps(t, [mean, min, max], bucket));
  if (first === undefined) return { t: [], columns: [[], [], []] };
  if (rest.length === 0) return first;
  const rows = [first, ...rest].flatMap(({ t, columns }) =>
    t.map((at, i) => ({ at, values: columns.map((column) => column[i] ?? null) })),
  );
  rows.sort((a, b) => a.at - b.at);
  return { t: rows.map((r) => r.at), columns: first.columns.map((_, c) => rows.map((r) => r.values[c] ?? null)) };
}

export function pointAt(layer: Layer, i: number): Point | undefined {
  const t = layer.t[i];
  if (t === undefined) return undefined;
  const at = (column: Float64Array): number => column[i] ?? Number.NaN;
  const { bucket, mean, min, max, count } = layer;
  return { t, bucket, mean: at(mean), min: at(min), max: at(max), count: at(count) };
}

const middle = (p: Point): number => p.t + p.bucket / 2;

/** The point nearest to a time, at most `reach` away. */
export function nearest(picture: Picture, at: number, reach: number): Point | undefined {
  let best: Point | undefined;
  for (const layer of picture.layers) {
    const i = lowerBound(layer.t, at);
    for (const point of [pointAt(layer, i - 1), pointAt(layer, i)]) {
      if (point === undefined) continue;
      if (best === undefined || Math.abs(middle(point) - at) < Math.abs(middle(best) - at)) best = point;
    }
  }
  return best !== undefined && Math.abs(middle(best) - at) <= Math.max(reach, best.bucket) ? best : undefined;
}

/** The neighbour of a time in a picture, `step` points on; for the keyboard. */
export function stepFrom(picture: Picture, at: number | undefined, step: 1 | -1): number | undefined {
  const layer = picture.layers[0];
  if (layer === undefined || layer.t.length === 0) return undefined;
  const here = at === undefined ? (step > 0 ? -1 : layer.t.length) : lowerBound(layer.t, at - layer.bucket / 2);
  const point = pointAt(layer, Math.min(layer.t.length - 1, Math.max(0, here + step)));
  return point === undefined ? undefined : middle(point);
}

/** The last point within a range. */
export function lastWithin(picture: Picture, range: Range): Point | undefined {
  let last: Point | undefined;
  for (const layer of picture.layers) {
    const point = pointAt(layer, lowerBound(layer.t, range.to) - 1);
    if (point !== undefined && point.t + point.bucket >= range.from && point.t >= (last?.t ?? -Infinity)) last = point;
  }
  return last;
}
