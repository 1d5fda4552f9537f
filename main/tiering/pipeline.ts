import { TidemarkError } from '../../shared/errors.ts';
import { dayName } from '../../shared/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Remote } from '../store/remote.ts';
import type { StoreApi } from '../store/types.ts';
import { type Pass, tell } from './context.ts';
import { choose, type Mode } from './policy.ts';
import { uploadAll } from './upload.ts';
import { verifyAll } from './verify.ts';

/** What the local stages need. `onFault` is told what could not be packed: it stays as it is, and holds up nothing else. */
interface Local {
  writer: Remote<StoreApi>;
  clock: Clock;
  onFault(what: string, error: TidemarkError): Promise<void>;
}

/** The stages in their order. They never call each other: each takes rows in one state and leaves them in the next. */
export const STAGES = ['cut', 'compact', 'plan', 'upload', 'verify', 'evict'] as const;
export type Stage = (typeof STAGES)[number];

/** Stages that need no archive: they run while the link is away, too. */
export async function runLocalStages(
  p: Local,
  maxAgeDays: number,
  mode: Mode,
  enter: (stage: Stage) => void,
  stopped: () => boolean,
): Promise<void> {
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      await p.onFault(what, error);
    }
  };
  enter('cut');
  await attempt('the newest readings', async () => {
    // What is being cut already comes first: only then all that is left in memory is a cut of its own.
    for (const when of mode === 'manual' ? (['due', 'always'] as const) : (['due'] as const))
      while ((await p.writer.cutStep(p.clock.nowUs(), when)).more);
  });
  enter('compact');
  const { compact } = choose(await p.writer.days(), p.clock.nowUs(), maxAgeDays, mode);
  for (const day of compact) {
    await attempt(dayName(day), async () => {
      while (!stopped() && (await p.writer.compactDay(day, p.clock.nowUs())));
    });
  }
}

/** Freezes what is due into blocks. The caller made sure that the clock is right and that the archive is ours. */
export async function planAll(p: Pass, mode: Mode): Promise<number> {
  const { settings, writer, clock } = p;
  let planned = 0;
  for (const day of choose(await writer.days(), clock.nowUs(), settings.maxAgeDays, mode).plan) {
    await writer.freezeDay(day);
    const options = {
      gatewayId: settings.gatewayId,
      prefix: settings.prefix,
      storeId: p.archive.id,
      targetBytes: settings.targetBlockBytes,
      partBytes: p.archive.minPartBytes,
      nowUs: clock.nowUs(),
    };
    while (!p.signal.aborted && (await writer.planBlock(day, options)) !== undefined) planned++;
  }
  return planned;
}

/** Frees the SSD: local data of verified blocks goes (T1), then the file shrinks in slices. */
export async function evictAll(p: Pass): Promise<number> {
  let evicted = 0;
  for (const block of await p.writer.blocks({ states: ['verified'] })) {
    const freed = await p.writer.evictBlock(block.id, p.clock.nowUs());
    if (freed === undefined) continue;
    evicted++;
    await tell(
      p,
      'info',
      'TM-MOVED',
      `${dayName(block.day)}: ${block.readings} readings are in the archive, verified (${block.verify ?? 'readback'}), and left this gateway.`,
      { block: block.id, bytes: freed.bytes },
    );
  }
  if (evicted > 0) while (!p.signal.aborted && (await p.writer.vacuum(500)));
  return evicted;
}

/** The stages that talk to the archive, after planning. */
export async function runArchiveStages(p: Pass, enter: (stage: Stage) => void): Promise<void> {
  enter('upload');
  await uploadAll(p);
  enter('verify');
  await verifyAll(p);
  enter('evict');
  await evictAll(p);
}
