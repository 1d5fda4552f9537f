/** A gap begins where neighbours are further apart than this many times the usual spacing. */
const GAP_FACTOR = 3;

/** The usual distance of neighbours: the median, so that gaps do not count; 0 for fewer than two times. */
export function usualSpacing(t: Float64Array): number {
  if (t.length < 2) return 0;
  const steps = new Float64Array(t.length - 1);
  for (let i = 0; i < steps.length; i++) steps[i] = (t[i + 1] ?? 0) - (t[i] ?? 0);
  steps.sort();
  return steps[steps.length >> 1] ?? 0;
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
  const widest = GAP_FACTOR * Math.max(usualSpacing(t), bucket);
  const out: Plotted = { t: [], columns: columns.map(() => []) };
  for (let i = 0; i < t.length; i++) {
    const at = t[i] ?? 0;
    const before = t[i - 1];
    if (before !== undefined && at - before > widest) {
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
