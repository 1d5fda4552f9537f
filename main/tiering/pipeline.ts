import { dayName, MB } from '../../shared/units.ts';
import { counted } from '../../shared/words.ts';
import type { Dropped } from '../store/figures.ts';
import type { BlockInfo, DayInfo, OpenSegment } from '../store/types.ts';
import { type Local, type Pass, tell } from './context.ts';
import { type Choice, type Circumstances, choose, type Mode, partly } from './policy.ts';
import { recheckDamaged } from './recheck.ts';
import {
  batchBytes,
  type Goal,
  isWorthACut,
  keptBytes,
  mostFileBytes,
  type Pressure,
  vacuumPages,
} from './size-policy.ts';
import { uploadBlocks } from './upload.ts';
import { UploadQueue } from './upload-queue.ts';
import { verifyAll } from './verify.ts';

/** Uploaded before the next are verified and their local data goes. */
const BATCH_BYTES = 128_000_000;

/** The stages in their order. They never call each other: each takes rows in one state and leaves them in the next. */
export const STAGES = ['cut', 'compact', 'rollup', 'plan', 'upload', 'verify', 'evict'] as const;
export type Stage = (typeof STAGES)[number];

/** Stages that need no archive: they run while the link is away, too. */
export async function runLocalStages(
  p: Local,
  mode: Mode,
  enter: (stage: Stage) => void,
  stopped: () => boolean,
): Promise<void> {
  enter('cut');
  await p.attempt('The newest readings', async () => {
    const all = mode === 'manual' || isWorthACut(await p.writer.days(), await p.pressure());
    // What is being cut already comes first: only then all that is left in memory is a cut of its own.
    for (const when of all ? (['due', 'always'] as const) : (['due'] as const))
      while ((await p.writer.cutStep(p.clock.nowUs(), when)).more);
  });
  enter('compact');
  const { compact } = await chooseNow(p, mode, 'compact');
  for (const { day, upTo } of compact) {
    await p.attempt(
      `The day ${dayName(day)}`,
      async () => {
        while (!stopped() && (await p.writer.compactDay(day, p.clock.nowUs(), upTo)));
      },
      day,
    );
  }
  enter('rollup');
  const { rollUp } = await chooseNow(p, mode, 'compact');
  for (const day of rollUp) {
    await p.attempt(
      `The day ${dayName(day)}`,
      async () => {
        while (!stopped() && (await p.writer.rollUpDay(day, p.clock.nowUs())));
      },
      day,
    );
  }
  await p.attempt('Some rollups', async () => {
    while (!stopped() && (await p.writer.mergeRollups(p.clock.nowUs())));
  });
}

/** All that the policy decides by, as it is now. */
export async function circumstances(p: Local, mode: Mode): Promise<Circumstances & { days: DayInfo[] }> {
  const [days, pressure, nowUs] = [await p.writer.days(), await p.pressure(), p.clock.nowUs()];
  const open = new Map<number, readonly OpenSegment[]>();
  for (const day of partly(days, nowUs, pressure)) open.set(day, await p.writer.openSegments(day));
  const amended = p.amended.resting(p.clock.monotonicMs());
  return { days, nowUs, maxAgeDays: p.maxAgeDays, mode, pressure, open, stuck: p.stuck, amended };
}

export async function chooseNow(p: Local, mode: Mode, stage: 'compact' | 'plan'): Promise<Choice> {
  const { days, ...now } = await circumstances(p, mode);
  return choose(days, now, stage);
}

