import { z } from 'zod';
import { blockSchema } from '../../shared/schemas.ts';
import { parseDuration } from '../config/schema.ts';
import { type CommonOptions, connect, dataFolder } from './client.ts';
import { CommandError } from './errors.ts';
import { formatTime } from './format.ts';

/** `tidemark pause [--for 4h]`. */
export async function pauseCommand(o: CommonOptions & { for?: string }): Promise<void> {
  const ms = o.for === undefined ? undefined : parseDuration(o.for);
  if (o.for !== undefined && (ms === undefined || ms < 1_000))
    throw new CommandError(`--for ${o.for}: give a duration such as 30m, 4h or 2d`, 2);
  const answer = await connect(o).call('POST', '/pause', ms === undefined ? {} : { for_s: Math.round(ms / 1_000) });
  const until = z.object({ paused_until_us: z.number() }).parse(answer).paused_until_us;
  console.log(
    o.json === true
      ? JSON.stringify(answer)
      : until === 0
        ? 'Paused until "tidemark resume".'
        : `Paused until ${formatTime(until)}.`,
  );
}

/** `tidemark resume`. */
export async function resumeCommand(o: CommonOptions): Promise<void> {
  const answer = await connect(o).call('POST', '/resume');
  console.log(o.json === true ? JSON.stringify(answer) : 'Tiering goes on.');
}

/** `tidemark retry BLOCK`. */
export async function retryCommand(id: string, o: CommonOptions): Promise<void> {
  const answer = await connect(o).call('POST', `/blocks/${encodeURIComponent(id)}/retry`);
  console.log(
    o.json === true
      ? JSON.stringify(answer)
      : `Block ${id} is ${blockSchema.parse(answer).state} and will be tried again now.`,
  );
}

/** `tidemark url`: the screen's address with the token that opens it. */
export function urlCommand(o: CommonOptions): void {
  const { gateway, token } = connect(o);
  const url = `${gateway.ui}/#t=${token}`;
  console.log(o.json === true ? JSON.stringify({ url, data_dir: dataFolder(o) }) : url);
}
