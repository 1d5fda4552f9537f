import { useSyncExternalStore } from 'react';

/** Text sizes; `normal` reads at a laptop, the others at arm's length. Kept by this browser. */
export const TEXT_SIZES = ['normal', 'large', 'largest'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

const KEY = 'tidemark.text-size';
const CHANGED = 'tidemark:appearance';

export function textSize(): TextSize {
  const kept = read(KEY);
  return TEXT_SIZES.find((size) => size === kept) ?? 'normal';
}

/** Puts the kept text size onto the page; the style sheet does the rest. */
export function applyTextSize(): void {
  document.documentElement.dataset.textSize = textSize();
}

export function setTextSize(size: TextSize): void {
  write(KEY, size);
  applyTextSize();
  window.dispatchEvent(new Event(CHANGED));
}

export function useTextSize(): TextSize {
  return useSyncExternalStore((listener) => {
    window.addEventListener(CHANGED, listener);
    return () => window.removeEventListener(CHANGED, listener);
  }, textSize);
}

/** Storage of this browser; a browser that forbids it only forgets. */
export function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing depends on it.
  }
}
