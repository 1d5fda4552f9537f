import { useSyncExternalStore } from 'react';
import { read, write } from '../../app/appearance.ts';

/** Series that this browser remembers: pinned by a person, and the last ones chosen. */
export interface KeptSeries {
  pinned: readonly string[];
  recent: readonly string[];
}

const KEY = 'tidemark.series';
const CHANGED = 'tidemark:series';
const MOST_RECENT = 6;

let parsed: { text: string | null; kept: KeptSeries } | undefined;

function current(): KeptSeries {
  const text = read(KEY);
  if (parsed === undefined || parsed.text !== text) parsed = { text, kept: parseKept(text) };
  return parsed.kept;
}

/** Anything that is not a list of keys is forgotten. */
export function parseKept(text: string | null): KeptSeries {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    value = null;
  }
  const list = (name: string): string[] => {
    const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    return Array.isArray(found) ? found.filter((key): key is string => typeof key === 'string') : [];
  };
  return { pinned: list('pinned'), recent: list('recent') };
}

function keep(kept: KeptSeries): void {
  write(KEY, JSON.stringify(kept));
  window.dispatchEvent(new Event(CHANGED));
}

export function togglePin(key: string): void {
  const { pinned, recent } = current();
  keep({ recent, pinned: pinned.includes(key) ? pinned.filter((k) => k !== key) : [...pinned, key] });
}

export function rememberChosen(key: string): void {
  const { pinned, recent } = current();
  keep({ pinned, recent: [key, ...recent.filter((k) => k !== key)].slice(0, MOST_RECENT) });
}

export function useKeptSeries(): KeptSeries {
  return useSyncExternalStore((listener) => {
    window.addEventListener(CHANGED, listener);
    return () => window.removeEventListener(CHANGED, listener);
  }, current);
}
