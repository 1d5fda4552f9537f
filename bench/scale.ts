import { MB } from '../shared/units.ts';
import { compared, type Measure, plain } from './lib/measure.ts';
import { measureDay } from './lib/measured-day.ts';
import { residentWith } from './lib/memory-point.ts';
import { grow, type Limits, type MeasuredDay, type MeasuredMemory, resident } from './lib/model.ts';
import { FIELDS } from './lib/pump.ts';

const LIMITS: Limits = {
  ingest: 2_000_000,
  maxSeries: 200_000,
  blockBytes: 32 * MB,
  partBytes: 5 << 20,
  localDays: 30,
  headReadings: 2_000_000,
};
const YEARS = [1, 10];
const SERIES = [10, 1_000, 100_000];
/** The checks make smaller objects, so that there are several; segments fill these less well, and their indexes have more in them that is theirs alone. */
const SMALL_BLOCKS: Limits = { ...LIMITS, blockBytes: 2 * MB };
/** The model takes its figures from some hubs, and is checked against more. Of a day at 100/s only a part is measured. */
const RATES = [
  { name: '1/min', readingsPerSecond: 1 / 60, share: 1, hubs: 10, more: 400 },
  { name: '1/s', readingsPerSecond: 1, share: 1, hubs: 5, more: 20 },
  { name: '100/s', readingsPerSecond: 100, share: 1 / 24, hubs: 1, more: 3 },
];
/** Gateways at rest whose memory the model is made of, and one that it is checked against. */
const IDLE = { series: 8, readingsEach: 1 };
const FULL_HEAD = { series: 1_000, readingsEach: 1_900 };
const MANY_SERIES = { series: 100_000, readingsEach: 1 };
const BOTH = { series: 100_000, readingsEach: 15 };

/** What sites of many sizes come to, by a small model that is checked against days that went through the store and gateways that ran. */
export async function scale(): Promise<Measure[]> {
  const { memory, measures } = await memoryModel();
  for (const { name, readingsPerSecond, share, hubs, more } of RATES) {
    const day = measureDay(hubs, readingsPerSecond, share, LIMITS.blockBytes);
    const of = `${more * FIELDS.length} series at ${name}, ${hubs * FIELDS.length} in the model`;
    measures.push(...checks(of, more, day, memory, share));
    measures.push(
      plain({ name: `${name}: bucket`, unit: 'B/reading' }, day.bucketBytes / (readingsPerSecond * 86_400)),
      plain({ name: `${name}: index on the gateway`, unit: 'B a series-day' }, day.indexBytes),
      plain({ name: `${name}: rollups on the gateway`, unit: 'B a series-day' }, day.rollupBytes),
      plain({ name: `${name}: processor`, unit: 'ms a series-day' }, day.busySeconds * 1_000),
    );
    for (const series of SERIES)
      for (const years of YEARS) {
        const g = grow({ series, readingsPerSecond, years }, day, memory, LIMITS);
        const of = `${series} series, ${name}, ${years} years`;
        measures.push(
          plain({ name: `${of}: bucket`, unit: 'GB' }, g.bucketBytes / 1e9),
          plain({ name: `${of}: objects`, unit: 'objects' }, g.objects),
          plain({ name: `${of}: requests, writing and reading`, unit: 'requests' }, g.writes + g.reads),
          plain({ name: `${of}: on the gateway`, unit: 'GB' }, g.localBytes / 1e9),
          plain({ name: `${of}: manifest`, unit: 'MB' }, g.manifestBytes / 1e6),
          plain({ name: `${of}: what never leaves`, unit: 'MB' }, g.leastBytes / 1e6),
          plain({ name: `${of}: memory of a gateway`, unit: 'MB' }, g.ramBytes / 1e6),
          plain({ name: `${of}: processor of a gateway`, unit: 's a day' }, g.busySecondsADay),
          plain({ name: `${of}: gateways`, unit: 'gateways' }, g.gateways),
        );
      }
  }
  return measures;
}

/** More hubs against what the model says of them: nothing of theirs may be far above it. */
function checks(of: string, hubs: number, model: MeasuredDay, memory: MeasuredMemory, share: number): Measure[] {
  const measured = measureDay(hubs, model.readingsPerSecond, share, SMALL_BLOCKS.blockBytes);
  const site = { series: hubs * FIELDS.length, readingsPerSecond: model.readingsPerSecond, years: share / 365.25 };
  const { objects } = grow(site, model, memory, SMALL_BLOCKS);
  const check = (name: string, unit: string, subject: number, said: number, limit: number): Measure =>
    compared({ name: `${of}: ${name}`, unit, baseline: 'by the model', bar: { of: 'ratio', op: '<=', limit } }, [
      { subject, baseline: said },
    ]);
  const perDay = 'B a series-day';
  return [
    check('bucket', perDay, measured.bucketBytes, model.bucketBytes, 1.1),
    check('objects', 'objects', measured.objects, objects, 1.25),
    check('index', perDay, measured.indexBytes, model.indexBytes, 1.25),
    check('rollups', perDay, measured.rollupBytes, model.rollupBytes, 1.1),
    check('processor', 'ms a series-day', measured.busySeconds * 1_000, model.busySeconds * 1_000, 1.5),
  ];
}

/** From three gateways, checked against a fourth: what is measured may not be far above what the model says. */
async function memoryModel(): Promise<{ memory: MeasuredMemory; measures: Measure[] }> {
  // Untimed: the first start compiles what later ones find compiled.
  await residentWith(IDLE);
  const idleBytes = await residentWith(IDLE);
  const headReadingBytes = ((await residentWith(FULL_HEAD)) - idleBytes) / readingsOf(FULL_HEAD);
  const seriesBytes = ((await residentWith(MANY_SERIES)) - idleBytes) / MANY_SERIES.series - headReadingBytes;
  const memory = { idleBytes, headReadingBytes, seriesBytes };
  const said = resident(memory, BOTH.series, readingsOf(BOTH));
  return {
    memory,
    measures: [
      plain({ name: 'memory of an idle gateway', unit: 'MB' }, idleBytes / MB),
      plain({ name: 'memory of a reading in the head', unit: 'B' }, headReadingBytes),
      plain({ name: 'memory of a series', unit: 'B' }, seriesBytes),
      compared(
        {
          name: `memory with ${BOTH.series} series and ${readingsOf(BOTH)} readings in the head`,
          unit: 'MB',
          baseline: 'by the model',
          bar: { of: 'ratio', op: '<=', limit: 1.25 },
        },
        [{ subject: (await residentWith(BOTH)) / MB, baseline: said / MB }],
      ),
    ],
  };
}

const readingsOf = (o: { series: number; readingsEach: number }): number => o.series * o.readingsEach;
