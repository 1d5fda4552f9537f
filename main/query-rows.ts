import { bucketStart } from '../shared/buckets.ts';
import type { QueryUpdate } from '../shared/schemas.ts';
import { jsonNumber } from './api-views.ts';
import type { QueryAnswer, RawAnswer } from './query/service.ts';

type Cell = number | 'NaN' | 'Infinity' | '-Infinity';
interface Rows {
  points: Cell[][];
  coverage: QueryAnswer['coverage'];
  cold: { bytes: number; total_bytes: number; requests: number };
  next: string | null;
}

const coldOf = (a: Pick<QueryAnswer, 'cold'>): Rows['cold'] => ({
  bytes: a.cold.bytes,
  total_bytes: a.cold.totalBytes,
  requests: a.cold.requests,
});
const mean = (sum: number, numbers: number): number => (numbers === 0 ? Number.NaN : sum / numbers);

/** `[t_us, min, max, mean, count]` for each bucket that is not empty. */
export function bucketRows(a: QueryAnswer): Omit<Rows, 'next'> {
  const { index, min, max, sum, numbers, count } = a.buckets;
  const points = Array.from(index, (bucket, i): Cell[] => [
    bucketStart(a, bucket),
    jsonNumber(min[i] ?? 0),
    jsonNumber(max[i] ?? 0),
    jsonNumber(mean(sum[i] ?? 0, numbers[i] ?? 0)),
    count[i] ?? 0,
  ]);
  return { points, coverage: a.coverage, cold: coldOf(a) };
}

/** `[t_us, value]` for each reading of the page. */
export function rawRows(a: RawAnswer): Rows {
  const points = Array.from(a.t, (t, i): Cell[] => [t, jsonNumber(a.v[i] ?? 0)]);
  return { points, coverage: a.coverage, cold: coldOf(a), next: a.next === undefined ? null : String(a.next) };
}

const base64 = (column: Float64Array): string =>
  Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64');

/** Columns for the screen: bit-exact, and cheap to pack and unpack. */
export function queryUpdate(a: QueryAnswer, series: string, unit: string): QueryUpdate {
  const { index, time, min, max, sum, numbers, count, first, last } = a.buckets;
  const raw = count.every((n) => n <= 1);
  const t = raw ? time : Float64Array.from(index, (bucket) => bucketStart(a, bucket));
  const means = Float64Array.from(sum, (s, i) => mean(s, numbers[i] ?? 0));
  const columns = { t, min, max, mean: means, first, last, count };
  return {
    series,
    unit,
    from: a.from,
    to: a.to,
    raw,
    coverage: a.coverage,
    cold: coldOf(a),
    done: a.done,
    columns: {
      t: base64(columns.t),
      min: base64(columns.min),
      max: base64(columns.max),
      mean: base64(columns.mean),
      first: base64(columns.first),
      last: base64(columns.last),
      count: base64(columns.count),
    },
  };
}
