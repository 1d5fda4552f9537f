import { messageOf } from '../../shared/errors.ts';
import { dayName } from '../../shared/units.ts';
import { ObjectStoreError, type StoreFault } from '../ports/object-store.ts';
import type { BlockInfo, BlockPatch } from '../store/types.ts';
import { fullJitter } from './backoff.ts';
import { type Pass, tell } from './context.ts';

/** Faults of the link or the set-up: no block is to blame, the whole queue waits. */
const OF_LINK: readonly StoreFault[] = [
  'offline',
  'throttled',
  'server',
  'credentials',
  'clock',
  'no-bucket',
  'full',
  'portal',
  'aborted',
];

/** Own faults after which a block is set aside. */
const MOST_ATTEMPTS = 5;
const BASE_WAIT_MS = 5_000;
const MOST_WAIT_MS = 600_000;

/** Microseconds until the block's turn, 0 when it has come. A wait longer than any that is given was set by a clock that was wrong. */
export function attemptInUs(block: BlockInfo, nowUs: number): number {
  const waitUs = block.nextAttemptUs - nowUs;
  return waitUs > MOST_WAIT_MS * 1_000 ? 0 : Math.max(0, waitUs);
}

/** Blocks that need not wait any longer; all of them when somebody pressed "Tier now". */
export function whoseTurnItIs({ manual, clock }: Pass, blocks: readonly BlockInfo[]): BlockInfo[] {
  const nowUs = clock.nowUs();
  return blocks.filter((block) => manual || attemptInUs(block, nowUs) === 0);
}

export function isLinkFault(error: unknown): error is ObjectStoreError {
  return error instanceof ObjectStoreError && OF_LINK.includes(error.fault);
}

/** Its object alone fails, by a fault of the server, while others come through: it waits, and nothing waits for it. It is never quarantined for that. */
export async function setAside(p: Pass, block: BlockInfo, error: ObjectStoreError, faults: number): Promise<void> {
  const nowUs = p.clock.nowUs();
  await p.writer.patchBlock(block.id, {
    nextAttemptUs: nowUs + fullJitter(faults, p.random, BASE_WAIT_MS, MOST_WAIT_MS) * 1_000,
    lastError: { code: error.fault, message: error.message, atUs: nowUs },
  });
  p.log.warn({ block: block.id, faults, error: error.message }, 'block waits, others go on');
  if (p.suspects.wasTold(block)) return;
  const text = `The block of ${dayName(block.day)} fails in the archive while others come through (${error.message}). It is tried again, and nothing waits for it. Its data is still on this gateway.`;
  await tell(p, 'warning', 'TM-BLOCK-RETRY', text, { block: block.id });
}

/**
 * Counts a fault of the block's own: back to `uploading` after a while (its local data is still there), and quarantined after five. `replace` is the ETag
 * of a wrong object under our key, to be replaced by the next upload; null when there is none.
 */
export async function blameBlock(p: Pass, block: BlockInfo, error: unknown, replace: string | null): Promise<void> {
  const attempts = block.attempts + 1;
  const nowUs = p.clock.nowUs();
  const quarantine = attempts >= MOST_ATTEMPTS;
  const patch: BlockPatch = {
    attempts,
    etag: replace,
    uploadId: null,
    nextAttemptUs: nowUs + fullJitter(attempts, p.random, BASE_WAIT_MS, MOST_WAIT_MS) * 1_000,
    lastError: {
      code: error instanceof ObjectStoreError ? error.fault : 'internal',
      message: messageOf(error),
      atUs: nowUs,
    },
  };
  await p.writer.clearStoredParts(block.id);
  await p.writer.clearVerifiedParts(block.id);
  const moved = await p.writer.moveBlock(block.id, block.state, quarantine ? 'quarantined' : 'uploading', patch, nowUs);
  if (!moved) return;
  p.log.warn({ block: block.id, attempts, error: messageOf(error) }, 'block failed');
  const day = dayName(block.day);
  if (quarantine) {
    await tell(
      p,
      'error',
      'TM-QUARANTINE',
      `The block of ${day} was set aside after ${attempts} failed attempts: ${messageOf(error)}. Its data is still on this gateway.`,
      { block: block.id },
    );
  } else if (attempts === 1) {
    await tell(
      p,
      'warning',
      'TM-BLOCK-RETRY',
      `The block of ${day} did not pass (${messageOf(error)}) and will be sent again.`,
      { block: block.id },
    );
  }
}
