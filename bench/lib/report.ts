import { type Goal, type Measure, met } from './measure.ts';

/** One line a program can read; the keys stay. */
export function jsonLine(group: string, m: Measure): string {
  return JSON.stringify({
    group,
    name: m.name,
    value: m.value,
    unit: m.unit,
    baseline: m.baseline ?? null,
    baseline_value: m.baselineValue ?? null,
    ratio: m.ratio ?? null,
    spread: m.spread ?? null,
    bar: m.bar === undefined ? null : goalText(m.bar),
    met: m.bar === undefined ? null : met(m, m.bar),
    aim: m.aim === undefined ? null : goalText(m.aim),
    aim_met: m.aim === undefined ? null : met(m, m.aim),
  });
}

const COLUMNS = ['what', 'measured', 'baseline', 'ratio', 'spread', 'bar or aim', ''];

/** The figures of one group for people. */
export function table(group: string, measures: readonly Measure[]): string {
  const rows = [COLUMNS, ...measures.map(cells)];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`== ${group}`, ...lines, ''].join('\n');
}

/** The figures of one group for docs/PERFORMANCE.md. */
export function markdown(group: string, measures: readonly Measure[]): string {
  const row = (each: readonly string[]): string => `| ${each.join(' | ')} |`;
  const head = [...COLUMNS.slice(0, -1), 'bar met'];
  return [`### ${group}`, '', row(head), row(head.map(() => '---')), ...measures.map((m) => row(cells(m))), ''].join(
    '\n',
  );
}

function cells(m: Measure): string[] {
  const baseline = m.baselineValue === undefined ? '' : `${figure(m.baselineValue)} ${m.baseline ?? ''}`;
  return [
    m.name,
    `${figure(m.value)} ${m.unit}`,
    baseline,
    m.ratio === undefined ? '' : `${figure(m.ratio)}x`,
    m.spread === undefined ? '' : `${figure(m.spread[0])} to ${figure(m.spread[1])}`,
    m.bar !== undefined ? `bar ${goalText(m.bar)}` : m.aim !== undefined ? `aim ${goalText(m.aim)}` : '',
    verdict(m),
  ];
}

function verdict(m: Measure): string {
  if (m.bar !== undefined) return met(m, m.bar) ? 'met' : 'MISSED';
  if (m.aim !== undefined) return met(m, m.aim) ? 'reached' : 'not yet';
  return '';
}

const goalText = ({ of, op, limit }: Goal): string => `${op} ${figure(limit)}${of === 'ratio' ? 'x' : ''}`;

/** Three significant digits, whole numbers from 100 on, thousands grouped. */
function figure(n: number): string {
  return n.toLocaleString('en-US', Math.abs(n) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}
