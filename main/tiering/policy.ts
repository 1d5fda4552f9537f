import { DAY_US, dayStart, HOUR_US, MB } from '../../shared/units.ts';
import type { DayInfo, OpenSegment, SeqMark } from '../store/types.ts';
import { type Candidate, chooseEarly, fits, type Goal, type Pressure } from './size-policy.ts';

export type Mode = 'interval' | 'manual';

/** Hours without a new reading, and after its end, until a day counts as closed. */
const QUIET_US = 2 * HOUR_US;
/** The same for late data of a day that has blocks. */
const LATE_QUIET_US = 24 * HOUR_US;
/** Late data of less than this waits twice as long for each block that its day has, up to 16 days: what trickles in for years must not become a block a day. */
const SMALL_BYTES = MB;
const MOST_DOUBLINGS = 4;

export interface Choice {
  /** What to bring into its final form, oldest day first. */
  compact: Goal[];
  /** Days to sum up, oldest first; compacted before. */
  rollUp: number[];
  /** What to freeze and plan, oldest day first; compacted before. */
  plan: Goal[];
  /** Days of which some is in the archive only, and late data is due: what of it is not in the archive yet is frozen by an amendment. */
  amend: number[];
  /** Of these, what only the size asks for. */
  early: Goal[];
}

type Stage = 'compact' | 'plan';

/** Before all readings: nothing more of the day is frozen than was already. */
const NOTHING: SeqMark = { epoch: 0, seq: 0 };

/** What is known beside the days. */
export interface Circumstances {
  nowUs: number;
  maxAgeDays: number;
  mode: Mode;
  pressure: Pressure;
  /** Open segments by day, of the days that `partly` names. */
  open: ReadonlyMap<number, readonly OpenSegment[]>;
  /** Days that could not be packed or moved: others go in their place. */
  stuck: ReadonlySet<number>;
  /** Days that were amended a short while ago: what is still dirty of them, and does not come from new data, could not be summed up then. */
  amended: ReadonlySet<number>;
}

/** What seems to have come in the future came under a clock that was wrong: it says nothing about quiet. */
function isQuiet(d: DayInfo, nowUs: number, forUs: number): boolean {
  return d.lastReceivedUs > nowUs || nowUs - d.lastReceivedUs >= forUs;
}

function isClosed(d: DayInfo, nowUs: number): boolean {
  return isQuiet(d, nowUs, QUIET_US) && nowUs >= dayStart(d.day + 1) + QUIET_US;
}

function isOldEnough(d: DayInfo, nowUs: number, maxAgeDays: number): boolean {
  return dayStart(d.day + 1) <= nowUs - maxAgeDays * DAY_US;
}

/** A day that may go by age. Readings in the head wait for their cut, or they would be late data at once. */
function isDue(d: DayInfo, { nowUs, maxAgeDays, mode, pressure }: Circumstances): boolean {
  const ready = d.openSegments > 0 && d.frozenSegments === 0 && d.headReadings === 0;
  const may = mode === 'manual' || canCompact(d, pressure);
  return ready && may && isOldEnough(d, nowUs, maxAgeDays) && isDone(d, nowUs, mode);
}

function lateQuietUs(d: DayInfo): number {
  if (d.openBytes >= SMALL_BYTES) return LATE_QUIET_US;
  return LATE_QUIET_US * 2 ** Math.min(d.blocks - 1, MOST_DOUBLINGS);
}

/** Nothing more is to be expected of the day, or of its late data. */
function isDone(d: DayInfo, nowUs: number, mode: Mode): boolean {
  if (d.blocks > 0) return isQuiet(d, nowUs, lateQuietUs(d));
  return mode === 'manual' || isClosed(d, nowUs);
}

/** Days that the size may ask for, oldest first. */
function candidates(days: readonly DayInfo[], nowUs: number, pressure: Pressure): Candidate[] {
  if (pressure.needBytes === 0) return [];
  return days
    .filter((d) => d.openSegments > 0)
    .map((d) => {
      const closed = d.headReadings === 0 && isClosed(d, nowUs);
      return { day: d.day, bytes: d.openBytes, closed, whole: closed && canCompact(d, pressure) };
    })
    .sort((a, b) => a.day - b.day);
}

const canCompact = (d: DayInfo, pressure: Pressure): boolean => !d.uncompacted || fits(d.openBytes, pressure);

/** Of these days only parts may go early, so that their open segments have to be known. */
export function partly(days: readonly DayInfo[], nowUs: number, pressure: Pressure): number[] {
  return candidates(days, nowUs, pressure)
    .filter((c) => !c.whole)
    .map((c) => c.day);
}

