import { DAY_US } from '../../shared/units.ts';
import { lowerBound, type Run, sortRun } from '../codec/merge.ts';
import { HeadIndex } from './head-index.ts';
import { READING_BYTES, Slab, type SlabChunk, SlabPool, within } from './slab.ts';
import type { Batch } from './types.ts';

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

/** The newest readings in memory: a contiguous range of journal rows, all newer than any segment. One slab holds the readings of all series. */
export class Head {
  readings = 0;
  seqLo = 0;
  seqHi = 0;
  firstReceivedUs = 0;
  /** Meaningless while there are no readings. */
  lastReceivedUs = 0;
  /** What its rows of the journal take on the disk. */
  journalBytes = 0;
  /** First and last timestamp; meaningless while there are no readings. */
  oldestUs = Number.POSITIVE_INFINITY;
  newestUs = Number.NEGATIVE_INFINITY;
  readonly days = new Map<number, HeadDay>();
  readonly #slab: Slab;
  readonly #index = new HeadIndex();
  /** The day of the reading before, as most are of one day. */
  #today: HeadDay = { readings: 0, lastReceivedUs: 0 };
  #todayFrom = Number.POSITIVE_INFINITY;

  constructor(pool = new SlabPool()) {
    this.#slab = new Slab(pool);
  }

  /** In memory. */
  get bytes(): number {
    return this.readings === 0 ? 0 : this.#slab.used * READING_BYTES + this.#index.bytes;
  }

  add(batch: Batch, seq: number, receivedUs: number): void {
    if (batch.count === 0) return;
    if (this.readings === 0) {
      this.seqLo = seq;
      this.firstReceivedUs = receivedUs;
    }
    this.seqHi = seq;
    this.lastReceivedUs = receivedUs;
    const index = this.#index;
    const bits = new Uint32Array(batch.v.buffer, batch.v.byteOffset, batch.count * 2);
    let { counts, next, end, lastT, late } = index;
    for (let i = 0; i < batch.count; i++) {
      const t = batch.t[i] ?? 0;
      const series = batch.series[i] ?? 0;
      if (series >= counts.length) {
        index.reach(series);
        ({ counts, next, end, lastT, late } = index);
      }
      if (t < this.oldestUs) this.oldestUs = t;
      if (t > this.newestUs) this.newestUs = t;
      const count = counts[series] ?? 0;
      if (next[series] === end[series]) {
        const start = this.#slab.used;
        index.addBlock(series, start, this.#slab.take(index.wanted(series)));
      }
      const position = next[series] ?? 0;
      const chunk = this.#slab.chunk(position);
      const at = within(position);
      chunk.t[at] = t;
      chunk.bits[2 * at] = bits[2 * i] ?? 0;
      chunk.bits[2 * at + 1] = bits[2 * i + 1] ?? 0;
      next[series] = position + 1;
      counts[series] = count + 1;
      if (count > 0 && t <= (lastT[series] ?? 0)) late[series] = 1;
      lastT[series] = t;
      if (!(t >= this.#todayFrom && t < this.#todayFrom + DAY_US)) this.#turnTo(t);
      this.#today.readings++;
      this.#today.lastReceivedUs = receivedUs;
    }
    this.readings += batch.count;
  }

  #turnTo(t: number): void {
    const day = Math.floor(t / DAY_US);
    this.#today = this.days.get(day) ?? { readings: 0, lastReceivedUs: 0 };
    this.#todayFrom = day * DAY_US;
    this.days.set(day, this.#today);
  }

  /** Series that have readings, ids ascending, with how many. */
  *series(): Generator<[series: number, readings: number]> {
    const { counts } = this.#index;
    for (let series = 0; series < counts.length; series++) {
      const count = counts[series] ?? 0;
      if (count > 0) yield [series, count];
    }
  }

  /** Whether a series' times are strictly ascending, as nearly all are: then a part is found without reading the rest. */
  isAscending(series: number): boolean {
    return this.#index.late[series] === 0;
  }

  /** Calls back for the filled parts of blocks in order of arrival; of an ascending series only for what lies in [from, to). */
  #each(series: number, from: number, to: number, take: (chunk: SlabChunk, start: number, end: number) => void): void {
    const ascending = this.isAscending(series);
    this.#index.each(series, (first, last) => {
      const chunk = this.#slab.chunk(first);
      let start = within(first);
      let end = start + last - first;
      if (ascending) {
        if ((chunk.t[start] ?? 0) < from) start = lowerBound(chunk.t, from, start, end);
        if (start < end && (chunk.t[end - 1] ?? 0) >= to) end = lowerBound(chunk.t, to, start, end);
      }
      if (start < end) take(chunk, start, end);
    });
  }

  /** A copy of a series' readings of [from, to), strictly ascending. Only what lies in there is put into order. */
  between(series: number, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Run {
    let room = 0;
    this.#each(series, from, to, (_, start, end) => {
      room += end - start;
    });
    const run = { t: new Float64Array(room), v: new Float64Array(room) };
    const bits = new Uint32Array(run.v.buffer);
    let n = 0;
    const ascending = this.isAscending(series);
    this.#each(series, from, to, (chunk, start, end) => {
      if (ascending && end - start > FEW) {
        run.t.set(chunk.t.subarray(start, end), n);
        run.v.set(chunk.v.subarray(start, end), n);
        n += end - start;
        return;
      }
      for (let i = start; i < end; i++) {
        const t = chunk.t[i] ?? 0;
        if (t < from || t >= to) continue;
        run.t[n] = t;
        bits[2 * n] = chunk.bits[2 * i] ?? 0;
        bits[2 * n + 1] = chunk.bits[2 * i + 1] ?? 0;
        n++;
      }
    });
    return ascending ? run : sortRun(run.t.subarray(0, n), run.v.subarray(0, n));
  }

  /** The days of a series' readings in [from, to), oldest first. */
  extents(series: number, from: number, to: number): HeadExtent[] {
    const days = new Map<number, HeadExtent>();
    let last: HeadExtent | undefined;
    const count = (t: number, readings: number): void => {
      const day = Math.floor(t / DAY_US);
      if (last?.day !== day) {
        last = days.get(day) ?? { day, tMin: t, tMax: t, count: 0 };
        days.set(day, last);
      }
      if (t < last.tMin) last.tMin = t;
      if (t > last.tMax) last.tMax = t;
      last.count += readings;
    };
    const ascending = this.isAscending(series);
    this.#each(series, from, to, ({ t }, start, end) => {
      const [first, final] = [t[start] ?? 0, t[end - 1] ?? 0];
      if (ascending && Math.floor(first / DAY_US) === Math.floor(final / DAY_US)) {
        count(first, end - start);
        count(final, 0);
        return;
      }
      for (let i = start; i < end; i++) {
        const time = t[i] ?? 0;
        if (time >= from && time < to) count(time, 1);
      }
    });
    return [...days.values()].sort((a, b) => a.day - b.day);
  }

  /** Gives its memory back: nothing may be read of it any more. */
  release(): void {
    this.#slab.release();
  }
}

/** Shorter copies are quicker reading by reading than with a view of them. */
const FEW = 16;
