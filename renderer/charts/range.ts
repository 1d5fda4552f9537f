import { DAY_US, HOUR_US } from '../../shared/units.ts';

/** [from, to) in microseconds since the epoch. */
export interface Range {
  from: number;
  to: number;
}

export const PRESETS = ['1h', '24h', '7d', '30d', '1y', 'all'] as const;
export type Preset = (typeof PRESETS)[number];

const PRESET_US: Record<Exclude<Preset, 'all'>, number> = {
  '1h': HOUR_US,
  '24h': DAY_US,
  '7d': 7 * DAY_US,
  '30d': 30 * DAY_US,
  '1y': 365 * DAY_US,
};

export const isPreset = (text: string): text is Preset => PRESETS.some((preset) => preset === text);

/** The range of a preset that ends now; `all` begins with the oldest reading anywhere. */
export function presetRange(preset: Preset, nowUs: number, oldestUs: number | null): Range {
  const span = preset === 'all' ? Math.max(HOUR_US, nowUs - (oldestUs ?? nowUs)) : PRESET_US[preset];
  return { from: nowUs - span, to: nowUs };
}

const LEAST_SPAN = 10_000;
const MOST_SPAN = 100 * 365 * DAY_US;
/** How far the view may leave what can hold data, as a share of its span. */
const MARGIN = 0.5;

export interface Bounds {
  oldest: number;
  newest: number;
}

/** Keeps a range within 10 ms to 100 years, with at least half of it over what can hold data, on whole microseconds. */
export function clampRange(range: Range, bounds: Bounds): Range {
  const span = Math.round(Math.min(MOST_SPAN, Math.max(LEAST_SPAN, range.to - range.from)));
  const middle = (range.from + range.to) / 2;
  const least = bounds.oldest - span * MARGIN;
  const most = Math.max(least, bounds.newest + span * MARGIN - span);
  const from = Math.round(Math.min(most, Math.max(least, middle - span / 2)));
  return { from, to: from + span };
}

/** Zooms around `at` (default: the middle); factor below 1 zooms in. */
export function zoomRange(range: Range, factor: number, at = (range.from + range.to) / 2): Range {
  return { from: at - (at - range.from) * factor, to: at + (range.to - at) * factor };
}

/** Moves by a share of the span; positive is later. */
export function panRange(range: Range, share: number): Range {
  const by = (range.to - range.from) * share;
  return { from: range.from + by, to: range.to + by };
}
