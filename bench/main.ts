import { parseArgs } from 'node:util';
import { disk } from './disk.ts';
import { ingest } from './ingest.ts';
import { type Measure, met } from './lib/measure.ts';
import { jsonLine, table } from './lib/report.ts';
import { loop } from './loop.ts';

/** In the order in which they run. */
const GROUPS: Record<string, () => Promise<Measure[]> | Measure[]> = { ingest, disk, loop };

function options(): { names: string[]; json: boolean } {
  const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } });
  const names = values.only?.split(',') ?? Object.keys(GROUPS);
  const unknown = names.filter((name) => !(name in GROUPS));
  if (unknown.length > 0)
    throw new Error(`no group ${unknown.join(', ')}: there are ${Object.keys(GROUPS).join(', ')}`);
  return { names, json: values.json };
}

async function run(): Promise<number> {
  const { names, json } = options();
  let missed = 0;
  for (const name of names) {
    const start = performance.now();
    const measures = (await GROUPS[name]?.()) ?? [];
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    if (json) for (const measure of measures) console.log(jsonLine(name, measure));
    else console.log(table(`${name} (${seconds} s)`, measures));
    missed += measures.filter((m) => m.bar !== undefined && !met(m, m.bar)).length;
  }
  if (missed > 0) console.error(`${missed} of the bars were missed`);
  return missed === 0 ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
