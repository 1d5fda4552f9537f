import { statusSchema } from '../../shared/schemas.ts';
import { type CommonOptions, connect } from './client.ts';
import { formatBytes, formatCount, formatTime, LINK_WORDS, table } from './format.ts';

/** `tidemark status`: the one sentence first, then the tiers. */
export async function statusCommand(o: CommonOptions): Promise<void> {
  const answer = await connect(o).call('GET', '/status');
  if (o.json === true) {
    console.log(JSON.stringify(answer));
    return;
  }
  const s = statusSchema.parse(answer);
  console.log(s.sentence);
  console.log();
  const tier = (
    name: string,
    t: { readings: number; bytes: number; oldest_us: number | null; newest_us: number | null },
  ): string[] => [
    name,
    formatCount(t.readings),
    formatBytes(t.bytes),
    t.oldest_us === null ? '-' : formatTime(t.oldest_us),
    t.newest_us === null ? '-' : formatTime(t.newest_us),
  ];
  console.log(
    table(
      ['tier', 'readings', 'size', 'oldest', 'newest'],
      [
        tier('recent, not packed yet', s.tiers.head),
        tier('on this gateway', s.tiers.local),
        tier('in the archive', s.tiers.cold),
      ],
    ),
  );
  console.log();
  const { state, last_success_us: last, last_error: error } = s.link;
  const proven =
    last === null ? '' : `, ${state === 'ok' ? 'proven' : 'last reached'} ${formatTime(wholeSecond(last))}`;
  console.log(`link:    ${LINK_WORDS[state]}${proven}${error === null ? '' : ` (${error})`}`);
  console.log(
    `queue:   ${s.queue.pending} waiting, ${s.queue.uploading} uploading, ${s.queue.quarantined} quarantined (${formatBytes(s.queue.bytes)})`,
  );
  const { used_bytes: used, limit_bytes: limit } = s.storage;
  const reserve = s.disk.reserve_bytes > 0 ? `, ${formatBytes(s.disk.reserve_bytes)} held in reserve` : '';
  console.log(
    `disk:    ${formatBytes(used)} of ${formatBytes(limit)} used by Tidemark${reserve}, ${formatBytes(s.disk.free_bytes)} free`,
  );
}

const wholeSecond = (us: number): number => us - (us % 1_000_000);
