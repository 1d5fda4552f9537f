import { expect, it } from 'vitest';
import { release } from './memory.ts';

it('ING17 memory is given back at once, unless somebody else has a part of it', () => {
  const own = new Uint8Array(9);
  release(own);
  // What was given back before is left alone.
  release(own);
  expect(own.buffer.detached).toBe(true);
  const part = new Uint8Array(9).subarray(1);
  release(part);
  const shared = new Uint8Array(new SharedArrayBuffer(9));
  release(shared);
  expect([part.length, shared.length]).toEqual([8, 9]);
});
