import { expect } from 'vitest';
import type { Store } from '../store/store.ts';

/** Bytes of the object of a block that is not cold, as an upload takes them. */
export function objectBytes(store: Pick<Store, 'fillFrom'>, id: string, offset: number, length: number): Uint8Array {
  const { memory, bytes } = store.fillFrom(id, offset, offset + length, new Uint8Array(length));
  expect(bytes).toBe(length);
  return memory;
}

/** The archive has a planned block, and has proven it: it may be evicted. */
export function prove(store: Pick<Store, 'moveBlock'>, id: string, nowUs: number): void {
  expect(store.moveBlock(id, 'planned', 'uploading', {}, nowUs)).toBe(true);
  expect(store.moveBlock(id, 'uploading', 'uploaded', {}, nowUs)).toBe(true);
  expect(store.moveBlock(id, 'uploaded', 'verified', {}, nowUs)).toBe(true);
}
