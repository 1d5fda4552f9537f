import { DAY_US } from '../../shared/units.ts';
import { lowerBound } from '../codec/merge.ts';
import type { Head } from './head.ts';
import { BAND, ROW_READINGS, type Run, rowSteps } from './rows.ts';
import type { NewSegment } from './segments.ts';

/** Limits after which the head is due to be cut. */
const MAX_READINGS = 2_000_000;
const MAX_BYTES = 64_000_000;
const MAX_AGE_US = 2 * 3_600_000_000;
/** Each day is a row of its own, held in memory until the cut is stored: a batch may have a reading for each day of centuries. */
const MAX_DAYS = 2_000;

/** `mostBytes`: memory of the head, and about the size of its journal, that makes a cut due even if it is not over the limits. */
export function cutIsDue(head: Head, nowUs: number, mostBytes: number): boolean {
  if (head.readings === 0) return false;
  // What seems to have come in the future came before the clock was set back, nobody knows how long ago.
  const isOld = Math.abs(nowUs - head.firstReceivedUs) >= MAX_AGE_US;
  return isOverLimits(head) || head.bytes >= mostBytes || head.days.size >= MAX_DAYS || isOld;
}

/** So large that it must be cut, however young. */
export function isOverLimits(head: Head): boolean {
  return head.readings >= MAX_READINGS || head.bytes >= MAX_BYTES;
}

/** Readings came in so fast while the head before was being cut that memory must be bounded now. */
export function isBehind(head: Head): boolean {
  return head.readings >= MAX_READINGS / 4 || head.bytes >= MAX_BYTES / 4 || head.days.size >= MAX_DAYS;
}

/** The segments of a head, made in pauses: yields the work done since the last one. Throws 'encoding-differs' as rowSteps does. */
export function* cutSteps(head: Head, epoch: number, nowUs: number): Generator<number, NewSegment[]> {
  const segments: NewSegment[] = [];
  const { seqLo, seqHi } = head;
  for (const group of groups(head)) {
    for (const [day, runs] of yield* runsByDay(head, group)) {
      const receivedUs = head.days.get(day)?.lastReceivedUs ?? nowUs;
      for (const { work, row } of rowSteps(runs)) {
        if (row !== undefined) segments.push({ day, final: false, epoch, seqLo, seqHi, receivedUs, built: row });
        yield work;
      }
    }
  }
  return segments;
}

/** Series, ascending, in groups that fill about one row, and end where a row would: no more than that of the head is copied at a time. */
function* groups(head: Head): Generator<number[]> {
  let group: number[] = [];
  let readings = 0;
  for (const [series, count] of head.series()) {
    const ends =
      readings + count > ROW_READINGS || Math.floor(series / BAND) !== Math.floor((group[0] ?? series) / BAND);
    if (ends && group.length > 0) {
      yield group;
      group = [];
      readings = 0;
    }
    group.push(series);
    readings += count;
  }
  if (group.length > 0) yield group;
}

/** Strictly ascending runs, split at UTC days, series in the given order within a day. */
function* runsByDay(head: Head, group: readonly number[]): Generator<number, Map<number, Run[]>> {
  const days = new Map<number, Run[]>();
  for (const series of group) {
    const { t, v } = head.between(series);
    for (let start = 0; start < t.length; ) {
      const day = Math.floor((t[start] ?? 0) / DAY_US);
      const end = lowerBound(t, (day + 1) * DAY_US, start);
      const runs = days.get(day) ?? [];
      runs.push({ series, t: t.subarray(start, end), v: v.subarray(start, end) });
      days.set(day, runs);
      start = end;
    }
    // Putting a run into order costs about as much as encoding it.
    yield head.isAscending(series) ? COPIED_WORK : t.length;
  }
  return days;
}

/** Work of a run that is only copied. */
const COPIED_WORK = 10;
