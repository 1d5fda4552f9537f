import { median, spread } from './stats.ts';

/** A limit on the measured value or on its ratio to the baseline. */
export interface Goal {
  of: 'value' | 'ratio';
  op: '<=' | '>=';
  limit: number;
}

/** One figure of a run. A missed `bar` fails the run; an `aim` only shows how far there is to go. */
export interface Measure {
  name: string;
  unit: string;
  value: number;
  baseline?: string;
  baselineValue?: number;
  ratio?: number;
  /** Of the ratio when there is one, else of the value. */
  spread?: [least: number, greatest: number];
  bar?: Goal;
  aim?: Goal;
}

export function met(m: Measure, goal: Goal): boolean {
  const figure = goal.of === 'ratio' ? (m.ratio ?? Number.NaN) : m.value;
  return goal.op === '<=' ? figure <= goal.limit : figure >= goal.limit;
}

/** The same with bars of ratios `factor` times as wide and no other bars: for a machine on which other work goes on. */
export function relaxed(m: Measure, factor: number): Measure {
  const { bar, ...rest } = m;
  if (bar?.of !== 'ratio') return rest;
  return { ...rest, bar: { ...bar, limit: bar.op === '<=' ? bar.limit * factor : bar.limit / factor } };
}

/** Subject and baseline measured in turns: the ratio is the median of the rounds' ratios, so that noise hits both alike. */
export function compared(
  o: { name: string; unit: string; baseline: string; bar?: Goal; aim?: Goal },
  rounds: readonly { subject: number; baseline: number }[],
): Measure {
  const ratios = rounds.map((r) => r.subject / r.baseline);
  return {
    ...o,
    value: median(rounds.map((r) => r.subject)),
    baselineValue: median(rounds.map((r) => r.baseline)),
    ratio: median(ratios),
    ...(rounds.length > 1 ? { spread: spread(ratios) } : {}),
  };
}

/** A figure without a baseline, over one or more rounds. */
export function plain(
  o: { name: string; unit: string; bar?: Goal; aim?: Goal },
  values: number | readonly number[],
): Measure {
  if (typeof values === 'number') return { ...o, value: values };
  return { ...o, value: median(values), ...(values.length > 1 ? { spread: spread(values) } : {}) };
}
