import type { Preview, Status } from '../../../shared/schemas.ts';
import { DAY_US } from '../../../shared/units.ts';

/** The stages of a run in their order, as the gateway names them. */
export const STAGES = ['cut', 'compact', 'rollup', 'plan', 'upload', 'verify', 'evict'] as const;
export type StageName = (typeof STAGES)[number];

export type Move =
  /** It runs; `stage` is undefined for the moment before the first one. */
  | { kind: 'running'; stage: StageName | undefined }
  /** Asked for, and waits. */
  | { kind: 'queued'; until: 'now' | 'link' | 'resumed' }
  /** Something can move. `seconds` only when the rate is known; `estimated` when readings that are not packed yet are among it. */
  | {
      kind: 'ready';
      days: number;
      bytes: number;
      estimated: boolean;
      readings: number;
      blocks: number;
      seconds: number | null;
    }
  /** Nothing can, and why. `undefined`: nothing is due. */
  | { kind: 'nothing'; reason: string | undefined }
  | { kind: 'paused' }
  | { kind: 'checking' };

/** What "Tier now" is about at this moment. */
export function moveOf(status: Status, preview: Preview | undefined): Move {
  const { tiering, queue, link } = status;
  const stage = STAGES.find((name) => name === tiering.stage);
  const paused = tiering.paused_until_us !== null;
  const waiting = queue.pending + queue.uploading;
  if (tiering.requested) {
    if (paused) return { kind: 'queued', until: 'resumed' };
    if (link.state !== 'ok' && link.state !== 'slow') return { kind: 'queued', until: 'link' };
    return tiering.running ? { kind: 'running', stage } : { kind: 'queued', until: 'now' };
  }
  if (tiering.running && waiting > 0) return { kind: 'running', stage };
  if (status.site.archive === null) return { kind: 'nothing', reason: preview?.nothing ?? undefined };
  if (paused) return { kind: 'paused' };
  if (preview === undefined) return { kind: 'checking' };
  if (preview.nothing !== null && waiting === 0) return { kind: 'nothing', reason: preview.nothing };
  const bytes = preview.bytes + Math.max(0, queue.bytes - queue.sent_bytes);
  const rate = queue.rate_bytes_per_s;
  const seconds = rate === null || rate <= 0 ? null : bytes / rate;
  const oldest = status.tiers.head.oldest_us ?? status.now_us;
  const estimated = preview.days > 0 && oldest < status.now_us - tiering.max_age_days * DAY_US;
  return { kind: 'ready', days: preview.days, bytes, estimated, readings: preview.readings, blocks: waiting, seconds };
}
