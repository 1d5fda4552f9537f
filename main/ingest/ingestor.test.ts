import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../shared/units.ts';
import { MemoryIngestStore } from '../testing/memory-registry.ts';
import { createIngestor } from './ingestor.ts';
import { toEnd } from './steps.ts';
import type { IngestRequest } from './types.ts';

const line = (text: string): IngestRequest => ({ format: 'line', body: Buffer.from(text), precision: 'us' });
const json = (data: unknown): IngestRequest => ({
  format: 'readings-json',
  body: Buffer.from(JSON.stringify(data)),
  precision: 'us',
});

describe('ingestor', () => {
  it('ING6 makes one append of a group, with one result per request in order', () => {
    const store = new MemoryIngestStore();
    const ingestor = createIngestor(store);
    const results = toEnd(
      ingestor.ingest(
        [
          line('m a=1 1\nm a=2 2'),
          line('bad'),
          json({ series: [{ measurement: 'm', field: 'a', timestampUs: [3], value: [3] }] }),
          line('m b="s"'),
        ],
        7,
      ),
    );
    expect(results.map(({ accepted, refused }) => [accepted, refused])).toEqual([
      [2, 0],
      [0, 1],
      [1, 0],
      [0, 1],
    ]);
    expect(store.appends).toBe(1);
    expect(store.stored).toEqual([1, 2, 3].map((n) => ({ key: 'm.a', t: n, v: n })));
  });

  it('ING6 does not commit when there is nothing to store', () => {
    const store = new MemoryIngestStore();
    toEnd(createIngestor(store).ingest([line('bad'), line('# nothing')], 0));
    expect(store.appends).toBe(0);
  });

  it('ING7 throws when the commit fails, and then resolves all series anew', () => {
    const store = new MemoryIngestStore();
    const ingestor = createIngestor(store);
    toEnd(ingestor.ingest([line('m a=1 1')], 0));
    store.failure = new Error('disk full');
    expect(() => toEnd(ingestor.ingest([line('m a=2,b=2 2')], 0))).toThrow('disk full');
    toEnd(ingestor.ingest([line('m a=3,b=3 3')], 0));
    expect(store.stored.map(({ key, t }) => [key, t])).toEqual([
      ['m.a', 1],
      ['m.a', 3],
      ['m.b', 3],
    ]);
    expect(store.series.resolved).toBe(4);
  });

  /** 30,000 lines of 5 fields, one of which is refused each 10,000 lines, and more new series on top than go into a part. */
  const large = (): IngestRequest => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `m a=${i},b=1,c=2,d=3,e=${i % 10_000 === 7 ? 'x' : 4} ${i}`);
    const series = Array.from({ length: 2_500 }, (_, i) => `s,n=${i} f=${i} 1`);
    return line([...lines, ...series].join('\n'));
  };

  it('ING19 commits a large group in parts, and gives the same results', () => {
    const store = new MemoryIngestStore();
    const steps = createIngestor(store).ingest([line('m a=5 -5'), large(), line('bad\nm a=6 -6')], 0);
    const appends: number[] = [];
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) appends.push(store.appends);
    expect(step.value.map(({ accepted, refused }) => [accepted, refused])).toEqual([
      [1, 0],
      [29_997 * 5 + 2_500, 3],
      [1, 1],
    ]);
    expect(step.value[1]!.refusals.map(({ line, column }) => [line, column])).toEqual([
      [8, 21],
      [10_008, 25],
      [20_008, 25],
    ]);
    // One full of readings, two full of new series, one of what is left; other calls have their turn after each.
    expect(store.appends).toBe(4);
    expect(new Set(appends)).toEqual(new Set([1, 2, 3]));
    expect(store.stored).toHaveLength(29_997 * 5 + 2_502);
    expect(new Set(store.stored.map(({ key, t }) => `${key} ${t}`)).size).toBe(store.stored.length);
  });

  it('ING19 a group fails as a whole when one of its parts cannot be committed, and the next group is whole again', () => {
    const store = new MemoryIngestStore();
    const ingestor = createIngestor(store);
    const steps = ingestor.ingest([large()], 0);
    while (store.appends < 1) steps.next();
    store.failure = new Error('disk full');
    expect(() => toEnd(steps)).toThrow('disk full');
    expect(toEnd(ingestor.ingest([large()], 0))[0]).toMatchObject({ accepted: 29_997 * 5 + 2_500, refused: 3 });
  });

  it('ING19 commits a large body of POST /readings in parts', () => {
    const store = new MemoryIngestStore();
    const [timestampUs, value] = [Array.from({ length: 60_000 }, (_, i) => i), Array(60_000).fill(1)];
    const series = ['a', 'b', 'c'].map((field) => ({ measurement: 'm', field, timestampUs, value }));
    const steps = createIngestor(store).ingest([json({ series })], 0);
    expect([steps.next().done, store.appends]).toEqual([false, 1]);
    expect(toEnd(steps).map(({ accepted }) => accepted)).toEqual([180_000]);
    expect([store.appends, store.stored.length]).toEqual([2, 180_000]);
  });

  it('ING17 ING19 commits readings of thousands of days a part of the days after the other, in order, also of one series of one body', () => {
    const store = new MemoryIngestStore();
    const days = Array.from({ length: 2_500 }, (_, i) => i * DAY_US);
    const timestampUs = [...days, 5, ...days];
    const series = [{ measurement: 'm', field: 'a', timestampUs, value: timestampUs.map((_, i) => i) }];
    const daysOf: number[] = [];
    let seen = 0;
    const steps = createIngestor(store).ingest([json({ series })], 0);
    for (let step = steps.next(); ; step = steps.next()) {
      daysOf.push(new Set(store.stored.slice(seen).map(({ t }) => Math.floor(t / DAY_US))).size);
      seen = store.stored.length;
      if (step.done === true) break;
    }
    expect([store.appends, Math.max(...daysOf)]).toEqual([daysOf.length, 1_000]);
    expect(store.stored.map(({ t, v }) => [t, v])).toEqual(timestampUs.map((t, i) => [t, i]));
  });
});
