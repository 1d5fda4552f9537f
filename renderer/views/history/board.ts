import { HOUR_US, MINUTE_US, SECOND_US } from '../../../shared/units.ts';
import type { Line } from '../../charts/axes.ts';
import { type BandRun, bandRuns } from '../../charts/band.ts';
import type { Range } from '../../charts/range.ts';
import type { Picture } from '../../charts/trace.ts';
import { formatSpan } from '../../ui/format.ts';
import type { Feed } from './feeds.ts';
import { seriesName } from './series-name.ts';

/** Cells of the source band. */
const CELLS = 240;

/**
 * Points to ask for: about one a pixel, in a number that divides the steps in which a view follows now (use-view.ts), so that its buckets stay
 * where they are.
 */
export function pointsFor(width: number): number {
  if (width === 0) return 0;
  return width < 500 ? 400 : width < 900 ? 800 : 1_200;
}

/** Lines of the feeds in their order; those with the same unit, or the same field when it has none, share a scale. */
export function linesOf(feeds: readonly Feed[]): Line[] {
  return feeds.map(({ key, picture }, slot) => {
    const unit = picture?.unit ?? '';
    const { field } = seriesName(key);
    return { key, slot, scale: unit === '' ? `field ${field}` : `unit ${unit}`, axisLabel: unit === '' ? field : unit };
  });
}

const precise = (unit: string): Intl.NumberFormat =>
  new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 });
const SECONDS = precise('second');
const MINUTES = precise('minute');

/** What a point stands for, precisely enough to tell buckets apart: `91.2 sec`, `8.4 min`, `3.6 h`. */
export function stepText(us: number): string {
  if (us < 2 * MINUTE_US) return SECONDS.format(us / SECOND_US);
  return us < HOUR_US ? MINUTES.format(us / MINUTE_US) : formatSpan(us);
}

/** When the first of them began, once all have answered for the range; undefined when that is not known, or nothing was recorded. */
export function firstRecorded(feeds: readonly Feed[], range: Range): number | undefined {
  const begins: number[] = [];
  for (const { phase, picture } of feeds) {
    if (phase !== 'done' || picture?.range.from !== range.from) return undefined;
    begins.push(...picture.coverage.filter((c) => c.source !== 'none').map((c) => c.from));
  }
  return begins.length === 0 ? undefined : Math.min(...begins);
}

/** A stretch of the shown range, as shares of it. */
export interface Stretch {
  start: number;
  width: number;
}

function stretchOf(range: Range, shown: Range): Stretch | undefined {
  const span = shown.to - shown.from;
  const from = Math.max(range.from, shown.from);
  const to = Math.min(range.to, shown.to);
  return from < to ? { start: (from - shown.from) / span, width: (to - from) / span } : undefined;
}

/** Where what is shown comes from; nothing is said about time that no picture covers yet. */
export function runsOf(pictures: readonly Picture[], shown: Range): BandRun[] {
  const known = pictures.reduce(
    (all, { range }) => ({ from: Math.max(all.from, range.from), to: Math.min(all.to, range.to) }),
    shown,
  );
  const place = stretchOf(known, shown);
  if (pictures.length === 0 || place === undefined) return [];
  const runs = bandRuns(
    pictures.flatMap((p) => p.coverage),
    known,
    CELLS,
  );
  return runs.map(({ band, start, width }) => ({
    band,
    start: place.start + start * place.width,
    width: width * place.width,
  }));
}

export function pendingOf(pictures: readonly Picture[], shown: Range): Stretch[] {
  const spans = pictures.flatMap((p) => p.pending).sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged.flatMap((span) => stretchOf(span, shown) ?? []);
}
