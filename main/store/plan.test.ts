import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { decodeIndex, readIndex } from '../codec/block.ts';
import { MAX_TRAILER_BYTES, parseTrailer } from '../codec/trailer.ts';
import { objectBytes, prove } from '../testing/blocks.ts';
import { StoreFolder } from '../testing/store-folder.ts';
import type { BlockInfo } from './types.ts';

const DAY = 50;
let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: 1_000, nowUs: 1 });
});
afterEach(() => folder.end());

/** `series` of `n` readings each that do not compress, as one more frozen segment of the day. */
function freeze(series: number, n: number, from = 0): void {
  const ids = Array.from({ length: series }, (_, i) =>
    Number(
      folder.store.series.resolve(
        { measurement: 'm', field: `f${i}`, tags: [['hub', 'h1']] },
        i % 2 === 0 ? 'bar' : '',
      ),
    ),
  );
  folder.store.append(
    {
      count: series * n,
      series: Uint32Array.from({ length: series * n }, (_, i) => ids[i % series] ?? 0),
      t: Float64Array.from({ length: series * n }, (_, i) => DAY * DAY_US + from + Math.floor(i / series) * 1_000),
      v: Float64Array.from({ length: series * n }, (_, i) => Math.sin(from + i * 12.9898) * 43_758.5453),
    },
    1,
  );
  folder.store.cut(1, 'always');
  folder.close(DAY);
  folder.store.freezeDay(DAY);
}

const PLAN = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes: 32e6, nowUs: 1 };

function plan(): BlockInfo {
  const block = folder.store.planBlock(DAY, PLAN);
  if (block === undefined) throw new Error('nothing was frozen');
  return block;
}

/** Index and end of a block as they stand in the database. */
function stored(id: string): { index: Buffer | undefined; tail: Buffer | undefined } {
  const db = new Database(folder.path, { readonly: true });
  const column = (sql: string): Buffer | undefined => db.prepare<[string], Buffer>(sql).pluck().get(id);
  const found = {
    index: column('select body from block_index where block_id = ?'),
    tail: column('select tail from block_tail where block_id = ?'),
  };
  db.close();
  return found;
}

function evict(id: string): void {
  prove(folder.store, id, 1);
  expect(folder.store.evictBlock(id, 1)).toBeDefined();
}

test.each([
  { what: 'a small block', series: 3, n: 40, bare: true },
  { what: 'a large block', series: 5, n: 4_000, bare: false },
  { what: 'a block of many short chunks', series: 600, n: 15, bare: true },
])('B1 the index kept of $what is what its object says, over segments that overlap', ({ series, n, bare }) => {
  freeze(series, n);
  freeze(series, n, 500);
  const block = plan();
  const object = objectBytes(folder.store, block.id, 0, block.bytes);
  const trailer = parseTrailer(object.subarray(-MAX_TRAILER_BYTES), object.length);
  expect(trailer).toMatchObject({ version: block.formatVersion, bare });
  const index = readIndex(object.subarray(trailer.from), trailer);
  expect(decodeIndex(stored(block.id).index ?? Buffer.alloc(0), block.formatVersion)).toEqual(index);
  expect(index.segments.length).toBe(2);
  expect(index.series.length).toBe(series);
  expect(index.series[0]).toEqual({ key: 'm.f0{hub=h1}', unit: 'bar' });
  expect(index.chunks.reduce((sum, { count }) => sum + count, 0)).toBe(block.readings);
});

test('B2 the end of an object is kept until its block is cold, its index for good, and answers by single frames', () => {
  freeze(3, 40);
  const block = plan();
  const object = objectBytes(folder.store, block.id, 0, block.bytes);
  const key = 'm.f1{hub=h1}';
  const wanted = folder.store.runs(key, 0, 100 * DAY_US, new Map(), new Set()).runs;
  expect(wanted[0]?.t.length).toBe(40);
  expect(object.subarray(-(stored(block.id).tail?.length ?? 0))).toEqual(new Uint8Array(stored(block.id).tail ?? []));
  evict(block.id);
  expect(stored(block.id).tail).toBeUndefined();
  const [piece] = folder.store.runs(key, 0, 100 * DAY_US, new Map(), new Set()).missing;
  const frames = new Map<string, Uint8Array>();
  for (const { digest, offset, length } of piece?.cold === undefined ? [] : piece.cold.frames)
    frames.set(digest, object.subarray(offset, offset + length));
  expect(frames.size).toBe(2);
  expect(folder.store.runs(key, 0, 100 * DAY_US, frames, new Set()).runs).toEqual(wanted);
});

test('P10 readings come and are cut between the steps of a plan, and it is none the worse for it', () => {
  freeze(4, 350_000);
  let steps = 0;
  let block: BlockInfo | undefined;
  for (let more = true; more && block === undefined; steps++) {
    ({ more, block } = folder.store.planStep(DAY, PLAN));
    const t = Float64Array.of(DAY * DAY_US + steps);
    folder.store.append({ count: 1, series: Uint32Array.of(1), t, v: Float64Array.of(steps) }, 1);
    folder.store.cut(1, 'always');
  }
  expect(steps).toBeGreaterThan(2);
  if (block === undefined) throw new Error('nothing was frozen');
  expect(block.readings).toBe(4 * 350_000);
  expect(
    createHash('sha256')
      .update(objectBytes(folder.store, block.id, 0, block.bytes))
      .digest('hex'),
  ).toBe(block.sha256);
  expect(folder.store.planStep(DAY, PLAN)).toEqual({ more: false });
});
