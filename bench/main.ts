import { parseArgs } from 'node:util';
import { messageOf } from '../shared/errors.ts';
import { codec } from './codec.ts';
import { cold } from './cold.ts';
import { disk } from './disk.ts';
import { ingest } from './ingest.ts';
import { type Measure, met } from './lib/measure.ts';
import { jsonLine, table } from './lib/report.ts';
import { loop } from './loop.ts';
import { memory } from './memory.ts';
import { query } from './query.ts';
import { soak } from './soak.ts';
import { startup } from './startup.ts';
import { upload } from './upload.ts';

/** In the order in which they run. */
const GROUPS: Record<string, (full: boolean) => Promise<Measure[]> | Measure[]> = {
  codec,
  ingest,
  disk,
  loop,
  upload,
  memory,
  cold,
  query,
  startup,
  soak,
};

/** Runs only when it is named: it takes as long as somebody wants. */
const ALONE = ['soak'];

interface Options {
  names: string[];
  json: boolean;
  /** Groups that have one run their long version. */
  full: boolean;
}

function options(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
    },
  });
  const names = values.only?.split(',') ?? Object.keys(GROUPS).filter((name) => !ALONE.includes(name));
  const unknown = names.filter((name) => !(name in GROUPS));
  if (unknown.length > 0)
    throw new Error(`no group ${unknown.join(', ')}: there are ${Object.keys(GROUPS).join(', ')}`);
  return { names, json: values.json, full: values.full };
}

/** 0: every bar was met; 1: one was missed; 2: a group could not run. The others run all the same. */
async function run({ names, json, full }: Options): Promise<number> {
  let [missed, failed] = [0, 0];
  for (const name of names) {
    const start = performance.now();
    try {
      const measures = (await GROUPS[name]?.(full)) ?? [];
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      if (json) for (const measure of measures) console.log(jsonLine(name, measure));
      else console.log(table(`${name} (${seconds} s)`, measures));
      missed += measures.filter((m) => m.bar !== undefined && !met(m, m.bar)).length;
    } catch (error) {
      console.error(`${name} could not run:`, error);
      failed++;
    }
  }
  if (missed > 0) console.error(`${missed} of the bars were missed`);
  return failed > 0 ? 2 : missed > 0 ? 1 : 0;
}

try {
  process.exitCode = await run(options());
} catch (error) {
  console.error(`bench: ${messageOf(error)}`);
  process.exitCode = 2;
}
