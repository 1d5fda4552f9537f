import { messageOf } from '../../shared/errors.ts';
import { DAY_US } from '../../shared/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type ObjectStore, ObjectStoreError } from '../ports/object-store.ts';
import type { Remote } from '../store/remote.ts';
import type { StartReport, StoreApi } from '../store/types.ts';
import { amendAll } from './amend.ts';
import { AmendedDays } from './amended.ts';
import {
  type Attempt,
  type FetchFrames,
  type Local,
  type LocalRoom,
  type Pass,
  type TieringSettings,
  tell,
} from './context.ts';
import { attemptInUs, isLinkFault } from './faults.ts';
import { LinkWatch } from './link-watch.ts';
import { type Loop, startLoop } from './loop.ts';
import { NO_MEMORY, readMemory, type TieringMemory } from './memory.ts';
import { checkOwner } from './owner.ts';
import { chooseNow, circumstances, type Progress, runArchiveStages, runLocalStages, type Stage } from './pipeline.ts';
import { type Due, type Mode, preview } from './policy.ts';
import { createPace, createRateMeter } from './rate.ts';
import { isWorthACut } from './size-policy.ts';
import { SizeWatch } from './size-watch.ts';
import { isOfServer, Suspects } from './suspects.ts';
import type { TieringStatus } from './types.ts';

export interface TieringOptions {
  writer: Remote<StoreApi>;
  /** Undefined: no archive is set up, data stays local. */
  archive: ObjectStore | undefined;
  /** Only asked while there is an archive. */
  fetchFrames: FetchFrames;
  clock: Clock;
  room: LocalRoom;
  log: Log;
  random: () => number;
  settings: TieringSettings;
  startReport: StartReport;
}

/** Longest wait between passes, so that due cuts and quiet hours are noticed. */
const TICK_MS = 60_000;
/** How often the local size is looked at. */
const SIZE_MS = 1_000;
/** How old the count of what is due may be on the screen. */
const DUE_MS = 5_000;
/** A pause cannot last longer: one that seems to was begun by a clock that was wrong. */
const MOST_PAUSE_US = 31 * DAY_US;

/** Moves old data to the archive: by itself every interval and when the link returns, at once on `tierNow`. */
export class Tiering {
  readonly #o: TieringOptions;
  readonly #rate;
  readonly #pace = createPace();
  readonly #link: LinkWatch;
  #memory: TieringMemory = NO_MEMORY;
  readonly #size: SizeWatch;
  #loop: Loop | undefined;
  #sizeLoop: Loop | undefined;
  /** The gateway is nearly full, and there is something that can go early. */
  #squeezed = false;
  #abort = new AbortController();
  #stopped = false;
  #running = false;
  #stage: Stage | undefined;
  #claimed = false;
  #blocked: string | undefined;
  /** Monotonic: a wall clock that is set must neither hold up the next run nor hurry it. */
  #nextRunMs = 0;
  /** How often "Tier now" was pressed, and how many of those saw all planned that was due. A press during a pass is for the next one, which cuts again. */
  #presses = 0;
  #served = 0;
  #due: { untilMs: number; value: Promise<Due> } | undefined;
  /** What of the last pass failed by a fault of this gateway, by what it was about. */
  readonly #troubles = new Map<string, string>();
  readonly #told = new Set<string>();
  readonly #stuck = new Set<number>();
  readonly #amended = new AmendedDays();
  readonly #suspects = new Suspects();
  /** Monotonic: the size presses no sooner, after a pass that failed in part. */
  #squeezeFromMs = 0;

  constructor(o: TieringOptions) {
    this.#o = o;
    this.#rate = createRateMeter(o.clock);
    this.#link = new LinkWatch(o);
    this.#size = new SizeWatch(o);
  }

