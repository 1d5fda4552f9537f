import { renameSync } from 'node:fs';
import { queryRowsSchema } from '../shared/schemas.ts';
import { DAY_US } from '../shared/units.ts';
import { BenchGateway } from './lib/gateway.ts';
import { type BuiltHistory, buildHistory, seriesKey } from './lib/history.ts';
import { type Measure, plain } from './lib/measure.ts';
import { FIELDS } from './lib/pump.ts';
import { scratchFolder } from './lib/scratch.ts';

const YEAR_DAYS = 365.25;
const DAYS = Math.ceil(10 * YEAR_DAYS);
const POINTS = 2_000;
/** The last 30 days are local: every range reaches back into what is in the archive only. */
const RANGES = [
  ['1 month', 31],
  ['1 year', YEAR_DAYS],
  ['5 years', 5 * YEAR_DAYS],
  ['10 years', DAYS],
] as const;

/** History of one series out of ten years at a reading a minute, while the archive is away, as REST answers it. */
export async function query(): Promise<Measure[]> {
  const scratch = scratchFolder();
  try {
    const history = await buildHistory({ folder: scratch.folder, days: DAYS, hubs: 1, stepUs: 60_000_000, seed: 6 });
    renameSync(history.archiveFolder, `${history.archiveFolder}-away`);
    const gateway = new BenchGateway(scratch.folder, history.toml);
    try {
      await gateway.start();
      const measures: Measure[] = [];
      // The first answers run code that was not compiled yet.
      for (const [name, days] of RANGES) await sample(gateway, history, name, days - 1);
      for (const [name, days] of RANGES) measures.push(await sample(gateway, history, name, days));
      return measures;
    } finally {
      await gateway.stop('SIGKILL');
    }
  } finally {
    scratch.remove();
  }
}

/** Each series once. */
async function sample(gateway: BenchGateway, { to }: BuiltHistory, name: string, days: number): Promise<Measure> {
  const times: number[] = [];
  for (let i = 0; i < FIELDS.length; i++) {
    const range = { series: seriesKey(i), from: `${to - days * DAY_US}`, to: `${to}`, points: `${POINTS}` };
    const start = performance.now();
    const answer = queryRowsSchema.parse(await gateway.call('GET', `/query?${new URLSearchParams(range)}`));
    times.push(performance.now() - start);
    const sources = new Set(answer.coverage.map((c) => c.source));
    if (sources.has('unreachable') || answer.points.length < Math.min(POINTS, 24 * days) / 2)
      throw new Error(`${name} came as ${answer.points.length} points from ${[...sources].join()}`);
  }
  return plain(
    {
      name: `1 series, ${name}, ${POINTS} points, archive away`,
      unit: 'ms',
      bar: { of: 'value', op: '<=', limit: 50 },
    },
    times,
  );
}
