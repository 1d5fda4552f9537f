import { dayName } from '../../shared/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Remote } from '../store/remote.ts';
import type { BlockInfo, StoreApi } from '../store/types.ts';
import { type Attempt, type Pass, tell } from './context.ts';
import { choose, type Mode } from './policy.ts';
import { recheckDamaged } from './recheck.ts';
import { uploadBlocks, waitingBlocks } from './upload.ts';
import { verifyAll } from './verify.ts';

/** What the stages need that no archive is needed for. */
type Local = { writer: Remote<StoreApi>; clock: Clock; attempt: Attempt };

/** Uploaded before the next are verified and their local data goes. */
const BATCH_BYTES = 128_000_000;

/** The stages in their order. They never call each other: each takes rows in one state and leaves them in the next. */
export const STAGES = ['cut', 'compact', 'rollup', 'plan', 'upload', 'verify', 'evict'] as const;
export type Stage = (typeof STAGES)[number];

/** Stages that need no archive: they run while the link is away, too. */
export async function runLocalStages(
  p: Local,
  maxAgeDays: number,
  mode: Mode,
  enter: (stage: Stage) => void,
  stopped: () => boolean,
): Promise<void> {
  enter('cut');
  await p.attempt('The newest readings', async () => {
    // What is being cut already comes first: only then all that is left in memory is a cut of its own.
    for (const when of mode === 'manual' ? (['due', 'always'] as const) : (['due'] as const))
      while ((await p.writer.cutStep(p.clock.nowUs(), when)).more);
  });
  enter('compact');
  const { compact } = choose(await p.writer.days(), p.clock.nowUs(), maxAgeDays, mode);
  for (const day of compact) {
    await p.attempt(`The day ${dayName(day)}`, async () => {
      while (!stopped() && (await p.writer.compactDay(day, p.clock.nowUs())));
    });
  }
  enter('rollup');
  const { rollUp } = choose(await p.writer.days(), p.clock.nowUs(), maxAgeDays, mode);
  for (const day of rollUp) {
    await p.attempt(`The day ${dayName(day)}`, async () => {
      while (!stopped() && (await p.writer.rollUpDay(day, p.clock.nowUs())));
    });
  }
  await p.attempt('Some rollups', async () => {
    while (!stopped() && (await p.writer.mergeRollups(p.clock.nowUs())));
  });
}

/** Freezes what is due into blocks. The caller made sure that the clock is right and that the archive is ours. */
export async function planAll(p: Pass, mode: Mode): Promise<void> {
  const { settings, writer, clock } = p;
  for (const day of choose(await writer.days(), clock.nowUs(), settings.maxAgeDays, mode).plan) {
    const options = {
      gatewayId: settings.gatewayId,
      prefix: settings.prefix,
      storeId: p.archive.id,
      targetBytes: settings.targetBlockBytes,
      partBytes: p.archive.minPartBytes,
      nowUs: clock.nowUs(),
    };
    await p.attempt(`The day ${dayName(day)}`, async () => {
      await writer.freezeDay(day);
      while (!p.signal.aborted && (await writer.planBlock(day, options)) !== undefined);
    });
  }
}

/** Frees the SSD: local data of verified blocks goes (T1), then the file shrinks in slices. */
async function evictAll(p: Pass): Promise<void> {
  const moved: BlockInfo[] = [];
  let bytes = 0;
  for (const block of await p.writer.blocks({ states: ['verified'] })) {
    await p.attempt(`The block ${block.id} of ${dayName(block.day)}`, async () => {
      const freed = await p.writer.evictBlock(block.id, p.clock.nowUs());
      if (freed === undefined) return;
      moved.push(block);
      bytes += freed.bytes;
    });
  }
  if (moved.length === 0) return;
  await tell(p, 'info', 'TM-MOVED', describeMoved(moved), { blocks: moved.length, bytes });
  while (!p.signal.aborted && (await p.writer.vacuum(500)));
}

/** One event for all: a line for each block would bury what else happened. */
function describeMoved(blocks: readonly BlockInfo[]): string {
  const days = [...new Set(blocks.map((block) => block.day))].sort((a, b) => a - b);
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  const when = first === last ? dayName(first) : `${days.length} days from ${dayName(first)} to ${dayName(last)}`;
  const readings = blocks.reduce((n, block) => n + block.readings, 0);
  return `${when}: ${readings} readings are in the archive, verified, and left this gateway.`;
}

/**
 * The stages that talk to the archive, after planning. What is nearest to its end goes first, and then a batch after the other: a link that is slow or
 * flaps frees the disk as it goes.
 */
export async function runArchiveStages(p: Pass, enter: (stage: Stage) => void): Promise<void> {
  const finish = async (): Promise<void> => {
    enter('verify');
    await verifyAll(p);
    enter('evict');
    await evictAll(p);
  };
  await finish();
  await recheckDamaged(p);
  for (const batch of batches(await waitingBlocks(p))) {
    enter('upload');
    await uploadBlocks(p, batch);
    await finish();
  }
}

/** Blocks in their order, about BATCH_BYTES together. */
function* batches(blocks: readonly BlockInfo[]): Generator<BlockInfo[]> {
  let batch: BlockInfo[] = [];
  let bytes = 0;
  for (const block of blocks) {
    batch.push(block);
    bytes += block.bytes;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
