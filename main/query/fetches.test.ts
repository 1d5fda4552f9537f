import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FETCH, MAX_GAP, planFetches, type Wanted } from './fetches.ts';

const object = { key: 'o', etag: 'e' };

/** Frames as they lie in blocks: one after the other, some left out. */
const wanted: fc.Arbitrary<Wanted[]> = fc
  .array(
    fc.record({
      block: fc.integer({ min: 0, max: 2 }),
      length: fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 1, max: 9_000_000 })),
      wanted: fc.boolean(),
    }),
    { maxLength: 80 },
  )
  .map((frames) => {
    const ends = [8, 8, 8];
    return frames.flatMap(({ block, length, wanted: isWanted }, i) => {
      const offset = ends[block]!;
      ends[block] = offset + length;
      const frame = { offset, length, digest: i.toString(16).padStart(32, '0') };
      return isWanted ? [{ blockId: `b${block}`, object, frame }] : [];
    });
  });

describe('Q5 fetch plans', () => {
  it('Q5 bring each wanted frame exactly once, whole, from its block', () => {
    fc.assert(
      fc.property(wanted, fc.func(fc.integer()), (all, order) => {
        const shuffled = [...all, ...all].sort((a, b) => order(a.frame.digest) - order(b.frame.digest));
        const fetches = planFetches(shuffled);
        const brought = fetches.flatMap((f) => f.frames.map((frame) => ({ blockId: f.blockId, object, frame })));
        const byDigest = (a: Wanted, b: Wanted) => (a.frame.digest < b.frame.digest ? -1 : 1);
        expect(brought.sort(byDigest)).toEqual([...all].sort(byDigest));
        for (const f of fetches) {
          expect(f.offset).toBe(Math.min(...f.frames.map((frame) => frame.offset)));
          expect(f.offset + f.length).toBe(Math.max(...f.frames.map((frame) => frame.offset + frame.length)));
        }
      }),
    );
  });

  it('Q5 join neighbours, never over a large gap nor beyond the largest range', () => {
    fc.assert(
      fc.property(wanted, (all) => {
        const fetches = planFetches(all);
        for (const f of fetches) {
          expect(f.frames.length === 1 || f.length <= MAX_FETCH).toBe(true);
          for (const [i, frame] of f.frames.entries()) {
            const before = f.frames[i - 1];
            if (before !== undefined) expect(frame.offset - before.offset - before.length).toBeLessThanOrEqual(MAX_GAP);
          }
        }
        for (const [i, f] of fetches.entries()) {
          const next = fetches[i + 1];
          if (next === undefined || next.blockId !== f.blockId) continue;
          const gap = next.offset - f.offset - f.length;
          expect(gap > MAX_GAP || next.offset + next.frames[0]!.length - f.offset > MAX_FETCH).toBe(true);
        }
      }),
    );
  });

  it('Q5 one series of a day is one request', () => {
    const frame = (offset: number, length: number, digest: string) => ({
      blockId: 'b',
      object,
      frame: { offset, length, digest },
    });
    expect(planFetches([frame(20_000, 900, 'v'), frame(8, 5_000, 't')])).toEqual([
      {
        blockId: 'b',
        object,
        offset: 8,
        length: 20_892,
        frames: [frame(8, 5_000, 't').frame, frame(20_000, 900, 'v').frame],
      },
    ]);
  });
});
