import { parseArgs } from 'node:util';
import { messageOf } from '../shared/errors.ts';
import { codec } from './codec.ts';
import { cold } from './cold.ts';
import { disk } from './disk.ts';
import { ingest } from './ingest.ts';
import { type Measure, met, relaxed } from './lib/measure.ts';
import { jsonLine, markdown, table } from './lib/report.ts';
import { loop } from './loop.ts';
import { memory } from './memory.ts';
import { peers } from './peers.ts';
import { query } from './query.ts';
import { scale } from './scale.ts';
import { soak } from './soak.ts';
import { startup } from './startup.ts';
import { upload } from './upload.ts';

/** In the order in which they run. */
const GROUPS: Record<string, (o: { full: boolean; quick: boolean }) => Promise<Measure[]> | Measure[]> = {
  codec,
  peers,
  ingest,
  disk,
  loop,
  upload,
  memory,
  cold,
  query,
  startup,
  scale,
  soak,
};

/** Runs only when it is named: it takes as long as somebody wants. */
const ALONE = ['soak', 'scale'];

const QUICK_FACTOR = 2;

interface Options {
  names: string[];
  form: 'table' | 'json' | 'markdown';
  /** As `npm test` runs them: no peers are fetched, and bars are half as strict. */
  quick: boolean;
  /** Groups that have one run their long version. */
  full: boolean;
}

function options(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
    },
  });
  const names = values.only?.split(',') ?? Object.keys(GROUPS).filter((name) => !ALONE.includes(name));
  const unknown = names.filter((name) => !(name in GROUPS));
  if (unknown.length > 0)
    throw new Error(`no group ${unknown.join(', ')}: there are ${Object.keys(GROUPS).join(', ')}`);
  const form = values.json ? 'json' : values.markdown ? 'markdown' : 'table';
  return { names, form, quick: values.quick, full: values.full };
}

/** 0: every bar was met; 1: one was missed; 2: a group could not run. The others run all the same. */
async function run({ names, form, quick, full }: Options): Promise<number> {
  let [missed, failed] = [0, 0];
  for (const name of names) {
    const start = performance.now();
    try {
      const found = (await GROUPS[name]?.({ full, quick })) ?? [];
      const measures = quick ? found.map((m) => relaxed(m, QUICK_FACTOR)) : found;
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      if (form === 'json') for (const measure of measures) console.log(jsonLine(name, measure));
      else console.log((form === 'table' ? table : markdown)(`${name} (${seconds} s)`, measures));
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
