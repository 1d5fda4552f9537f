import { cpus, loadavg, totalmem } from 'node:os';
import { messageOf } from '../../shared/errors.ts';
import { type Goal, type Measure, met } from './measure.ts';
import type { Outcome } from './run.ts';

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

/** A run for docs/PERFORMANCE.md: of which machine, then every bar and aim, then all figures group by group. */
export function markdown(outcomes: readonly Outcome[]): string {
  const head = [...COLUMNS.slice(0, -1), 'met'];
  const goals = outcomes.flatMap(({ name, measures }) =>
    measures.filter((m) => m.bar !== undefined || m.aim !== undefined).map((m) => [name, ...cells(m)]),
  );
  const failed = outcomes.filter(({ error }) => error !== undefined).map(({ name }) => name);
  return [
    machine(outcomes),
    ...(failed.length === 0 ? [] : ['', `**Could not run: ${failed.join(', ')}.**`]),
    '',
    '### Every bar and aim',
    '',
    ...rows(['group', ...head], goals),
    ...outcomes.flatMap(({ name, seconds, measures, error }) => [
      '',
      `### ${name} (${seconds.toFixed(0)} s)`,
      '',
      ...(error === undefined ? rows(head, measures.map(cells)) : [`Could not run: ${messageOf(error)}`]),
    ]),
  ].join('\n');
}

function rows(head: readonly string[], body: readonly string[][]): string[] {
  const row = (each: readonly string[]): string => `| ${each.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...body.map(row)];
}

function machine(outcomes: readonly Outcome[]): string {
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  const cores = cpus();
  const of = `${cores.length} cores of ${cores[0]?.model.trim() ?? 'an unknown processor'}, ${figure(totalmem() / 1e9)} GB of memory`;
  const load = loadavg()[0] ?? Number.NaN;
  return `Of ${new Date().toISOString().slice(0, 10)}, in ${(seconds / 60).toFixed(0)} minutes: ${of}, Node ${process.versions.node}; load ${figure(load)} at the end.`;
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
