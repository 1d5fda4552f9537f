import { DAY_US } from '../../shared/units.ts';
import { lowerBound, sortRun } from '../codec/merge.ts';
import type { Head } from './head.ts';
import { type Run, rowSteps } from './rows.ts';
import type { NewSegment } from './segments.ts';

/** Limits after which the head is due to be cut. */
const MAX_READINGS = 2_000_000;
const MAX_BYTES = 64_000_000;
const MAX_AGE_US = 2 * 3_600_000_000;

export function cutIsDue(head: Head, nowUs: number): boolean {
  if (head.readings === 0) return false;
  return head.readings >= MAX_READINGS || head.bytes >= MAX_BYTES || nowUs - head.firstReceivedUs >= MAX_AGE_US;
}

/** Readings came in so fast while the head before was being cut that memory must be bounded now. */
export function isBehind(head: Head): boolean {
  return head.readings >= MAX_READINGS / 4 || head.bytes >= MAX_BYTES / 4;
}

/** The segments of a head, made in pauses: yields the work done since the last one. Throws 'encoding-differs' as rowSteps does. */
export function* cutSteps(head: Head, epoch: number, nowUs: number): Generator<number, NewSegment[]> {
  const segments: NewSegment[] = [];
  const { seqLo, seqHi } = head;
  for (const [day, runs] of yield* runsByDay(head)) {
    const receivedUs = head.days.get(day)?.lastReceivedUs ?? nowUs;
    for (const { work, row } of rowSteps(runs)) {
      if (row !== undefined) segments.push({ day, final: false, epoch, seqLo, seqHi, receivedUs, built: row });
      yield work;
    }
  }
  return segments;
}

/** The head as strictly ascending runs, split at UTC days; series ascending within a day. */
function* runsByDay(head: Head): Generator<number, Map<number, Run[]>> {
  const days = new Map<number, Run[]>();
  for (const series of head.series()) {
    const column = head.column(series);
    if (column === undefined) continue;
    const { t, v } = sortRun(column.t, column.v);
    for (let start = 0; start < t.length; ) {
      const day = Math.floor((t[start] ?? 0) / DAY_US);
      const end = lowerBound(t, (day + 1) * DAY_US, start);
      const runs = days.get(day) ?? [];
      runs.push({ series, t: t.subarray(start, end), v: v.subarray(start, end) });
      days.set(day, runs);
      start = end;
    }
    // Putting a run into order costs about as much as encoding it.
    if (t !== column.t) yield column.t.length;
  }
  return days;
}
