import { renameSync } from 'node:fs';
import { queryRowsSchema } from '../shared/schemas.ts';
import { DAY_US, HOUR_US, MB, MINUTE_US } from '../shared/units.ts';
import { BenchGateway } from './lib/gateway.ts';
import { type BuiltHistory, buildHistory, seriesKey } from './lib/history.ts';
import { compared, type Goal, type Measure, plain } from './lib/measure.ts';
import { FIELDS } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';

const YEAR_DAYS = 365.25;
const DAYS = Math.ceil(10 * YEAR_DAYS);
const POINTS = 2_000;
/** The last 30 days are local: every range reaches back into what is in the archive only. */
const RANGES = [
  ['1 month', 31],
  ['1 year', YEAR_DAYS],
  ['2 years', 2 * YEAR_DAYS],
  ['5 years', 5 * YEAR_DAYS],
  ['10 years', DAYS],
] as const;
/** Ten years take no more than so many times what a month takes. */
const FLAT = 2;
/** Series asked for: one after the other, each once for a range. */
const ASKED = FIELDS.length;

/** Ten years of a gateway. */
interface Site {
  name: string;
  hubs: number;
  stepUs: number;
  /** As HistoryOptions. */
  turns: number;
}

/** One hub at a reading a minute; many series of which each sends seldom, with a block a day all the same. */
const SITES: readonly Site[] = [
  { name: '8 series at 1/min', hubs: 1, stepUs: MINUTE_US, turns: 1 },
  { name: '104 series at 1/week', hubs: 13, stepUs: 24 * HOUR_US, turns: 7 },
];
const LARGE: Site = { name: '10,000 series at 1/4 weeks', hubs: 1_250, stepUs: 24 * HOUR_US, turns: 28 };

const upTo = (limit: number): Goal => ({ of: 'value', op: '<=', limit });

/** History of one series out of ten years, while the archive is away, as REST answers it. */
export async function query({ full }: { full: boolean }): Promise<Measure[]> {
  const scratch = scratchFolder();
  try {
    const sites = (full ? [...SITES, LARGE] : SITES).map((site, i) => ({ site, folder: `${scratch.folder}/${i}` }));
    const built = await Promise.all(
      sites.map(async ({ site: { name, ...site }, folder }) => {
        const history = await buildHistory({ ...site, folder, days: DAYS, seed: 6 });
        renameSync(history.archiveFolder, `${history.archiveFolder}-away`);
        return { name, folder, history, readingsADay: DAY_US / site.stepUs / site.turns };
      }),
    );
    const measures: Measure[] = [];
    for (const site of built) measures.push(...(await ofSite(site)));
    return measures;
  } finally {
    scratch.remove();
  }
}

interface BuiltSite {
  name: string;
  folder: string;
  history: BuiltHistory;
  /** Of each series. */
  readingsADay: number;
}

async function ofSite(site: BuiltSite): Promise<Measure[]> {
  const gateway = new BenchGateway(site.folder, site.history.toml);
  try {
    await gateway.start();
    const measures = [
      plain({ name: `${site.name}: start`, unit: 's', bar: upTo(3), aim: upTo(1) }, gateway.startMs / 1_000),
    ];
    for (const [name, days] of RANGES) {
      const times = await sample(gateway, site, days - 1);
      measures.push(plain({ name: `${site.name}: ${name}, first time`, unit: 'ms', aim: upTo(50) }, times));
    }
    const again = new Map<string, number[]>();
    for (const [name, days] of RANGES) {
      const times = await sample(gateway, site, days);
      again.set(name, times);
      measures.push(plain({ name: `${site.name}: ${name}`, unit: 'ms', bar: upTo(50), aim: upTo(10) }, times));
    }
    measures.push(flatness(site.name, again));
    const peak = gateway.peakBytes();
    if (peak !== undefined)
      measures.push(
        plain({ name: `${site.name}: most memory`, unit: 'MB', bar: upTo(300), aim: upTo(220) }, peak / MB),
      );
    return measures;
  } finally {
    await gateway.stop('SIGKILL');
  }
}

/** How much longer an answer takes over all of the history than over its last month, series by series. */
function flatness(site: string, times: ReadonlyMap<string, readonly number[]>): Measure {
  const [shortest, longest] = [RANGES[0][0], RANGES[RANGES.length - 1]?.[0] ?? ''];
  const baselines = times.get(shortest) ?? [];
  const rounds = (times.get(longest) ?? []).map((subject, i) => ({ subject, baseline: baselines[i] ?? Number.NaN }));
  const aim: Goal = { of: 'ratio', op: '<=', limit: FLAT };
  return compared({ name: `${site}: ${longest}, flat`, unit: 'ms', baseline: shortest, aim }, rounds);
}

/** Milliseconds of each answer. */
async function sample(
  gateway: BenchGateway,
  { history: { to }, readingsADay }: BuiltSite,
  days: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < ASKED; i++) {
    const range = { series: seriesKey(i), from: `${to - days * DAY_US}`, to: `${to}`, points: `${POINTS}` };
    const start = performance.now();
    const answer = queryRowsSchema.parse(await gateway.call('GET', `/query?${new URLSearchParams(range)}`));
    times.push(performance.now() - start);
    const sources = new Set(answer.coverage.map((c) => c.source));
    // Readings a minute do not reach each of the narrowest buckets.
    const least = Math.min(POINTS / 2, Math.floor(readingsADay * days));
    if (sources.has('unreachable') || answer.points.length < least)
      throw new Error(`${days} days came as ${answer.points.length} points from ${[...sources].join()}`);
  }
  return times;
}
