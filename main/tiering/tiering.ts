import { messageOf, type TidemarkError } from '../../shared/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import type { Remote } from '../store/remote.ts';
import type { StartReport, StoreApi } from '../store/types.ts';
import { type Pass, type TieringSettings, tell } from './context.ts';
import { isLinkFault } from './faults.ts';
import { LinkWatch } from './link-watch.ts';
import { type Loop, startLoop } from './loop.ts';
import { NO_MEMORY, readMemory, type TieringMemory } from './memory.ts';
import { checkOwner } from './owner.ts';
import { planAll, runArchiveStages, runLocalStages, type Stage } from './pipeline.ts';
import { type Mode, preview } from './policy.ts';
import { createRateMeter } from './rate.ts';
import type { TieringStatus } from './types.ts';

export interface TieringOptions {
  writer: Remote<StoreApi>;
  /** Undefined: no archive is set up, data stays local. */
  archive: ObjectStore | undefined;
  clock: Clock;
  log: Log;
  random: () => number;
  settings: TieringSettings;
  startReport: StartReport;
}

/** Longest wait between passes, so that due cuts and quiet hours are noticed. */
const TICK_MS = 60_000;

/** Moves old data to the archive: by itself every interval and when the link returns, at once on `tierNow`. */
export class Tiering {
  readonly #o: TieringOptions;
  readonly #rate;
  readonly #link: LinkWatch;
  #memory: TieringMemory = NO_MEMORY;
  #loop: Loop | undefined;
  #abort = new AbortController();
  #stopped = false;
  #running = false;
  #stage: Stage | undefined;
  #claimed = false;
  #blocked: string | undefined;
  #nextRunUs: number | undefined;
  /** How often "Tier now" was pressed: a press during a pass is for the next one, which cuts again. */
  #presses = 0;
  readonly #unpacked = new Set<string>();

  constructor(o: TieringOptions) {
    this.#o = o;
    this.#rate = createRateMeter(o.clock);
    this.#link = new LinkWatch(o);
  }

  async start(): Promise<void> {
    this.#memory = readMemory(await this.#o.writer.getState('tiering'));
    this.#loop = startLoop(this.#o.clock, () => this.#tick());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#abort.abort();
    await this.#loop?.stop();
  }

  /** Safe to press twice; waits for the link if need be. */
  async tierNow(): Promise<void> {
    this.#presses++;
    await this.#remember({ requested: true });
    this.#loop?.nudge();
  }

  preview(): Promise<{ days: number; readings: number; bytes: number }> {
    return this.#o.writer.days().then((days) => preview(days, this.#o.clock.nowUs(), this.#o.settings.maxAgeDays));
  }

  /** Stops what is on its way; it resumes where it was. Returns the end of the pause, 0 for none. */
  async pause(forMs: number | undefined): Promise<number> {
    const untilUs = forMs === undefined ? 0 : this.#o.clock.nowUs() + forMs * 1_000;
    await this.#remember({ pausedUntilUs: untilUs });
    this.#abort.abort();
    await tell(
      this.#o,
      'info',
      'TM-PAUSED',
      forMs === undefined ? 'Tiering was paused.' : `Tiering was paused for ${Math.round(forMs / 60_000)} minutes.`,
    );
    return untilUs;
  }

  async resume(): Promise<void> {
    if (this.#memory.pausedUntilUs !== null) await tell(this.#o, 'info', 'TM-RESUMED', 'Tiering goes on.');
    await this.#endPause();
    this.#abort = new AbortController();
    this.#loop?.nudge();
  }

  /** What the pause held up runs at once. */
  async #endPause(): Promise<void> {
    await this.#remember({ pausedUntilUs: null });
    this.#nextRunUs = undefined;
  }

  /** Tries a quarantined or waiting block again, now. */
  async retry(id: string): Promise<void> {
    const { writer, clock } = this.#o;
    await writer.moveBlock(id, 'quarantined', 'planned', { attempts: 0, nextAttemptUs: 0 }, clock.nowUs());
    await writer.patchBlock(id, { nextAttemptUs: 0 });
    this.#loop?.nudge();
  }

  /** True while a fetch from the archive would only time out. */
  linkAway(): boolean {
    return this.#link.away;
  }

  /** The outcome of a call to the archive made elsewhere (a cold fetch). */
  observe(error: ObjectStoreError | undefined): void {
    if (error === undefined || error.fault === 'aborted' || !isLinkFault(error)) return;
    void this.#link.fault(error, false);
    this.#loop?.nudge();
  }

