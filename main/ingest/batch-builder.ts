import type { Batch } from '../store/types.ts';

/** A part with this many readings, or for which this many series were looked up (new ones are stored, too), is large enough: some 30 ms until it is committed. */
const PART_READINGS = 100_000;
const PART_LOOKUPS = 1_000;
/** One line may have many more fields than a part needs. */
const FIRST_CAPACITY = 2 * PART_READINGS;

/** No series: what -1 becomes in the series column. */
const VOID = 0xffff_ffff;

/** Columns of readings that grow as needed and are used again for the next group. */
export class BatchBuilder {
  count = 0;
  /** Series that had to be looked up in the registry since the last reset. */
  lookups = 0;
  /** Slot i is valid for i < count. Replaced when they grow: read them through the builder. */
  series = new Uint32Array(FIRST_CAPACITY);
  t = new Float64Array(FIRST_CAPACITY);
  v = new Float64Array(FIRST_CAPACITY);

  push(series: number, t: number, v: number): void {
    const i = this.count;
    if (i === this.t.length) this.grow();
    this.series[i] = series;
    this.t[i] = t;
    this.v[i] = v;
    this.count = i + 1;
  }

  /** The readings so far as a batch over the same memory: valid until the next push or reset. */
  batch(): Batch {
    const { count } = this;
    return {
      count,
      series: this.series.subarray(0, count),
      t: this.t.subarray(0, count),
      v: this.v.subarray(0, count),
    };
  }

  /** Whether the readings so far should be committed before more are added. */
  get isPart(): boolean {
    return this.count >= PART_READINGS || this.lookups >= PART_LOOKUPS;
  }

  reset(): void {
    this.count = 0;
    this.lookups = 0;
    if (this.t.length > FIRST_CAPACITY) this.resize(FIRST_CAPACITY);
  }

  /** Takes out the readings from `first` on that have no series (id VOID). */
  dropVoid(first: number): void {
    const { count, series, t, v } = this;
    let kept = first;
    for (let i = first; i < count; i++) {
      if (series[i] === VOID) continue;
      series[kept] = series[i] ?? VOID;
      t[kept] = t[i] ?? 0;
      v[kept++] = v[i] ?? 0;
    }
    this.count = kept;
  }

  private grow(): void {
    this.resize(this.t.length * 2);
  }

  private resize(capacity: number): void {
    const { count, series, t, v } = this;
    this.series = new Uint32Array(capacity);
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.series.set(series.subarray(0, count));
    this.t.set(t.subarray(0, count));
    this.v.set(v.subarray(0, count));
  }
}
