import { DAY_US } from '../../shared/units.ts';
import { lowerBound, type Run, sortRun } from '../codec/merge.ts';
import type { Batch } from './types.ts';

/** Readings of one series in arrival order; arrays may be longer than `n`. */
interface Column {
  n: number;
  t: Float64Array;
  v: Float64Array;
  /** The same memory as `v`: values are copied as bits, so that NaN payloads survive. */
  bits: Uint32Array;
  /** Strictly ascending in time, as nearly all are: then a part is found without reading the rest. */
  ascending: boolean;
}

/** What a head has of one series and UTC day; `count` has readings twice that arrived twice. */
export interface HeadExtent {
  day: number;
  tMin: number;
  tMax: number;
  count: number;
}

export interface HeadDay {
  readings: number;
  lastReceivedUs: number;
}

/** Readings a new column has room for: a hundred thousand series may send one each. */
const FIRST_SLOTS = 2;
/** Bytes of one reading in memory. */
const READING_BYTES = 16;

/** The newest readings in memory: a contiguous range of journal rows, all newer than any segment. */
export class Head {
  readings = 0;
  bytes = 0;
  seqLo = 0;
  seqHi = 0;
  firstReceivedUs = 0;
  /** First and last timestamp; meaningless while there are no readings. */
  oldestUs = Number.POSITIVE_INFINITY;
  newestUs = Number.NEGATIVE_INFINITY;
  readonly days = new Map<number, HeadDay>();
  readonly #columns = new Map<number, Column>();

  add(batch: Batch, seq: number, receivedUs: number): void {
    if (batch.count === 0) return;
    if (this.readings === 0) {
      this.seqLo = seq;
      this.firstReceivedUs = receivedUs;
    }
    this.seqHi = seq;
    const bits = new Uint32Array(batch.v.buffer, batch.v.byteOffset, batch.count * 2);
    for (let i = 0; i < batch.count; i++) {
      const t = batch.t[i] ?? 0;
      if (t < this.oldestUs) this.oldestUs = t;
      if (t > this.newestUs) this.newestUs = t;
      const column = this.#column(batch.series[i] ?? 0);
      const n = column.n++;
      if (n > 0 && t <= (column.t[n - 1] ?? 0)) column.ascending = false;
      column.t[n] = t;
      column.bits[2 * n] = bits[2 * i] ?? 0;
      column.bits[2 * n + 1] = bits[2 * i + 1] ?? 0;
      this.#count(Math.floor(t / DAY_US), receivedUs);
    }
    this.readings += batch.count;
  }

  #lastDay: [day: number, info: HeadDay] | undefined;

  #count(day: number, receivedUs: number): void {
    let info = this.#lastDay?.[0] === day ? this.#lastDay[1] : this.days.get(day);
    if (info === undefined) {
      info = { readings: 0, lastReceivedUs: receivedUs };
      this.days.set(day, info);
    }
    this.#lastDay = [day, info];
    info.readings++;
    info.lastReceivedUs = receivedUs;
  }

  #column(series: number): Column {
    let column = this.#columns.get(series);
    if (column === undefined) {
      column = grown(undefined, FIRST_SLOTS);
      this.#columns.set(series, column);
      this.bytes += FIRST_SLOTS * READING_BYTES;
    } else if (column.n === column.t.length) {
      this.bytes += column.n * READING_BYTES;
      column = grown(column, column.n * 2);
      this.#columns.set(series, column);
    }
    return column;
  }

  series(): number[] {
    return [...this.#columns.keys()].sort((a, b) => a - b);
  }

  /** Views of a series' readings in arrival order; valid until the next add. */
  column(series: number): { t: Float64Array; v: Float64Array } | undefined {
    const column = this.#columns.get(series);
    return column === undefined ? undefined : { t: column.t.subarray(0, column.n), v: column.v.subarray(0, column.n) };
  }

  /** A copy of a series' readings of [from, to), strictly ascending. Only what lies in there is put into order. */
  between(series: number, from: number, to: number): Run {
    const column = this.#columns.get(series);
    if (column === undefined) return { t: new Float64Array(0), v: new Float64Array(0) };
    if (column.ascending) {
      const t = column.t.subarray(0, column.n);
      const [start, end] = [lowerBound(t, from), lowerBound(t, to)];
      return { t: t.slice(start, end), v: column.v.slice(start, end) };
    }
    let n = 0;
    for (let i = 0; i < column.n; i++) n += Number((column.t[i] ?? 0) >= from && (column.t[i] ?? 0) < to);
    const picked = grown(undefined, n);
    for (let i = 0; i < column.n; i++) {
      const t = column.t[i] ?? 0;
      if (t < from || t >= to) continue;
      const k = picked.n++;
      picked.t[k] = t;
      picked.bits[2 * k] = column.bits[2 * i] ?? 0;
      picked.bits[2 * k + 1] = column.bits[2 * i + 1] ?? 0;
    }
    return sortRun(picked.t, picked.v);
  }

  /** The days of a series' readings in [from, to), oldest first. */
  extents(series: number, from: number, to: number): HeadExtent[] {
    const column = this.#columns.get(series);
    if (column === undefined) return [];
    const days = new Map<number, HeadExtent>();
    let last: HeadExtent | undefined;
    const t = column.t.subarray(0, column.n);
    const [start, end] = column.ascending ? [lowerBound(t, from), lowerBound(t, to)] : [0, column.n];
    for (let i = start; i < end; i++) {
      const time = t[i] ?? 0;
      if (time < from || time >= to) continue;
      const day = Math.floor(time / DAY_US);
      if (last?.day !== day) {
        last = days.get(day) ?? { day, tMin: time, tMax: time, count: 0 };
        days.set(day, last);
      }
      if (time < last.tMin) last.tMin = time;
      if (time > last.tMax) last.tMax = time;
      last.count++;
    }
    return [...days.values()].sort((a, b) => a.day - b.day);
  }
}

function grown(old: Column | undefined, length: number): Column {
  const t = new Float64Array(length);
  const v = new Float64Array(length);
  if (old !== undefined) {
    t.set(old.t);
    v.set(old.v);
  }
  return { n: old?.n ?? 0, t, v, bits: new Uint32Array(v.buffer), ascending: old?.ascending ?? true };
}