  status(): TieringStatus {
    const rate = this.#rate.read();
    return {
      link: this.#o.archive === undefined ? { state: 'unset' } : this.#link.status(),
      ...(this.#memory.lastRunUs === null ? {} : { lastRunUs: this.#memory.lastRunUs }),
      ...(this.#nextRunUs === undefined ? {} : { nextRunUs: this.#nextRunUs }),
      running: this.#running,
      requested: this.#memory.requested,
      ...(this.#stage === undefined ? {} : { stage: this.#stage }),
      ...(this.#memory.pausedUntilUs === null ? {} : { pausedUntilUs: this.#memory.pausedUntilUs }),
      ...(rate === undefined ? {} : { rateBytesPerS: rate }),
      ...(this.#blocked === undefined ? {} : { blocked: this.#blocked }),
    };
  }

  async #remember(change: Partial<TieringMemory>): Promise<void> {
    this.#memory = { ...this.#memory, ...change };
    await this.#o.writer.setState('tiering', JSON.stringify(this.#memory));
  }

  /** One turn of the loop: decides what is due, does it, and says how long to wait. */
  async #tick(): Promise<number> {
    const { clock, settings, log } = this.#o;
    const nowUs = clock.nowUs();
    const { pausedUntilUs } = this.#memory;
    if (pausedUntilUs !== null && pausedUntilUs !== 0 && pausedUntilUs <= nowUs) await this.#endPause();
    const mode: Mode = this.#memory.requested ? 'manual' : 'interval';
    const due = mode === 'manual' || this.#link.failing || (await this.#nextDueUs()) <= nowUs;
    this.#abort = new AbortController();
    if (this.#stopped) this.#abort.abort();
    try {
      this.#running = due;
      await this.runOnce(mode, due);
    } catch (error) {
      if (!isLinkFault(error)) {
        log.error({ error: messageOf(error) }, 'tiering pass failed');
        return TICK_MS;
      }
    } finally {
      this.#running = false;
      this.#stage = undefined;
    }
    if (this.#link.failing) return this.#link.probeDelayMs();
    if (due) this.#nextRunUs = clock.nowUs() + settings.intervalMs * 1_000;
    return Math.min(TICK_MS, Math.max(1_000, ((await this.#nextDueUs()) - clock.nowUs()) / 1_000));
  }

  /** When the archive stages have something to do by themselves: the next run, or the next attempt of a block that waits for its turn. */
  async #nextDueUs(): Promise<number> {
    const next = this.#nextRunUs ?? 0;
    if (this.#memory.pausedUntilUs !== null || this.#blocked !== undefined) return next;
    const waiting = await this.#o.writer.blocks({ states: ['planned', 'uploading', 'uploaded'] });
    return waiting.reduce((least, block) => Math.min(least, block.nextAttemptUs), next);
  }

  /** One pass over all stages. Rejects with the fault of the link when that ended it; everything resumes from rows. */
  async runOnce(mode: Mode, due = true): Promise<void> {
    const { writer, clock, settings, archive } = this.#o;
    const presses = this.#presses;
    const enter = (stage: Stage): void => {
      this.#stage = due ? stage : undefined;
    };
    // Asked first, and while paused too: history needs to know the link, however long packing takes.
    const asks = archive !== undefined && (due || this.#link.stale);
    const away = asks ? await this.#link.probe(archive, this.#abort.signal) : undefined;
    const onFault = (what: string, error: TidemarkError): Promise<void> => this.#packingFailed(what, error);
    await runLocalStages(
      { writer, clock, onFault },
      settings.maxAgeDays,
      mode,
      enter,
      () => this.#abort.signal.aborted,
    );
    if (!due) return;
    if (archive === undefined) {
      await this.#remember({ requested: this.#presses !== presses, lastRunUs: clock.nowUs() });
      return;
    }
    if (this.#memory.pausedUntilUs !== null) return;
    if (away !== undefined) throw away;
    const pass: Pass = {
      writer,
      archive,
      clock,
      settings,
      log: this.#o.log,
      random: this.#o.random,
      signal: this.#abort.signal,
      manual: mode === 'manual',
      sent: (bytes) => this.#rate.add(bytes),
    };
    try {
      enter('plan');
      if (await this.#mayWrite(pass)) {
        await planAll(pass, mode);
        await runArchiveStages(pass, enter);
      }
    } catch (error) {
      if (error instanceof ObjectStoreError && error.fault !== 'aborted') await this.#link.fault(error, true);
      throw error;
    }
    await this.#link.worked();
    // Blocks that failed by their own fault are tried again at once while somebody waits for them.
    const again =
      mode === 'manual' &&
      (await writer.blocks({ states: ['planned', 'uploading', 'uploaded', 'verified'], limit: 1 })).length > 0;
    if (again && this.#blocked === undefined && !this.#abort.signal.aborted) return this.runOnce(mode);
    await this.#remember({ requested: this.#presses !== presses, lastRunUs: clock.nowUs() });
  }

  /** Told once per start: a later pass tries again, and the readings stay as they are. */
  async #packingFailed(what: string, error: TidemarkError): Promise<void> {
    this.#o.log.error({ what, error: error.message }, 'packing failed');
    if (this.#unpacked.has(what)) return;
    this.#unpacked.add(what);
    const text = `Readings (${what}) could not be packed: ${error.message}. They stay as they are, and it is tried again.`;
    await tell(this.#o, 'error', 'TM-PACKING', text, { code: error.code });
  }

  /** The clock is right and the prefix is ours. */
  async #mayWrite(pass: Pass): Promise<boolean> {
    if (this.#link.clockIsWrong) return false;
    const { instanceId, nonce } = this.#o.startReport;
    const owner = await checkOwner(pass, { instance: instanceId, nonce }, this.#claimed);
    this.#claimed ||= owner.ours;
    const before = this.#blocked;
    this.#blocked = owner.ours ? undefined : owner.reason;
    if (this.#blocked !== undefined && this.#blocked !== before)
      await tell(this.#o, 'error', 'TM-OWNER', `Nothing is uploaded: ${this.#blocked}`);
    return owner.ours;
  }
}
