import { dayStart, HOUR_US } from '../../shared/units.ts';
import { lowerBound, type Run } from '../codec/merge.ts';
import { joinBuckets, type Rollup, sliceRollup } from '../codec/rollup.ts';
import { wordsOf } from '../codec/words.ts';
import { bucketOfDay, type DirtyDay, setBit } from './rollup-dirty.ts';
import { type Known, MINUTES_AN_HOUR } from './rollup-rows.ts';

/** Hours of the day (0 to 23) in which the run has readings are added to `hours`. */
export function addHours(hours: Set<number>, { t }: Run): void {
  for (const time of t) hours.add(bucketOfDay('hours', time));
}

/**
 * Sets `drop[i]` where reading i of `late`, if it lies in one of the hours, is in `older` as well, the value to the bit: a NaN repeats only the same NaN. Both strictly ascending; `older` is whole
 * in these hours.
 */
export function markRepeated(late: Run, older: Run, hours: ReadonlySet<number>, drop: Uint8Array): void {
  const [a, b] = [wordsOf(late.v), wordsOf(older.v)];
  let k = lowerBound(older.t, late.t[0] ?? 0);
  for (let i = 0; i < late.t.length && k < older.t.length; i++) {
    const t = late.t[i] as number;
    while (k < older.t.length && (older.t[k] as number) < t) k++;
    const isSame = older.t[k] === t && a[2 * i] === b[2 * k] && a[2 * i + 1] === b[2 * k + 1];
    if (isSame && hours.has(bucketOfDay('hours', t))) drop[i] = 1;
  }
}

/** The run without the readings to be dropped. */
export function without(run: Run, drop: Uint8Array): Run {
  const n = drop.reduce((left, dropped) => left - dropped, drop.length);
  const kept = { t: new Float64Array(n), v: new Float64Array(n) };
  const [from, to] = [wordsOf(run.v), wordsOf(kept.v)];
  for (let i = 0, k = 0; i < drop.length; i++) {
    if (drop[i] === 1) continue;
    kept.t[k] = run.t[i] as number;
    to[2 * k] = from[2 * i] as number;
    to[2 * k + 1] = from[2 * i + 1] as number;
    k++;
  }
  return kept;
}

/** Takes the buckets of some hours of a day from `truth`, and all others from what was known; of what was left to the readings nothing becomes known. */
export function replaceHours(old: Known | undefined, truth: Rollup, hours: ReadonlySet<number>): Known | undefined {
  if (old === 'raw') return old;
  const isIn = (start: number): boolean => hours.has(bucketOfDay('hours', start));
  const chosen = (r: Rollup, want: boolean): Rollup[] =>
    [...r.start].flatMap((start, i) => (isIn(start) === want ? [sliceRollup(r, i, i + 1)] : []));
  const parts = [...(old === undefined ? [] : chosen(old, false)), ...chosen(truth, true)];
  return parts.length === 0 ? undefined : joinBuckets(parts.sort((a, b) => (a.start[0] ?? 0) - (b.start[0] ?? 0)));
}

/** The buckets of these hours are known now. */
export function cleanHours(dirty: DirtyDay, hours: Iterable<number>): void {
  for (const hour of hours) {
    setBit(dirty.hours, hour, 0);
    for (let i = 0; i < MINUTES_AN_HOUR; i++) setBit(dirty.minutes, hour * MINUTES_AN_HOUR + i, 0);
  }
}

/** Readings of one series that lie in one tier: what of it has to be known to find a window. */
export interface Extent {
  tMin: number;
  tMax: number;
  count: number;
}

/** Some hours of a day, and all pieces that have readings from the first to the last of them. */
export interface HourWindow<P> {
  hours: number[];
  pieces: P[];
}

/**
 * The hours in windows of at most `most` readings, pieces in their order. What alone has more is left out: it would take too much memory at once.
 */
export function hourWindows<P extends Extent>(
  day: number,
  hours: ReadonlySet<number>,
  pieces: readonly P[],
  most: number,
): HourWindow<P>[] {
  const windows: HourWindow<P>[] = [];
  let [last, taken]: [HourWindow<P> | undefined, number] = [undefined, 0];
  for (const hour of [...hours].sort((a, b) => a - b)) {
    const from = dayStart(day) + hour * HOUR_US;
    const touched = pieces.filter(({ tMin, tMax }) => tMax >= from && tMin < from + HOUR_US);
    const more = touched.filter((piece) => last?.pieces.includes(piece) !== true);
    const own = touched.reduce((n, { count }) => n + count, 0);
    const added = more.reduce((n, { count }) => n + count, 0);
    if (own > most) continue;
    if (last !== undefined && taken + added <= most) {
      last.hours.push(hour);
      const all = new Set([...last.pieces, ...more]);
      last.pieces = pieces.filter((piece) => all.has(piece));
      taken += added;
    } else {
      [last, taken] = [{ hours: [hour], pieces: touched }, own];
      windows.push(last);
    }
  }
  return windows;
}