  async start(): Promise<void> {
    this.#memory = readMemory(await this.#o.writer.getState('tiering'));
    if (this.#memory.requested) this.#presses++;
    this.#loop = startLoop(this.#o.clock, () => this.#tick());
    this.#sizeLoop = startLoop(this.#o.clock, () => this.#watchSize());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#abort.abort();
    await Promise.all([this.#loop?.stop(), this.#sizeLoop?.stop()]);
  }

  /** Safe to press twice; waits for the link if need be. */
  async tierNow(): Promise<void> {
    this.#presses++;
    await this.#remember({ requested: true });
    this.#loop?.nudge();
  }

  async preview(): Promise<Due> {
    const { days, ...now } = await circumstances(this.#local(), 'manual');
    return preview(days, now);
  }

  /** As `preview`, at most some seconds old, for whoever asks each second. */
  due(): Promise<Due> {
    const nowMs = this.#o.clock.monotonicMs();
    if (this.#due === undefined || nowMs >= this.#due.untilMs)
      this.#due = { untilMs: nowMs + DUE_MS, value: this.preview() };
    return this.#due.value;
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
    if (this.#memory.pausedUntilUs === null) return;
    await tell(this.#o, 'info', 'TM-RESUMED', 'Tiering goes on.');
    await this.#endPause();
    this.#loop?.nudge();
  }

  /** What the pause held up runs at once. */
  async #endPause(): Promise<void> {
    await this.#remember({ pausedUntilUs: null });
    this.#nextRunMs = 0;
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
    const failed = (reason: unknown): void =>
      this.#o.log.error({ error: messageOf(reason) }, 'cannot tell of the link');
    if (isOfServer(error)) this.#link.doubt();
    else this.#link.fault(error, false).catch(failed);
    this.#loop?.nudge();
  }

  status(): TieringStatus {
    const rate = this.#rate.read();
    return {
      link: this.#o.archive === undefined ? { state: 'unset' } : this.#link.status(),
      ...(this.#memory.lastRunUs === null ? {} : { lastRunUs: this.#memory.lastRunUs }),
      ...(this.#nextRunMs === 0 ? {} : { nextRunUs: this.#o.clock.nowUs() + Math.round(this.#waitMs() * 1_000) }),
      running: this.#running,
      requested: this.#memory.requested,
      ...(this.#stage === undefined ? {} : { stage: this.#stage }),
      ...(this.#memory.pausedUntilUs === null ? {} : { pausedUntilUs: this.#memory.pausedUntilUs }),
      ...this.#size.status(),
      ...(rate === undefined ? {} : { rateBytesPerS: rate }),
      ...(this.#blocked === undefined ? {} : { blocked: this.#blocked }),
      ...(this.#troubles.size === 0 ? {} : { trouble: [...this.#troubles.values()][0] ?? '' }),
    };
  }

  async #remember(change: Partial<TieringMemory>): Promise<void> {
    this.#memory = { ...this.#memory, ...change };
    await this.#o.writer.setState('tiering', JSON.stringify(this.#memory));
  }

  /** One turn of the loop: decides what is due, does it, and says how long to wait. */
  async #tick(): Promise<number> {
    try {
      return await this.#turn();
    } catch (error) {
      this.#o.log.error({ error: messageOf(error) }, 'tiering pass failed');
      this.#troubles.set('pass', `moving data failed: ${messageOf(error)}. It is tried again.`);
      return TICK_MS;
    } finally {
      this.#due = undefined;
      this.#running = false;
      this.#stage = undefined;
    }
  }

  /** The size of what is local grows between passes, and during long ones. */
  async #watchSize(): Promise<number> {
    try {
      const pressure = await this.#size.look();
      const rested = this.#o.clock.monotonicMs() >= this.#squeezeFromMs;
      const idle = !this.#running && rested && !this.#link.failing && !this.#link.clockIsWrong;
      const may = this.#o.archive !== undefined && this.#memory.pausedUntilUs === null && this.#blocked === undefined;
      if (pressure.needBytes === 0 || !idle || !may) return SIZE_MS;
      const { early, plan } = await chooseNow(this.#local(), 'interval', 'compact');
      this.#squeezed = early.length + plan.length > 0 || isWorthACut(await this.#o.writer.days(), pressure);
      if (this.#squeezed) this.#loop?.nudge();
    } catch (error) {
      this.#o.log.error({ error: messageOf(error) }, 'cannot look at the local size');
    }
    return SIZE_MS;
  }

  #local(): Local {
    const { writer, clock, settings } = this.#o;
    const attempt: Attempt = (what, work, day) => this.#attempt(what, work, day);
    return {
      writer,
      clock,
      attempt,
      maxAgeDays: settings.maxAgeDays,
      stuck: this.#stuck,
      amended: this.#amended,
      pressure: () => this.#size.look(),
    };
  }

  async #turn(): Promise<number> {
    const { clock, settings } = this.#o;
    const { pausedUntilUs } = this.#memory;
    if (pausedUntilUs !== null && pausedUntilUs !== 0) {
      const leftUs = pausedUntilUs - clock.nowUs();
      if (leftUs <= 0 || leftUs > MOST_PAUSE_US) await this.#endPause();
    }
    const pressed = this.#presses > this.#served;
    const squeezed = this.#squeezed;
    this.#squeezed = false;
    const due = pressed || squeezed || this.#link.failing || (await this.#dueInMs()) <= 0;
    this.#running = due;
    try {
      await this.runOnce(pressed ? 'manual' : 'interval', due);
    } catch (error) {
      if (!isLinkFault(error)) throw error;
    }
    if (this.#link.failing) return this.#link.probeDelayMs();
    if (due) this.#nextRunMs = clock.monotonicMs() + settings.intervalMs;
    // What a pass takes is bounded: there may be more that has to go.
    this.#running = false;
    if (this.#troubles.size > 0) this.#squeezeFromMs = clock.monotonicMs() + TICK_MS;
    if (squeezed) await this.#watchSize();
    return Math.min(TICK_MS, Math.max(1_000, await this.#dueInMs()));
  }

  #waitMs(): number {
    return Math.max(0, this.#nextRunMs - this.#o.clock.monotonicMs());
  }

  /** When the archive stages have something to do by themselves: the next run, or the next attempt of a block that waits for its turn. */
  async #dueInMs(): Promise<number> {
    if (this.#memory.pausedUntilUs !== null || this.#blocked !== undefined) return this.#waitMs();
    const nowUs = this.#o.clock.nowUs();
    const waiting = await this.#o.writer.blocks({ states: ['planned', 'uploading', 'uploaded'] });
    return waiting.reduce((least, block) => Math.min(least, attemptInUs(block, nowUs) / 1_000), this.#waitMs());
  }

  /**
   * One pass over all stages. `manual` takes everything that is due by age at once; `interval` what is closed and whose turn has come. Rejects with the
   * fault of the link when that ended it; everything resumes from rows.
   */
  async runOnce(mode: Mode, due = true): Promise<void> {
    const { clock, settings, archive, fetchFrames } = this.#o;
    const presses = this.#presses;
    this.#abort = new AbortController();
    if (this.#stopped) this.#abort.abort();
    const { signal } = this.#abort;
    /** What was due may be planned now: counted as both it would wait twice. */
    const countAnew = (): void => {
      this.#due = undefined;
    };
    const enter = (stage: Stage): void => {
      this.#stage = due ? stage : undefined;
      countAnew();
    };
    this.#troubles.clear();
    // Asked first, and while paused too: history needs to know the link, however long packing takes.
    const asks = archive !== undefined && (due || this.#link.stale);
    const away = asks ? await this.#link.probe(archive, signal) : undefined;
    const local = this.#local();
    await runLocalStages(local, mode, enter, () => signal.aborted);
    if (!due) return;
    if (archive === undefined) {
      this.#served = presses;
      await this.#remember({ requested: this.#presses !== presses, lastRunUs: clock.nowUs() });
      return;
    }
    if (this.#memory.pausedUntilUs !== null) return;
    if (away !== undefined) {
      this.#pace.forget();
      throw away;
    }
    const pass: Pass = {
      ...local,
      archive,
      fetchFrames,
      settings,
      log: this.#o.log,
      random: this.#o.random,
      suspects: this.#suspects,
      signal,
      manual: mode === 'manual',
      sent: (bytes, ms) => {
        this.#rate.add(bytes);
        this.#pace.add(bytes, ms);
      },
      pace: () => this.#pace.read(),
    };
    this.#suspects.begin();
    try {
      enter('plan');
      if (await this.#mayWrite(pass)) {
        const progress: Progress = {
          enter,
          planned: countAnew,
          allPlanned: () => {
            this.#served = presses;
          },
        };
        await runArchiveStages(pass, mode, progress);
        // Last: what cannot be fetched holds up nothing else.
        enter('plan');
        if (await amendAll(pass, mode)) await runArchiveStages(pass, mode, progress);
        if (this.#suspects.putOff !== undefined) throw this.#suspects.putOff;
      }
    } catch (error) {
      if (error instanceof ObjectStoreError && error.fault !== 'aborted') {
        this.#pace.forget();
        await this.#link.fault(error, true);
      }
      throw error;
    }
    await this.#link.worked();
    await this.#remember({ requested: await this.#isUnfinished(presses), lastRunUs: clock.nowUs() });
  }

  /** True while "Tier now" is still at work: blocks that failed wait for their turn, the clock is wrong, or it was pressed again. */
  async #isUnfinished(presses: number): Promise<boolean> {
    if (this.#presses !== presses) return true;
    if (!this.#memory.requested || this.#blocked !== undefined) return false;
    if (this.#link.clockIsWrong) return true;
    const states = ['planned', 'uploading', 'uploaded', 'verified'] as const;
    return (await this.#o.writer.blocks({ states: [...states], limit: 1 })).length > 0;
  }

  /** Work on one thing (a day, a block): its fault holds up nothing else. Told once per start; a later pass tries again, and nothing is lost. */
  async #attempt(what: string, work: () => Promise<unknown>, day?: number): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (day !== undefined) this.#stuck.add(day);
      const text = `${what} could not be packed or moved (${messageOf(error)}); the readings stay on this gateway, and it is tried again.`;
      this.#troubles.set(what, text);
      this.#o.log.error({ what, error: messageOf(error) }, 'a part of the pass failed');
      if (this.#told.has(what)) return;
      this.#told.add(what);
      await tell(this.#o, 'error', 'TM-PACKING', text, { what });
    }
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
