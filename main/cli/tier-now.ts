import { setTimeout as sleep } from 'node:timers/promises';
import { type Preview, previewSchema, type Status, statusSchema } from '../../shared/schemas.ts';
import { counted } from '../../shared/words.ts';
import { type Client, type CommonOptions, connect } from './client.ts';
import { CommandError } from './errors.ts';
import { formatBytes, LINK_WORDS, progressBar } from './format.ts';

const POLL_MS = 300;

/** `tidemark tier-now [--wait]`: with `--wait` it shows progress, finishes what can be done, and fails with the reason for what cannot. */
export async function tierNowCommand(o: CommonOptions & { wait?: boolean }): Promise<void> {
  const client = connect(o);
  const answer = await client.call('POST', '/tier-now');
  if (o.wait !== true) {
    console.log(o.json === true ? JSON.stringify(answer) : 'Requested. "tidemark status" shows how it goes.');
    return;
  }
  const status = await waitUntilDone(client);
  const reason = reasonFor(status, previewSchema.parse(await client.call('GET', '/preview')));
  if (o.json === true)
    console.log(
      JSON.stringify({
        done: reason === undefined,
        reason: reason ?? null,
        queue: status.queue,
        cold: status.tiers.cold,
      }),
    );
  else if (reason === undefined)
    console.log(
      `Done. In the archive: ${counted(status.tiers.cold.blocks, 'block', 'blocks')} (${formatBytes(status.tiers.cold.bytes)}). Nothing waits.`,
    );
  if (reason !== undefined) throw new CommandError(reason);
}

async function waitUntilDone(client: Client): Promise<Status> {
  const bar = progressBar('tiering');
  let most = 0;
  try {
    for (;;) {
      const status = statusSchema.parse(await client.call('GET', '/status'));
      const left = status.queue.bytes;
      most = Math.max(most, left);
      bar.show(
        most - left + Math.min(left, status.queue.sent_bytes),
        most,
        `${status.tiering.stage ?? ''} ${status.queue.pending + status.queue.uploading} blocks to go`,
      );
      const away = !status.tiering.running && !['ok', 'slow'].includes(status.link.state);
      if (away || status.tiering.paused_until_us !== null || !(status.tiering.running || status.tiering.requested))
        return status;
      await sleep(POLL_MS);
    }
  } finally {
    bar.end();
  }
}

/** Why not everything that was due is in the archive; undefined when it is. What the gateway says in its own sentence is said with it. */
function reasonFor(s: Status, due: Preview): string | undefined {
  const waiting = s.queue.pending + s.queue.uploading;
  if (s.link.state === 'unset') return 'no archive is set up: add [minio] or [cold] to tidemark.toml';
  if (s.tiering.paused_until_us !== null) return 'tiering is paused; "tidemark resume" ends the pause';
  if (!['ok', 'slow'].includes(s.link.state)) {
    const cannot = s.link.state === 'offline' ? 'cannot be reached' : 'cannot be used';
    return `the archive ${cannot}: ${s.link.last_error ?? LINK_WORDS[s.link.state]}; what waits goes by itself when that is over`;
  }
  if (s.queue.quarantined > 0)
    return `${counted(s.queue.quarantined, 'block is quarantined; its', 'blocks are quarantined; their')} data is still on this gateway ("tidemark retry BLOCK")`;
  if (s.state === 'attention' || s.state === 'error') return s.sentence;
  if (waiting > 0) return `${counted(waiting, 'block still waits', 'blocks still wait')}: ${s.sentence}`;
  if (due.days > 0)
    return `${counted(due.days, 'day is', 'days are')} due but still on this gateway (${counted(due.readings, 'reading', 'readings')}); Events says what could not be packed`;
  return undefined;
}
