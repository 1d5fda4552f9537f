/** Views that were left, and those that were gone back from. The present view is not in it. */
export interface ZoomHistory<T> {
  past: readonly T[];
  future: readonly T[];
}

const MOST = 100;

export const emptyHistory: ZoomHistory<never> = { past: [], future: [] };

/** Remembers the view that is left for a new one; what could be gone forward to is dropped. */
export function visit<T>(history: ZoomHistory<T>, left: T): ZoomHistory<T> {
  return { past: [...history.past, left].slice(-MOST), future: [] };
}

export interface Step<T> {
  history: ZoomHistory<T>;
  view: T;
}

/** One view back; undefined when there is none. */
export function goBack<T>(history: ZoomHistory<T>, present: T): Step<T> | undefined {
  const view = history.past.at(-1);
  if (view === undefined) return undefined;
  return { view, history: { past: history.past.slice(0, -1), future: [present, ...history.future] } };
}

/** One view forward; undefined when there is none. */
export function goForward<T>(history: ZoomHistory<T>, present: T): Step<T> | undefined {
  const view = history.future[0];
  if (view === undefined) return undefined;
  return { view, history: { past: [...history.past, present], future: history.future.slice(1) } };
}
