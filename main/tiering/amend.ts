import { dayName } from '../../shared/units.ts';
import { ObjectStoreError } from '../ports/object-store.ts';
import { type Pass, tell } from './context.ts';
import { chooseNow } from './pipeline.ts';
import type { Mode } from './policy.ts';

/**
 * Late data of days that are in the archive, and buckets of theirs that are dirty: what is touched there is fetched, what it repeats is dropped, and the rest is
 * frozen, due for planning. True when there is any. Rejects with a link fault when the archive cannot be asked; the data then stays as it is.
 */
export async function amendAll(p: Pass, mode: Mode): Promise<boolean> {
  let any = false;
  const { amend } = await chooseNow(p, mode, 'plan');
  for (const day of amend) {
    let away = false;
    await p.attempt(
      `The late data of ${dayName(day)}`,
      async () => {
        const { kept, dropped, ended } = await amendDay(p, day);
        any ||= kept > 0;
        away = !ended;
        if (kept + dropped > 0) await tellAmended(p, day, kept, dropped);
      },
      day,
    );
    if (p.signal.aborted) break;
    if (away)
      throw new ObjectStoreError('offline', `the archive did not give what late data of ${dayName(day)} touches`);
    p.amended.add(day, p.clock.monotonicMs());
  }
  return any;
}

async function amendDay(p: Pass, day: number): Promise<{ kept: number; dropped: number; ended: boolean }> {
  let [kept, dropped] = [0, 0];
  let step = await p.writer.amendDay(day, p.clock.nowUs());
  for (;;) {
    kept += step.kept;
    dropped += step.dropped;
    if (!step.more) return { kept, dropped, ended: true };
    const given = step.wanted.length === 0 ? undefined : await p.fetchFrames(step.wanted, p.signal);
    if (p.signal.aborted || (given === undefined && step.wanted.length > 0)) return { kept, dropped, ended: false };
    step = await p.writer.amendDay(day, p.clock.nowUs(), given);
  }
}

async function tellAmended(p: Pass, day: number, kept: number, dropped: number): Promise<void> {
  const text = `Late data of ${dayName(day)} was compared with the archive: ${kept} new readings follow it there, ${dropped} were there already and are dropped.`;
  await tell(p, 'info', 'TM-AMENDED', text, { kept, dropped });
}
