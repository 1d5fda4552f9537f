import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { prove } from '../testing/blocks.ts';
import { StoreFolder } from '../testing/store-folder.ts';
import type { Piece } from './types.ts';

const SERIES = 1_500;
const DAYS = 12;

let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: SERIES, nowUs: 0 });
});
afterEach(() => folder.end());

/** Two readings of every series a day; the first half of the days is cold. */
function fill(): void {
  const ids = Array.from({ length: SERIES }, (_, i) =>
    folder.store.series.resolve({ measurement: 'm', field: `f${i}`, tags: [] }),
  );
  for (let day = 0; day < DAYS; day++) {
    const n = 2 * SERIES;
    const t = Float64Array.from({ length: n }, (_, i) => day * DAY_US + Math.floor(i / SERIES));
    folder.store.append(
      { count: n, series: Uint32Array.from({ length: n }, (_, i) => ids[i % SERIES] ?? 0), t, v: t },
      1,
    );
  }
  folder.store.cut(1, 'always');
  for (let day = 0; day < DAYS / 2; day++) {
    folder.close(day);
    folder.store.freezeDay(day);
    const { id } = folder.store.planBlock(day, {
      gatewayId: 'g',
      prefix: '',
      storeId: 's',
      targetBytes: 1e9,
      nowUs: 1,
    }) ?? { id: '' };
    prove(folder.store, id, 1);
    folder.store.evictBlock(id, 1);
  }
}

it('Q4 the pieces of a long range come in several calls, each of whole days and little work, and together they are all', () => {
  fill();
  const pages: Piece[][] = [];
  const edges: number[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const { pieces, next } = folder.store.pieces('m.f7', from, DAYS * DAY_US);
    pages.push(pieces);
    if (next !== undefined) edges.push(next);
    from = next;
  }
  expect(pages.length).toBeGreaterThan(2);
  for (const edge of edges) expect(edge % DAY_US).toBe(0);
  const pieces = pages.flat();
  expect(pieces.map((piece) => piece.day)).toEqual(Array.from({ length: DAYS }, (_, day) => day));
  expect(pieces.map((piece) => piece.tier)).toEqual([
    ...Array(DAYS / 2).fill('cold'),
    ...Array(DAYS / 2).fill('local'),
  ]);
  // A read takes the whole of its window at one moment.
  expect(folder.store.runs('m.f7', 0, DAYS * DAY_US, new Map(), new Set()).missing).toHaveLength(DAYS / 2);
});
