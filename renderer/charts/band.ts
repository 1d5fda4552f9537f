import type { QueryUpdate } from '../../shared/schemas.ts';
import { COVERAGE_SOURCES, type CoverageSource } from '../../shared/states.ts';
import type { Range } from './range.ts';

/** Where one stretch of an answer came from. */
export type Coverage = QueryUpdate['coverage'][number];

/** What a technician distinguishes: both local tiers are "on this gateway". Each has its own pattern. */
export const BANDS = ['gateway', 'cached', 'archive', 'summary', 'unreachable', 'damaged', 'none'] as const;
export type Band = (typeof BANDS)[number];

const BAND_OF: Record<CoverageSource, Band> = {
  head: 'gateway',
  local: 'gateway',
  cache: 'cached',
  cold: 'archive',
  rollup: 'summary',
  unreachable: 'unreachable',
  damaged: 'damaged',
  none: 'none',
};

export const bandOf = (source: CoverageSource): Band => BAND_OF[source];

/** A run of one source; `start` and `width` are shares of the range. */
export interface BandRun {
  band: Band;
  start: number;
  width: number;
}

const rank = (source: CoverageSource): number => COVERAGE_SOURCES.indexOf(source);

/**
 * The coverage as at most `cells` equal cells, neighbours of one source merged. In a cell the worst source counts: a short stretch that cannot
 * be reached must not vanish.
 */
export function bandRuns(coverage: readonly Coverage[], range: Range, cells: number): BandRun[] {
  const span = range.to - range.from;
  const worst: CoverageSource[] = Array.from({ length: cells }, () => 'none');
  for (const c of coverage) {
    const first = Math.max(0, Math.floor(((c.from - range.from) / span) * cells));
    const last = Math.min(cells, Math.ceil(((c.to - range.from) / span) * cells));
    for (let i = first; i < last; i++) if (rank(c.source) > rank(worst[i] ?? 'none')) worst[i] = c.source;
  }
  const runs: { band: Band; cells: number }[] = [];
  for (const source of worst) {
    const band = bandOf(source);
    const run = runs.at(-1);
    if (run?.band === band) run.cells++;
    else runs.push({ band, cells: 1 });
  }
  let at = 0;
  return runs.map((run) => {
    const start = at / cells;
    at += run.cells;
    return { band: run.band, start, width: run.cells / cells };
  });
}

/** The bands that occur, in the order of the legend. */
export function bandsIn(runs: readonly BandRun[]): Band[] {
  return BANDS.filter((band) => runs.some((run) => run.band === band));
}
