import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { mergeRuns } from '../codec/merge.ts';
import { StoreFolder } from '../testing/store-folder.ts';
import type { Run } from './rows.ts';

/** A machine whose memory changes a bit of a column while it is encoded: every digest is right, only the readings are not. */
const memory = vi.hoisted(() => ({ flips: undefined as 't' | 'v' | undefined }));

function flipped(run: Run, column: 't' | 'v'): Run {
  const copy = { ...run, t: run.t.slice(), v: run.v.slice() };
  const last = run.t.length - 1;
  const bits = Buffer.from(copy.v.buffer);
  if (column === 't') copy.t[last] = (copy.t[last] ?? 0) + 1;
  else bits.writeUInt8(bits.readUInt8(8 * last) ^ 1, 8 * last);
  return copy;
}

vi.mock('../codec/segment.ts', async (load) => {
  const codec = await load<typeof import('../codec/segment.ts')>();
  class SegmentBuilder extends codec.SegmentBuilder {
    override add(run: Run) {
      const { flips } = memory;
      return super.add(flips === undefined ? run : flipped(run, flips));
    }
  }
  return { ...codec, SegmentBuilder };
});

let folder: StoreFolder;
beforeEach(() => {
  folder = new StoreFolder({ maxSeries: 10, nowUs: 0 });
});
afterEach(() => {
  memory.flips = undefined;
  folder.end();
});

const values = [1.5, Number.NaN, -0];

function append(): void {
  const series = folder.store.series.resolve({ measurement: 'm', field: 'a', tags: [] }) ?? 0;
  const t = Float64Array.from(values, (_, i) => 1_000_000 * (i + 1));
  folder.store.append(
    { count: values.length, series: Uint32Array.from(values, () => series), t, v: Float64Array.from(values) },
    1,
  );
}

function stored(): number[] {
  return [...mergeRuns(folder.store.runs('m.a', 0, DAY_US, new Map(), new Set()).runs).v];
}

it.each(['t', 'v'] as const)(
  'T9 a cut whose %s decode differently is refused, and keeps head and journal',
  (column) => {
    append();
    memory.flips = column;
    expect(() => folder.store.cut(1, 'always')).toThrow(expect.objectContaining({ code: 'encoding-differs' }));
    folder.restart(() => {
      memory.flips = undefined;
    });
    expect(folder.store.startReport().replayed).toBe(3);
    expect(stored()).toEqual(values);
    expect(folder.store.cut(1, 'always')).toEqual({ readings: 3, segments: 1 });
    expect(stored()).toEqual(values);
  },
);

it.each(['t', 'v'] as const)(
  'T9 a compaction whose %s decode differently is refused, and keeps what it read',
  (column) => {
    append();
    folder.store.cut(1, 'always');
    memory.flips = column;
    expect(() => folder.store.compactDay(0, 1)).toThrow(expect.objectContaining({ code: 'encoding-differs' }));
    expect(stored()).toEqual(values);
    memory.flips = undefined;
    expect(folder.store.compactDay(0, 1)).toBe(false);
    expect(folder.store.days()).toMatchObject([{ uncompacted: false }]);
    expect(stored()).toEqual(values);
  },
);
