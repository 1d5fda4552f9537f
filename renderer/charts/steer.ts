import type { Range } from './range.ts';

/** Two fingers on the chart, as shares of its width. */
export type Fingers = readonly [number, number];

/** Fingers nearer than this count as this far apart: the range must not explode when they meet. */
const LEAST_APART = 0.04;

/** The range that keeps under each finger the time that was there when both were put down: zooms and pans in one. */
export function pinchRange(start: Range, down: Fingers, now: Fingers): Range {
  const span = start.to - start.from;
  const order = (f: Fingers): Fingers => (f[0] <= f[1] ? f : [f[1], f[0]]);
  const [a0, b0] = order(down);
  const [a1, b1] = order(now);
  const next = (span * Math.max(LEAST_APART, b0 - a0)) / Math.max(LEAST_APART, b1 - a1);
  const held = start.from + ((a0 + b0) / 2) * span;
  const from = held - ((a1 + b1) / 2) * next;
  return { from, to: from + next };
}

/** Zoom factor of a wheel movement in pixels; a trackpad's pinch comes as a wheel with Ctrl and small steps. */
export function wheelFactor(deltaY: number, ctrl: boolean): number {
  return Math.exp(Math.max(-240, Math.min(240, deltaY)) * (ctrl ? 0.01 : 0.0018));
}

export type Command = 'zoomIn' | 'zoomOut' | 'back' | 'forward' | 'reset' | 'earlier' | 'later';
export type KeyAction = { command: Command } | { step: 1 | -1 } | { clear: true };

const COMMANDS: Readonly<Record<string, Command>> = {
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  _: 'zoomOut',
  ArrowUp: 'zoomIn',
  ArrowDown: 'zoomOut',
  ArrowLeft: 'earlier',
  ArrowRight: 'later',
  '0': 'reset',
};

/** What a key does on the focused chart; undefined leaves it to the page. */
export function keyAction(
  e: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>,
): KeyAction | undefined {
  if (e.ctrlKey || e.altKey || e.metaKey) return undefined;
  if (e.shiftKey && e.key === 'ArrowLeft') return { step: -1 };
  if (e.shiftKey && e.key === 'ArrowRight') return { step: 1 };
  if (e.key === 'Escape') return { clear: true };
  if (e.shiftKey && e.key.startsWith('Arrow')) return undefined;
  const command = COMMANDS[e.key];
  return command === undefined ? undefined : { command };
}
