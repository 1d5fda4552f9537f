import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WriteClients } from './clients.ts';
import { BenchGateway } from './gateway.ts';
import { scratchFolder } from './scratch.ts';

const LINES_A_BODY = 10_000;
const RESTS_MS = 2_000;

/** Resident memory of a real gateway at rest that knows so many series and holds so many readings of each in its head, bytes. */
export async function residentWith(o: { series: number; readingsEach: number }): Promise<number> {
  const scratch = scratchFolder();
  const gateway = new BenchGateway(join(scratch.folder, 'gateway'));
  try {
    await gateway.start();
    const clients = new WriteClients(gateway.ingest, 1);
    for (const body of bodies(o, Date.now() * 1_000)) await clients.post(body);
    clients.close();
    await sleep(RESTS_MS);
    const bytes = gateway.residentBytes();
    if (bytes === undefined) throw new Error('resident memory is read from /proc, which this machine does not have');
    return bytes;
  } finally {
    await gateway.stop('SIGKILL');
    scratch.remove();
  }
}

/** Eight series to a hub, a reading of each a second. */
function* bodies({ series, readingsEach }: { series: number; readingsEach: number }, nowUs: number): Generator<Buffer> {
  const hubs = Math.ceil(series / 8);
  let lines: string[] = [];
  for (let n = 0; n < readingsEach; n++)
    for (let hub = 0; hub < hubs; hub++) {
      const fields = Array.from({ length: 8 }, (_, f) => `f${f}=${((n * 7 + hub + f) % 1_000) / 10}`);
      if (lines.push(`m,hub=h${hub} ${fields.join()} ${nowUs + n * 1_000_000}`) < LINES_A_BODY) continue;
      yield Buffer.from(lines.join('\n'));
      lines = [];
    }
  if (lines.length > 0) yield Buffer.from(lines.join('\n'));
}
