/** An SVG path over `values`, oldest at the left edge, zero at the bottom. Empty without two values. */
export function sparkline(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return '';
  const most = Math.max(1, ...values);
  const round = (n: number): number => Math.round(n * 100) / 100;
  return values
    .map(
      (v, i) =>
        `${i === 0 ? 'M' : 'L'}${round((i / (values.length - 1)) * width)} ${round(height - (v / most) * height)}`,
    )
    .join('');
}
