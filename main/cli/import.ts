import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../shared/errors.ts';
import { importFile } from '../ingest/import/import-file.ts';
import { type CommonOptions, connect } from './client.ts';
import { CommandError } from './errors.ts';
import { formatBytes, formatCount, progressBar } from './format.ts';

const MOST_WAITS = 60;

/** `tidemark import FILE...`: sends each file to the gateway's ingest as line protocol, waiting when the gateway asks to. */
export async function importCommand(files: string[], o: CommonOptions & { token?: string }): Promise<void> {
  const { gateway } = connect(o);
  const report: { file: string; readings: number; skipped: number }[] = [];
  for (const file of files) report.push(await importOne(gateway.ingest, file, o.token));
  if (o.json === true) console.log(JSON.stringify(report));
  else
    for (const r of report)
      console.log(
        `${r.file}: ${formatCount(r.readings)} readings taken in (of one series and time the last counts)${r.skipped === 0 ? '' : `, ${formatCount(r.skipped)} missing cells skipped`}`,
      );
}

async function importOne(
  ingest: string,
  file: string,
  token: string | undefined,
): Promise<{ file: string; readings: number; skipped: number }> {
  let size: number;
  try {
    const info = statSync(file);
    if (!info.isFile()) throw new Error('it is not a file');
    size = info.size;
  } catch (error) {
    throw new CommandError(`cannot read ${file}: ${messageOf(error)}`);
  }
  const bar = progressBar(`import ${basename(file)}`);
  const stream = createReadStream(file);
  let readings = 0;
  let skipped = 0;
  try {
    for await (const part of importFile(basename(file), stream)) {
      await post(`${ingest}/api/v2/write?precision=${part.precision}`, part.body, token, file);
      readings += part.readings;
      skipped += part.skipped;
      bar.show(stream.bytesRead, size, `${formatBytes(stream.bytesRead)} of ${formatBytes(size)}`);
    }
  } finally {
    bar.end();
    stream.destroy();
  }
  return { file, readings, skipped };
}

async function post(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  token: string | undefined,
  file: string,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: token === undefined ? {} : { authorization: `Token ${token}` },
    }).catch((error: unknown) => {
      throw new CommandError(
        `${file}: the gateway's ingest does not answer: ${messageOf(error)}; what was sent before is stored, importing again doubles nothing`,
      );
    });
    const text = await response.text();
    if (response.ok) return;
    if (response.status !== 503 || attempt > MOST_WAITS)
      throw new CommandError(`${file}: the gateway refused it (HTTP ${response.status}): ${text.slice(0, 1_000)}`);
    await sleep(1_000 * Math.max(1, Number(response.headers.get('retry-after') ?? 1)));
  }
}