/** Freezes what is due into blocks, and tells of each. The caller made sure that the clock is right and that the archive is ours. */
export async function planAll(p: Pass, mode: Mode, planned: () => void): Promise<void> {
  const { settings, writer, clock } = p;
  const { plan, early } = await chooseNow(p, mode, 'plan');
  await tellEarly(p, early);
  for (const { day, upTo } of plan) {
    const options = {
      gatewayId: settings.gatewayId,
      prefix: settings.prefix,
      storeId: p.archive.id,
      targetBytes: settings.targetBlockBytes,
      nowUs: clock.nowUs(),
    };
    await p.attempt(
      `The day ${dayName(day)}`,
      async () => {
        await writer.freezeDay(day, upTo);
        for (let more = true; more && !p.signal.aborted; ) {
          const step = await writer.planStep(day, options);
          if (step.block !== undefined) planned();
          more = step.more;
        }
      },
      day,
    );
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
  const pressure = await p.pressure();
  if (moved.length > 0) await tell(p, 'info', 'TM-MOVED', describeMoved(moved), { blocks: moved.length, bytes });
  else if (pressure.needBytes === 0) return;
  if (pressure.nearlyFull) await p.attempt('Old indexes and summaries', () => dropKept(p, pressure));
  await p.attempt('The free room of the database', async () => {
    while (!p.signal.aborted && (await p.writer.vacuum(vacuumPages(pressure.limitBytes), mostFileBytes(pressure))));
  });
}

/** What the archive has, too, gives way to readings. */
async function dropKept(p: Pass, { limitBytes }: Pressure): Promise<void> {
  const days: Record<Dropped['what'], Set<number>> = { details: new Set(), hours: new Set() };
  while (!p.signal.aborted) {
    const dropped = await p.writer.dropKept(keptBytes(limitBytes), p.clock.nowUs());
    if (dropped === undefined) break;
    days[dropped.what].add(dropped.day);
  }
  const upTo = (of: ReadonlySet<number>): string => dayName(Math.max(...of));
  const [details, months] = [days.details.size, days.hours.size];
  const what = [
    ...(details === 0 ? [] : [`indexes and summaries by 5 minutes up to ${upTo(days.details)}`]),
    ...(months === 0 ? [] : [`sums by the hour of months that began up to ${upTo(days.hours)}`]),
  ];
  if (what.length === 0) return;
  const text = `Dropped, because indexes and summaries took half of this gateway's limit: ${what.join(', and ')}. All readings are kept, and coarser sums; the archive is asked for the rest.`;
  await tell(p, 'info', 'TM-SUMMARIES', text, { days: details, months });
}

/** Days that go before their time need a reason, or somebody looks for one. */
async function tellEarly(p: Pass, early: readonly Goal[]): Promise<void> {
  const [first, last] = [early[0], early.at(-1)];
  if (first === undefined || last === undefined) return;
  const { usedBytes, limitBytes } = await p.pressure();
  const mb = (bytes: number): number => Math.round(bytes / MB);
  const what =
    early.length === 1 ? dayName(first.day) : `${early.length} days from ${dayName(first.day)} to ${dayName(last.day)}`;
  const parts = early.some((goal) => goal.upTo !== undefined) ? ' in part' : '';
  const text = `${what} moves early${parts}, because this gateway is nearly full: ${mb(usedBytes)} of ${mb(limitBytes)} MB.`;
  await tell(p, 'info', 'TM-EARLY', text, { days: early.length, used_bytes: usedBytes, limit_bytes: limitBytes });
}

/** One event for all: a line for each block would bury what else happened. */
function describeMoved(blocks: readonly BlockInfo[]): string {
  const days = [...new Set(blocks.map((block) => block.day))].sort((a, b) => a - b);
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  const when = first === last ? dayName(first) : `${days.length} days from ${dayName(first)} to ${dayName(last)}`;
  const readings = blocks.reduce((n, block) => n + block.readings, 0);
  return `${when}: ${counted(readings, 'reading is', 'readings are')} in the archive, verified, and left this gateway.`;
}

/** Hears how the stages that talk to the archive come on. */
export interface Progress {
  enter(stage: Stage): void;
  /** There is a block more. */
  planned(): void;
  /** All that is due is planned. */
  allPlanned(): void;
}

/**
 * The stages that talk to the archive. Planning goes on beside the others, which take up what is planned as it comes; so what is due is planned even when
 * the link fails.
 */
export async function runArchiveStages(p: Pass, mode: Mode, progress: Progress): Promise<void> {
  const { enter } = progress;
  const queue = new UploadQueue(p);
  const planned = (): void => {
    progress.planned();
    queue.tell();
  };
  const planning = planAll(p, mode, planned)
    .then(() => progress.allPlanned())
    .finally(() => queue.end());
  const [sent, all] = await Promise.allSettled([sendAll(p, queue, enter), planning]);
  if (sent.status === 'rejected') throw sent.reason;
  if (all.status === 'rejected') throw all.reason;
}

/**
 * What is nearest to its end goes first, and then a batch after the other: a link that is slow or flaps frees the disk as it goes.
 */
async function sendAll(p: Pass, queue: UploadQueue, enter: (stage: Stage) => void): Promise<void> {
  const finish = async (): Promise<void> => {
    enter('verify');
    await verifyAll(p);
    enter('evict');
    await evictAll(p);
  };
  await finish();
  await recheckDamaged(p);
  const most = Math.min(BATCH_BYTES, batchBytes((await p.pressure()).limitBytes));
  while (await queue.hasMore()) {
    enter('upload');
    await uploadBlocks(p, queue.take(most));
    await finish();
  }
}
