import { parseArgs } from 'node:util';
import { messageOf } from '../shared/errors.ts';
import { codec } from './codec.ts';
import { cold } from './cold.ts';
import { disk } from './disk.ts';
import { ingest } from './ingest.ts';
import { closeFiveYears } from './lib/five-years.ts';
import { type Measure, relaxed } from './lib/measure.ts';
import { jsonLine, markdown, table } from './lib/report.ts';
import { exitCode, missed, type Outcome, runGroups } from './lib/run.ts';
import { loop } from './loop.ts';
import { memory } from './memory.ts';
import { peers } from './peers.ts';
import { query } from './query.ts';
import { scale } from './scale.ts';
import { soak } from './soak.ts';
import { startup } from './startup.ts';
import { upload } from './upload.ts';
import { writes } from './writes.ts';

/** In the order in which they run. */
const GROUPS: Record<string, (o: { full: boolean; quick: boolean }) => Promise<Measure[]> | Measure[]> = {
  codec,
  peers,
  ingest,
  writes,
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

/** Run only when they are named: one takes as long as somebody wants, the other measures what a model needs, not a bar. */
const ALONE = ['soak', 'scale'];
/** A group of a plain run that takes longer hangs. */
const LIMIT_MS = 600_000;
/** What a group that was given up has left running ends with the process. */
const LEFT_RUNNING_MS = 5_000;

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

async function run({ names, form, quick, full }: Options): Promise<number> {
  const groups = new Map(
    names.map((name) => [
      name,
      async () => {
        const measures = (await GROUPS[name]?.({ full, quick })) ?? [];
        return quick ? measures.map((m) => relaxed(m, QUICK_FACTOR)) : measures;
      },
    ]),
  );
  const limited = !full && !names.some((name) => ALONE.includes(name));
  const outcomes: Outcome[] = [];
  for await (const outcome of runGroups(groups, limited ? LIMIT_MS : undefined)) {
    outcomes.push(outcome);
    tell(outcome, form);
  }
  if (form === 'markdown') console.log(markdown(outcomes));
  const count = outcomes.flatMap(({ measures }) => measures.filter(missed)).length;
  if (count > 0) console.error(`${count} of the bars were missed`);
  const code = exitCode(outcomes);
  if (code === 2) setTimeout(() => process.exit(), LEFT_RUNNING_MS).unref();
  return code;
}

/** As soon as a group has ended; Markdown is one document, so there is only a sign of life. */
function tell({ name, seconds, measures, error }: Outcome, form: Options['form']): void {
  const took = `${name} (${seconds.toFixed(1)} s)`;
  if (error !== undefined) console.error(`${took} could not run:`, error);
  else if (form === 'table') console.log(table(took, measures));
  else if (form === 'json') for (const measure of measures) console.log(jsonLine(name, measure));
  else console.error(took);
}

try {
  process.exitCode = await run(options());
} catch (error) {
  console.error(`bench: ${messageOf(error)}`);
  process.exitCode = 2;
} finally {
  await closeFiveYears();
}
