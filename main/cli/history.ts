import { z } from 'zod';
import { type QueryRows, queryRowsSchema, seriesSchema } from '../../shared/schemas.ts';
import { type CommonOptions, connect } from './client.ts';
import { CommandError } from './errors.ts';
import { formatTime, table } from './format.ts';

const seriesPage = z.object({ series: z.array(seriesSchema), total: z.number(), next: z.string().nullable() });

/** `tidemark series [--search TEXT]`. */
export async function seriesCommand(o: CommonOptions & { search?: string }): Promise<void> {
  const client = connect(o);
  const all: z.infer<typeof seriesSchema>[] = [];
  for (let after: string | null = null; ; ) {
    const query = new URLSearchParams({
      limit: '10000',
      ...(o.search === undefined ? {} : { search: o.search }),
      ...(after === null ? {} : { after }),
    });
    const page = seriesPage.parse(await client.call('GET', `/series?${query}`));
    all.push(...page.series);
    after = page.next;
    if (after === null) break;
  }
  if (o.json === true) console.log(JSON.stringify(all));
  else
    console.log(
      table(
        ['series', 'last', 'at'],
        all.map((s) => [
          s.key,
          s.last === null ? '-' : String(s.last.value),
          s.last === null ? '-' : formatTime(s.last.t_us),
        ]),
      ),
    );
}

export interface QueryOptions extends CommonOptions {
  from: string;
  to: string;
  points?: string;
  raw?: boolean;
  csv?: boolean;
}

/** `tidemark query SERIES --from --to [--points N] [--raw] [--csv]`. Raw answers are paged; all pages are printed. */
export async function queryCommand(key: string, o: QueryOptions): Promise<void> {
  const client = connect(o);
  const wanted = {
    series: key,
    from: o.from,
    to: o.to,
    ...(o.raw === true ? { raw: '1' } : { points: o.points ?? '1000' }),
  };
  let first = true;
  let missing = 0;
  for (let next: string | null = null; ; ) {
    const page = queryRowsSchema.parse(
      await client.call('GET', `/query?${new URLSearchParams({ ...wanted, ...(next === null ? {} : { next }) })}`),
    );
    await print(o, page, first);
    missing += warn(page);
    first = false;
    next = page.next;
    if (next === null) break;
  }
  // A script that writes an export must notice that a part is not in it.
  if (missing > 0) throw new CommandError('the answer is incomplete: a part of it could not be read (see above)');
}

async function print(o: QueryOptions, page: QueryRows, first: boolean): Promise<void> {
  if (o.json === true) {
    await write(`${JSON.stringify(page)}\n`);
    return;
  }
  const separator = o.csv === true ? ',' : '\t';
  const header = o.raw === true ? ['time', 'value'] : ['time', 'min', 'max', 'mean', 'count'];
  const lines = page.points.map((row) => [formatTime(Number(row[0])), ...row.slice(1)].join(separator));
  await write(`${[...(first ? [header.join(separator)] : []), ...lines].join('\n')}\n`);
}

/** Waits for the reader of a pipe instead of buffering a whole history. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text)) resolve();
    else process.stdout.once('drain', () => resolve());
  });
}

/** Names what is missing from a page; how many stretches. */
function warn(page: QueryRows): number {
  const missing = page.coverage.filter(({ source }) => source === 'unreachable' || source === 'damaged');
  for (const span of missing) {
    const why = span.source === 'damaged' ? 'damaged' : 'in the archive, which cannot be reached now';
    console.error(`tidemark: ${formatTime(span.from)} to ${formatTime(span.to)} is ${why}`);
  }
  return missing.length;
}
