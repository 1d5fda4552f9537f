import { wordsOf } from './words.ts';

/**
 * Runs put together by age: of equal timestamps the last wins. Values move as pairs of 32-bit words, never as numbers, so that NaN
 * payloads survive.
 */
export interface Run {
  t: Float64Array;
  v: Float64Array;
}

/** Two strictly ascending runs; for equal timestamps the newer one's value is taken. */
function mergeTwo(older: Run, newer: Run): Run {
  if (older.t.length === 0) return newer;
  if (newer.t.length === 0) return older;
  const total = older.t.length + newer.t.length;
  const t = new Float64Array(total);
  const v = new Float64Array(total);
  if ((older.t.at(-1) as number) < (newer.t[0] as number)) return append(t, v, older, newer);
  if ((newer.t.at(-1) as number) < (older.t[0] as number)) return append(t, v, newer, older);
  const [a, b, out] = [wordsOf(older.v), wordsOf(newer.v), wordsOf(v)];
  let i = 0;
  let j = 0;
  let k = 0;
  while (i < older.t.length || j < newer.t.length) {
    const ti = i < older.t.length ? (older.t[i] as number) : Number.POSITIVE_INFINITY;
    const tj = j < newer.t.length ? (newer.t[j] as number) : Number.POSITIVE_INFINITY;
    if (ti < tj) {
      t[k] = ti;
      out[2 * k] = a[2 * i] as number;
      out[2 * k + 1] = a[2 * i + 1] as number;
      i++;
    } else {
      t[k] = tj;
      out[2 * k] = b[2 * j] as number;
      out[2 * k + 1] = b[2 * j + 1] as number;
      j++;
      if (ti === tj) i++;
    }
    k++;
  }
  return { t: t.subarray(0, k), v: v.subarray(0, k) };
}

function append(t: Float64Array, v: Float64Array, first: Run, second: Run): Run {
  t.set(first.t);
  t.set(second.t, first.t.length);
  v.set(first.v);
  v.set(second.v, first.v.length);
  return { t, v };
}

/**
 * Runs in ascending (epoch, seq) order, each strictly ascending in t, as one strictly ascending run in which the last run wins for
 * equal t. The result may share memory with a run: do not write to it.
 */
export function mergeRuns(runs: readonly Run[]): Run {
  let level = [...runs];
  // Neighbours are merged in pairs, so that age order is kept and every reading moves log2(runs) times.
  while (level.length > 1) {
    const next: Run[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [older, newer] = [level[i], level[i + 1]];
      if (older !== undefined) next.push(newer === undefined ? older : mergeTwo(older, newer));
    }
    level = next;
  }
  return level[0] ?? { t: new Float64Array(0), v: new Float64Array(0) };
}

function isAscending(t: Float64Array): boolean {
  for (let i = 1; i < t.length; i++) if (!((t[i - 1] as number) < (t[i] as number))) return false;
  return true;
}

/**
 * Readings in arrival order as a strictly ascending run; of equal timestamps the last to arrive wins. Already ascending input is
 * returned as it is.
 */
export function sortRun(t: Float64Array, v: Float64Array): Run {
  if (isAscending(t)) return { t, v };
  const order = sortedOrder(t);
  const sorted: Run = { t: new Float64Array(t.length), v: new Float64Array(t.length) };
  const [from, to] = [wordsOf(v), wordsOf(sorted.v)];
  let k = 0;
  for (let i = 0; i < order.length; i++) {
    const at = order[i] as number;
    const time = t[at] as number;
    if (k > 0 && sorted.t[k - 1] === time) k--;
    sorted.t[k] = time;
    to[2 * k] = from[2 * at] as number;
    to[2 * k + 1] = from[2 * at + 1] as number;
    k++;
  }
  return { t: sorted.t.subarray(0, k), v: sorted.v.subarray(0, k) };
}

/**
 * The indexes of `t` in ascending order of time, equal times in order of arrival: a merge sort of the ascending runs that are there already, so that
 * a few late readings among many in order cost little more than a copy.
 */
function sortedOrder(t: Float64Array): Uint32Array {
  let from = new Uint32Array(t.length);
  let to = new Uint32Array(t.length);
  for (let i = 0; i < t.length; i++) from[i] = i;
  // Where each run ends; `runs` of them count.
  const ends = new Uint32Array(t.length);
  let runs = 0;
  for (let i = 1; i <= t.length; i++) if (i === t.length || (t[i] as number) < (t[i - 1] as number)) ends[runs++] = i;
  while (runs > 1) {
    let merged = 0;
    for (let run = 0; run < runs; run += 2) {
      const start = run === 0 ? 0 : (ends[merged - 1] as number);
      const middle = ends[run] as number;
      const end = run + 1 < runs ? (ends[run + 1] as number) : middle;
      mergeOrders(t, from, to, start, middle, end);
      ends[merged++] = end;
    }
    runs = merged;
    [from, to] = [to, from];
  }
  return from;
}

function mergeOrders(
  t: Float64Array,
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let i = start;
  let j = middle;
  for (let k = start; k < end; k++) {
    const left = i < middle && (j >= end || (t[from[i] as number] as number) <= (t[from[j] as number] as number));
    to[k] = from[left ? i++ : j++] as number;
  }
}

/** First index of [start, end) whose value is not below `limit`; `end` if there is none. */
export function lowerBound(t: Float64Array, limit: number, start = 0, end = t.length): number {
  let lo = start;
  let hi = end;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if ((t[mid] ?? 0) < limit) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

/** Index of the first time after `start` that is not before `limit`: by doubled steps, as a bucket may hold two readings or all. */
export function endOf(t: Float64Array, start: number, limit: number): number {
  let before = start;
  let step = 1;
  for (; before + step < t.length && (t[before + step] as number) < limit; step *= 2) before += step;
  return lowerBound(t, limit, before + 1, Math.min(before + step, t.length));
}
