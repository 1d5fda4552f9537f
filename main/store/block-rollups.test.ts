import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../shared/units.ts';
import { readIndex } from '../codec/block.ts';
import { digest128 } from '../codec/frame.ts';
import { mergeRuns, type Run } from '../codec/merge.ts';
import { rollUp } from '../codec/roll-up.ts';
import { decodeRollup, type Rollup } from '../codec/rollup.ts';
import { decodeChunk } from '../codec/segment.ts';
import { MAX_TRAILER_BYTES, parseTrailer } from '../codec/trailer.ts';
import type { BlockIndex, FrameRef } from '../codec/types.ts';
import { objectBytes } from '../testing/blocks.ts';
import { StoreFolder } from '../testing/store-folder.ts';

const DAY = 40;
const NOW = 200 * DAY_US;
let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: 100, nowUs: 1 });
});
afterEach(() => folder.end());

/** A reading every `step` of part of the day, a walk of one digit after the point, some of it NaN. */
function fill(hub: string, step: number, from = 0, to = DAY_US): void {
  const id = folder.store.series.resolve({ measurement: 'm', field: 'f', tags: [['hub', hub]] }) ?? 0;
  const n = Math.ceil((to - from) / step);
  let [level, state] = [0, 1];
  const v = Float64Array.from({ length: n }, (_, i) => {
    // The generator of Park and Miller.
    state = (state * 48_271) % 2_147_483_647;
    level += (state % 81) - 40;
    return i % 5_000 === 4_999 ? Number.NaN : level / 10;
  });
  const t = Float64Array.from({ length: n }, (_, i) => DAY * DAY_US + from + i * step);
  folder.store.append({ count: n, series: new Uint32Array(n).fill(id), t, v }, 1);
  folder.store.cut(1, 'always');
}

function close(): void {
  folder.close(DAY);
  folder.store.freezeDay(DAY);
}

interface Bucketed {
  key: string;
  rollup: Rollup;
}

/** Objects of the day, as a reader sees them who has nothing else. */
class Objects {
  readonly rollups: Bucketed[] = [];
  readonly #runs = new Map<string, Run[]>();

  constructor(targetBytes = 32e6) {
    const plan = { gatewayId: 'g', prefix: '', storeId: 's', targetBytes, nowUs: 1 };
    for (
      let block = folder.store.planBlock(DAY, plan);
      block !== undefined;
      block = folder.store.planBlock(DAY, plan)
    ) {
      this.#add(objectBytes(folder.store, block.id, 0, block.bytes));
    }
  }

  #add(bytes: Uint8Array): void {
    const trailer = parseTrailer(bytes.subarray(-MAX_TRAILER_BYTES), bytes.length);
    const index: BlockIndex = readIndex(bytes.subarray(trailer.from), trailer);
    const frame = ({ offset, length, digest }: FrameRef): Uint8Array => {
      const found = bytes.subarray(offset, offset + length);
      expect(digest128(found)).toBe(digest);
      return found;
    };
    for (const { series, time, value } of index.chunks) {
      const key = index.series[series]!.key;
      const runs = this.#runs.get(key) ?? [];
      this.#runs.set(key, runs);
      runs.push(decodeChunk(frame(time), frame(value)));
    }
    for (const { series, width, frame: ref } of index.rollups) {
      const rollup = decodeRollup(frame(ref));
      expect(rollup.width).toBe(width);
      this.rollups.push({ key: index.series[series]!.key, rollup });
    }
  }

  expectTrue(): void {
    for (const { key, rollup } of this.rollups)
      expect({ ...rollup }, key).toEqual(rollUp(mergeRuns(this.#runs.get(key)!), rollup.width));
  }

  widths(hub: string): number[] {
    return this.rollups.filter(({ key }) => key.includes(`hub=${hub}`)).map(({ rollup }) => rollup.width);
  }
}

test('R10 the object of a block alone gives back its rollups, where they pay, and they say what its readings say', () => {
  fill('second', SECOND_US);
  fill('ten', 10 * SECOND_US);
  fill('minute', MINUTE_US);
  close();
  const objects = new Objects();
  objects.expectTrue();
  expect(objects.widths('second')).toEqual([HOUR_US, 5 * MINUTE_US]);
  expect(objects.widths('ten')).toEqual([HOUR_US]);
  expect(objects.widths('minute')).toEqual([]);
});

test('R10 the hours of a day whose month was merged meanwhile are in its block, too', () => {
  fill('second', SECOND_US);
  close();
  while (folder.store.mergeRollups(NOW));
  const objects = new Objects();
  objects.expectTrue();
  expect(objects.widths('second')).toEqual([HOUR_US, 5 * MINUTE_US]);
});

test('R10 a block has no rollups of a series that is in other blocks, too, or that came late', () => {
  for (const hub of ['whole', 'late']) fill(hub, SECOND_US);
  fill('split', SECOND_US, 0, 12 * HOUR_US);
  close();
  fill('late', SECOND_US, HOUR_US, 2 * HOUR_US);
  close();
  fill('split', SECOND_US, 12 * HOUR_US);
  close();
  const objects = new Objects(200_000);
  objects.expectTrue();
  expect(objects.widths('whole')).toEqual([HOUR_US, 5 * MINUTE_US]);
  expect([objects.widths('late'), objects.widths('split')]).toEqual([[], []]);
});

test('R10 a small block has none: its readings tell', () => {
  fill('second', SECOND_US, 0, HOUR_US);
  close();
  expect(new Objects().rollups).toEqual([]);
});
