import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketStart } from '../shared/buckets.ts';
import { queryRowsSchema } from '../shared/schemas.ts';
import type { QueryAnswer } from './query/service.ts';
import { bucketRows, rawRows } from './query-rows.ts';

const HEAD = { series: 'm.v{a="\\ü\n}', unit: '°C' };
const shared = {
  unit: HEAD.unit,
  coverage: [{ from: 0, to: 9, source: 'head' as const }],
  cold: { bytes: 1, requests: 2, totalBytes: 3 },
};

async function read(pieces: AsyncIterable<Uint8Array>): Promise<ReturnType<typeof queryRowsSchema.parse>> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return queryRowsSchema.parse(JSON.parse(Buffer.concat(all).toString('utf8')));
}

/** A cell of the text as the double it stands for. */
const numbers = (points: readonly (readonly unknown[])[]): number[][] => points.map((row) => row.map(Number));
const time = fc.integer({ min: -9_007_199_254_740_991, max: 9_007_199_254_740_991 });

describe('A4 the text of a history answer', () => {
  it('A4 Q1 reads back to the readings it was made of, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(time, fc.double())), fc.option(time), async (rows, next) => {
        const [t, v] = [0, 1].map((i) => Float64Array.from(rows, (row) => row[i]!)) as [Float64Array, Float64Array];
        const answer = await read(rawRows(HEAD.series, { t, v, ...shared, ...(next === null ? {} : { next }) }));
        expect(answer).toMatchObject({ ...HEAD, next: next === null ? null : String(next) });
        expect([answer.coverage, answer.cold]).toEqual([shared.coverage, { bytes: 1, requests: 2, total_bytes: 3 }]);
        expect(numbers(answer.points)).toEqual(rows.map(([at, value]) => [at + 0, value]));
      }),
    );
  });

  it('A4 Q2 reads back to the buckets it was made of', async () => {
    const row = fc.tuple(fc.double(), fc.double(), fc.double(), fc.nat(), fc.nat());
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const column = (i: number) => Float64Array.from(rows, (r) => r[i]!);
        const grid = { from: -5, to: 1_000_000, points: 1_000 };
        const none = new Float64Array(rows.length);
        const buckets: QueryAnswer['buckets'] = {
          index: Uint32Array.from(rows, (_, i) => i),
          time: none,
          min: column(0),
          max: column(1),
          sum: column(2),
          numbers: column(3),
          count: column(4),
          first: none,
          last: none,
        };
        const answer = await read(bucketRows(HEAD.series, { ...grid, ...shared, buckets, done: true, coarse: false }));
        expect(numbers(answer.points)).toEqual(
          rows.map(([min, max, sum, n, count], i) => [
            bucketStart(grid, i),
            min,
            max,
            n === 0 ? Number.NaN : sum / n,
            count,
          ]),
        );
        expect(answer.next).toBe(null);
      }),
    );
  });

  it('A8 a page of 100,000 points is made in slices, and others are served between them', async () => {
    const t = Float64Array.from({ length: 100_000 }, (_, i) => i);
    let turns = 0;
    let done = false;
    const others = (): void => {
      if (done) return;
      turns++;
      setImmediate(others);
    };
    others();
    const { points } = await read(rawRows(HEAD.series, { t, v: t, ...shared }));
    done = true;
    expect(points.length).toBe(100_000);
    expect(turns).toBeGreaterThanOrEqual(50);
  });
});
