import { describe, expect, it } from 'vitest';
import { digest128, encodeTimes, encodeValues } from './frame.ts';
import { TimeColumns } from './time-columns.ts';

function frames(first: number, length: number) {
  const t = Float64Array.from({ length }, (_, i) => first + i * 1_000_000);
  const time = encodeTimes(t);
  return { t, time, value: encodeValues(t), digest: digest128(time) };
}

const isShared = ({ buffer }: Float64Array): boolean => buffer instanceof SharedArrayBuffer;

describe('Q1 timestamps that fields of a source share', () => {
  it('Q1 are the same whoever moved what was read before, and from the third time on are not copied', () => {
    const columns = new TimeColumns({ shared: true });
    const { t, time, value, digest } = frames(7, 1_000);
    const read = () => columns.decodeChunk(digest, time, value).t;
    const first = read();
    expect([first, isShared(first)]).toEqual([t, false]);
    // As on the way to another thread.
    structuredClone(first, { transfer: [first.buffer as ArrayBuffer] });
    expect(first).toHaveLength(0);
    const second = read();
    expect([[...second], isShared(second)]).toEqual([[...t], true]);
    expect(read()).toBe(second);
  });

  it('Q1 are kept from the first time on where nothing leaves the thread, those used last, up to a million', () => {
    const columns = new TimeColumns();
    const all = Array.from({ length: 9 }, (_, i) => frames(i, 120_000));
    const read = (i: number) => {
      const { digest, time, value } = all[i]!;
      return columns.decodeChunk(digest, time, value).t;
    };
    const [oldest, second] = [read(0), read(1)];
    for (let i = 2; i < 8; i++) read(i);
    expect(read(0)).toBe(oldest);
    read(8);
    expect(read(0)).toBe(oldest);
    expect(read(1)).not.toBe(second);
    expect(read(1)).toEqual(second);
  });
});
