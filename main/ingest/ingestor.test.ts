import { describe, expect, it } from 'vitest';
import { MemoryIngestStore } from '../testing/memory-registry.ts';
import { createIngestor } from './ingestor.ts';
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
    const results = ingestor.ingest(
      [
        line('m a=1 1\nm a=2 2'),
        line('bad'),
        json({ series: [{ measurement: 'm', field: 'a', timestampUs: [3], value: [3] }] }),
        line('m b="s"'),
      ],
      7,
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
    createIngestor(store).ingest([line('bad'), line('# nothing')], 0);
    expect(store.appends).toBe(0);
  });

  it('ING7 throws when the commit fails, and then resolves all series anew', () => {
    const store = new MemoryIngestStore();
    const ingestor = createIngestor(store);
    ingestor.ingest([line('m a=1 1')], 0);
    store.failure = new Error('disk full');
    expect(() => ingestor.ingest([line('m a=2,b=2 2')], 0)).toThrow('disk full');
    ingestor.ingest([line('m a=3,b=3 3')], 0);
    expect(store.stored.map(({ key, t }) => [key, t])).toEqual([
      ['m.a', 1],
      ['m.a', 3],
      ['m.b', 3],
    ]);
    expect(store.series.resolved).toBe(4);
  });
});