/**
 * What a pass should do: days that are due by age, what is frozen, and under size pressure (size-policy.ts) what else has to go, late data of days that have
 * blocks included. `manual` ignores quiet hours. The stage 'compact' looks ahead; 'plan' takes only what is compacted.
 */
export function choose(days: readonly DayInfo[], c: Circumstances, stage: Stage): Choice {
  const byDay = [...days].sort((a, b) => a.day - b.day);
  const early = c.pressure.needBytes === 0 ? [] : earlyOf(byDay, c, stage);
  // Days may be many thousand, all of them due: after years without an archive, or where a history was imported.
  const goals = new Map(early.map((goal) => [goal.day, goal]));
  const due = byDay.flatMap((d): Goal[] => {
    const goal = goals.get(d.day);
    if (isDue(d, c)) return [{ day: d.day }];
    return goal === undefined ? [] : [goal];
  });
  const byDue = new Map(due.map((goal) => [goal.day, goal]));
  const isAmended = (d: DayInfo): boolean => d.cold && byDue.has(d.day) && byDue.get(d.day)?.upTo === undefined;
  const plan = byDay.flatMap((d): Goal[] => {
    const goal = byDue.get(d.day);
    if (goal !== undefined && !isAmended(d)) return [goal];
    return d.frozenSegments > 0 ? [{ day: d.day, upTo: NOTHING }] : [];
  });
  const amend = byDay.filter((d) => isAmended(d) || isDirtyOnly(d, c)).map(({ day }) => day);
  const byGoal = new Map([...plan, ...due].map((goal) => [goal.day, goal]));
  const compact = byDay.flatMap((d): Goal[] => {
    if (!d.uncompacted) return [];
    const planned = byGoal.get(d.day);
    if (planned !== undefined) return [planned];
    return isClosed(d, c.nowUs) && fits(d.openBytes, c.pressure) ? [{ day: d.day }] : [];
  });
  const isPlanned = (d: DayInfo): boolean => byGoal.has(d.day);
  const rollUp = byDay.filter((d) => d.unrolled && (isPlanned(d) || isClosed(d, c.nowUs) || d.blocks > 0));
  return { compact, rollUp: rollUp.map(({ day }) => day), plan, amend, early };
}

/** Nothing of the day waits to be moved, but buckets of it are dirty: hours of it left before the others, or an older version moved its late data. */
function isDirtyOnly(d: DayInfo, { nowUs, amended }: Circumstances): boolean {
  const rests = d.openSegments === 0 && d.headReadings === 0 && isQuiet(d, nowUs, LATE_QUIET_US);
  return d.cold && d.dirty && rests && !amended.has(d.day);
}

function earlyOf(days: readonly DayInfo[], c: Circumstances, stage: Stage): Goal[] {
  const due = days.filter((d) => isDue(d, c));
  const dueDays = new Set(due.map(({ day }) => day));
  const isFree = (day: number): boolean => !c.stuck.has(day) && !dueDays.has(day);
  const rest = candidates(days, c.nowUs, c.pressure).filter(({ day }) => isFree(day));
  const frozen = days.reduce((n, d) => n + d.frozenBytes, 0);
  const taken = due.reduce((n, d) => n + d.openBytes, frozen);
  const quietUs = c.mode === 'manual' ? 0 : QUIET_US;
  return chooseEarly(rest, taken, { ...c, quietUs, compacted: stage === 'plan' });
}

/** What is due by age or size and not planned yet. */
export interface Due {
  days: number;
  readings: number;
  /** Of readings that are not packed yet it is an estimate from those that are. */
  bytes: number;
}

/** Bytes of a reading where nothing is packed to go by. */
const ASSUMED_BYTES = 3;

/** What "Tier now" would move, the head included (it is cut first). Of days that go in part this is all. */
export function preview(days: readonly DayInfo[], c: Circumstances): Due {
  const early = new Set(choose(days, c, 'compact').early.map(({ day }) => day));
  const due = days.filter((d) => {
    if (d.openReadings + d.headReadings === 0) return false;
    return early.has(d.day) || (isOldEnough(d, c.nowUs, c.maxAgeDays) && isDone(d, c.nowUs, 'manual'));
  });
  const sum = (of: (d: DayInfo) => number, list: readonly DayInfo[] = due): number =>
    list.reduce((n, d) => n + of(d), 0);
  const packed = sum((d) => d.openReadings, days);
  const perReading = packed === 0 ? ASSUMED_BYTES : sum((d) => d.openBytes, days) / packed;
  const unpacked = sum((d) => d.headReadings);
  return {
    days: due.length,
    readings: sum((d) => d.openReadings) + unpacked,
    bytes: sum((d) => d.openBytes) + Math.ceil(unpacked * perReading),
  };
}
