import { gaps, type Stretch } from '../../shared/stretch.ts';
import { dayOf, dayStart } from '../../shared/units.ts';
import { isDense } from '../codec/roll-up.ts';
import { rollupWithin } from '../codec/rollup.ts';
import type { Blocks } from './blocks.ts';
import type { Head } from './head.ts';
import type { HeadView } from './head-copy.ts';
import { WIDTH_US } from './levels.ts';
import { cleanDay, type DirtyDay, type DirtyRows, merged, touch } from './rollup-dirty.ts';
import { hasDay, monthOf, type RollupRows } from './rollup-rows.ts';
import { RollupView } from './rollup-view.ts';
import type { Segments } from './segments.ts';
import type { RollupPart, RollupRequest } from './types.ts';

export interface RollupParts {
  rows: RollupRows;
  dirty: DirtyRows;
  /** Readings in memory: no rollup knows them. */
  heads: readonly HeadView[];
  blocks: Blocks;
  segments: Segments;
}

/** See StoreApi.rollups. */
export function rollupParts(
  p: RollupParts,
  series: number,
  { from, to, levels, exactUpTo, thinFromDays }: RollupRequest,
): RollupPart[] {
  const days = { from: dayOf(from), to: dayOf(to - 1) };
  const view = new RollupView(p.rows, series, { ...days, dirty: dirtyDays(p, series, days.from, days.to) });
  const isLong = p.blocks.hasColdDays(days.from, days.to, thinFromDays);
  const parts: RollupPart[] = [];
  let open = [{ from, to }];
  for (const level of levels) {
    // Of few days the hours are as soon read, and tell which of them are thin.
    if (level === 'quarters' && !isLong) continue;
    const found = open.map((stretch) => ({ stretch, parts: view.parts(level, stretch) }));
    parts.push(...found.flatMap((f) => f.parts));
    open = found.flatMap((f) => gaps(f.parts, f.stretch));
  }
  const known = isLong ? parts : parts.flatMap(denseDays);
  known.sort((a, b) => a.from - b.from);
  const readings = known.reduce((n, { rollup }) => n + (rollup?.count.reduce((sum, count) => sum + count, 0) ?? 0), 0);
  if (readings > exactUpTo) return known;
  const local = localDays(p, days).map((day) => ({ from: dayStart(day), to: dayStart(day + 1) }));
  return known.flatMap((part) => without(part, local));
}

/** Days of which this gateway has all that there is. Few, however old it is: those in the archive are not looked at one by one. */
function localDays({ segments, blocks }: RollupParts, { from, to }: { from: number; to: number }): number[] {
  const days = segments.days(from, to);
  const cold = blocks.coldDays(days[0] ?? 0, days.at(-1) ?? -1);
  return days.filter((day) => !cold.has(day));
}

/** What of a part lies in none of the stretches; where it has no readings it stays whole. */
function without(part: RollupPart, stretches: readonly Stretch[]): RollupPart[] {
  const { rollup } = part;
  if (rollup === undefined) return [part];
  const within = stretches.filter(({ from, to }) => from < part.to && to > part.from);
  return gaps(within, part).map(({ from, to }) => ({ from, to, rollup: rollupWithin(rollup, from, to) }));
}

/** What of a part lies on days whose hours hold enough readings each. */
function denseDays(part: RollupPart): RollupPart[] {
  const { rollup } = part;
  if (rollup?.width !== WIDTH_US.hours) return [part];
  const choose = (day: number): boolean => isDense(rollupWithin(rollup, dayStart(day), dayStart(day + 1)));
  const chosen: RollupPart[] = [];
  for (let from = part.from; from < part.to; ) {
    const isChosen = choose(dayOf(from));
    let to = from;
    while (to < part.to && choose(dayOf(to)) === isChosen) to = Math.min(part.to, dayStart(dayOf(to) + 1));
    if (isChosen) chosen.push({ from, to, rollup: rollupWithin(rollup, from, to) });
    from = to;
  }
  return chosen;
}

/** Buckets of a series whose rollup does not know all readings: late ones that were cut, and all in memory. */
function dirtyDays(
  { rows, dirty, heads }: RollupParts,
  series: number,
  from: number,
  to: number,
): Map<number, DirtyDay> {
  const days = dirty.of(series, from, to);
  for (const head of heads) {
    const done = doneDaysOf(head, rows).filter((day) => day >= from && day <= to);
    if (done.length === 0) continue;
    for (const [day, marks] of touchedOf(head, series, new Set(done))) {
      days.set(day, merged(days.get(day) ?? cleanDay(), marks));
    }
  }
  return days;
}

/** Days that are rolled up and of which the head has readings. */
function doneDaysOf(head: HeadView, rows: RollupRows): number[] {
  const days = [...head.days.keys()];
  const done = rows.doneDays(Math.min(...days), Math.max(...days));
  return days.filter((day) => hasDay(done.get(monthOf(day)), day));
}

/** The buckets of a series that the head's readings of the days lie in. */
function touchedOf(head: HeadView, series: number, days: ReadonlySet<number>): Map<number, DirtyDay> {
  const touched = new Map<number, DirtyDay>();
  for (const day of days) {
    const { t } = head.between(series, dayStart(day), dayStart(day + 1));
    if (t.length === 0) continue;
    const marks = cleanDay();
    for (const time of t) touch(marks, time);
    touched.set(day, marks);
  }
  return touched;
}

/** Readings for days that are rolled up already: the buckets they lie in are answered from readings from now on. */
export function markLate(head: Head, rows: RollupRows, dirty: DirtyRows): void {
  const days = new Set(doneDaysOf(head, rows));
  if (days.size === 0) return;
  for (const [series] of head.series())
    for (const [day, marks] of touchedOf(head, series, days)) dirty.add(series, day, marks);
}
