import { dayOf } from '../../shared/units.ts';
import type { Batch } from '../store/types.ts';

/** Each UTC day of a commit is a row of its own once it is cut, held in memory until all of them are stored: readings may be of a day each, over centuries. */
const PART_DAYS = 1_000;

/** A batch as pieces of few days, in order of arrival: nearly always itself. */
export function* partsOf(batch: Batch): Generator<Batch> {
  const { count, series, t, v } = batch;
  const days = new Set<number>();
  let today = Number.NaN;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const day = dayOf(t[i] ?? 0);
    if (day === today) continue;
    today = day;
    days.add(day);
    if (days.size <= PART_DAYS) continue;
    yield { count: i - from, series: series.subarray(from, i), t: t.subarray(from, i), v: v.subarray(from, i) };
    days.clear();
    days.add(day);
    from = i;
  }
  yield from === 0
    ? batch
    : { count: count - from, series: series.subarray(from), t: t.subarray(from), v: v.subarray(from) };
}
