import { bucketStart } from '../shared/buckets.ts';
import { type QueryRows, type QueryUpdate, queryRowsSchema } from '../shared/schemas.ts';
import { jsonNumber } from './api-views.ts';
import type { QueryAnswer, RawAnswer } from './query/service.ts';

const coldOf = (a: Pick<QueryAnswer, 'cold'>): QueryRows['cold'] => ({
  bytes: a.cold.bytes,
  total_bytes: a.cold.totalBytes,
  requests: a.cold.requests,
});
const mean = (sum: number, numbers: number): number => (numbers === 0 ? Number.NaN : sum / numbers);

/** Of a query's answer, all but its points: checked at run time like every other message. */
const envelope = queryRowsSchema.omit({ points: true });

/** Points written at once: about 1 ms of the main thread, which then answers others. */
const SLICE = 1_000;

/** Doubles as JSON text that reads back to the same doubles; what JSON does not have is its name. */
function rowsText(rows: readonly (readonly number[])[]): string {
  const every = (is: (value: number) => boolean): boolean => rows.every((row) => row.every(is));
  // By far the quickest, but it writes -0 as 0, and what is no number as null.
  if (every((value) => Number.isFinite(value) && !Object.is(value, -0))) return JSON.stringify(rows).slice(1, -1);
  const text = (value: number): string => (Object.is(value, -0) ? '-0' : JSON.stringify(jsonNumber(value)));
  return rows.map((row) => `[${row.map(text).join()}]`).join();
}

/** Rows for people and scripts as a JSON body: `[t_us, min, max, mean, count]` for each bucket that is not empty. */
export function bucketRows(series: string, a: QueryAnswer): AsyncGenerator<Uint8Array> {
  const { index, min, max, sum, numbers, count } = a.buckets;
  const row = (i: number): number[] => {
    const middle = mean(sum[i] ?? 0, numbers[i] ?? 0);
    return [bucketStart(a, index[i] ?? 0), min[i] ?? 0, max[i] ?? 0, middle, count[i] ?? 0];
  };
  return rowsJson({ series, unit: a.unit, coverage: a.coverage, cold: coldOf(a), next: null }, index.length, row);
}

/** `[t_us, value]` for each reading of the page. */
export function rawRows(series: string, { t, v, ...a }: RawAnswer): AsyncGenerator<Uint8Array> {
  const next = a.next === undefined ? null : String(a.next);
  const row = (i: number): number[] => [t[i] ?? 0, v[i] ?? 0];
  return rowsJson({ series, unit: a.unit, coverage: a.coverage, cold: coldOf(a), next }, t.length, row);
}

/** The text of a `QueryRows`, slice by slice: made as a whole, a page of 100,000 points would hold up everybody else for a quarter of a second. */
async function* rowsJson(
  rest: Omit<QueryRows, 'points'>,
  rows: number,
  row: (i: number) => number[],
): AsyncGenerator<Uint8Array> {
  let text = `${JSON.stringify(envelope.parse(rest)).slice(0, -1)},"points":[`;
  for (let from = 0; from < rows; from += SLICE) {
    if (from > 0) {
      yield Buffer.from(text);
      text = ',';
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    text += rowsText(Array.from({ length: Math.min(SLICE, rows - from) }, (_, i) => row(from + i)));
  }
  yield Buffer.from(`${text}]}`);
}

const base64 = (column: Float64Array): string =>
  Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64');

/** Columns for the screen: bit-exact, and cheap to pack and unpack. */
export function queryUpdate(a: QueryAnswer, series: string): QueryUpdate {
  const { index, time, min, max, sum, numbers, count, first, last } = a.buckets;
  // A bucket of rollups has no time of its own.
  const raw = count.every((n, i) => n <= 1 && !Number.isNaN(time[i]));
  const t = raw ? time : Float64Array.from(index, (bucket) => bucketStart(a, bucket));
  const means = Float64Array.from(sum, (s, i) => mean(s, numbers[i] ?? 0));
  const columns = { t, min, max, mean: means, first, last, count };
  return {
    series,
    unit: a.unit,
    from: a.from,
    to: a.to,
    raw,
    coverage: a.coverage,
    cold: coldOf(a),
    done: a.done,
    coarse: a.coarse,
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
