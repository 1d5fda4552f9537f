/** A gap begins where neighbours are further apart than this many times the usual spacing. */
const GAP_FACTOR = 3;

/** Steps on either side that tell what is usual here: a series may be sampled faster at one time than at another. */
const AROUND = 8;

/** The usual step around step `i`: a median, so that gaps do not count. */
function usualStep(steps: Float64Array, i: number): number {
  const near = steps.slice(Math.max(0, i - AROUND), i + AROUND + 1).sort();
  return near[near.length >> 1] ?? 0;
}

export interface Plotted {
  /** Times with one more in each gap. */
  t: number[];
  /** Columns in the order they came, null in each gap and where the value is no number. */
  columns: (number | null)[][];
}

/**
 * Puts a null into each gap, so that no line is drawn through time that was never recorded. Times ascend; `bucket` is the width of a
 * downsampled point (0 when raw), the least spacing there can be.
 */
export function withGaps(t: Float64Array, columns: readonly Float64Array[], bucket: number): Plotted {
  const steps = Float64Array.from({ length: Math.max(0, t.length - 1) }, (_, i) => (t[i + 1] ?? 0) - (t[i] ?? 0));
  const out: Plotted = { t: [], columns: columns.map(() => []) };
  for (let i = 0; i < t.length; i++) {
    const at = t[i] ?? 0;
    const before = t[i - 1];
    if (before !== undefined && at - before > GAP_FACTOR * Math.max(usualStep(steps, i - 1), bucket)) {
      out.t.push(before + (at - before) / 2);
      for (const column of out.columns) column.push(null);
    }
    out.t.push(at);
    for (const [c, column] of columns.entries()) {
      const value = column[i] ?? Number.NaN;
      out.columns[c]?.push(Number.isFinite(value) ? value : null);
    }
  }
  return out;
}

/** Indices of values that no line reaches, because there is a gap on both sides: they are drawn as points. Undefined is no gap. */
export function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  let afterGap = true;
  let candidate: number | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === undefined) continue;
    if (value === null) {
      if (candidate !== undefined) found.push(candidate);
      candidate = undefined;
      afterGap = true;
    } else {
      candidate = afterGap ? i : undefined;
      afterGap = false;
    }
  }
  if (candidate !== undefined) found.push(candidate);
  return found;
}
