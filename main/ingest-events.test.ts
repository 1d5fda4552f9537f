import { expect, it } from 'vitest';
import type { IngestStats } from './ingest/http.ts';
import { startIngestEvents } from './ingest-events.ts';
import type { EventRow } from './store/types.ts';
import { createManualClock } from './testing/manual-clock.ts';

it('ING16 floored timestamps, rounded integers and refusals become events: the first within a minute, then one an hour with all since, and the rest at the stop', async () => {
  const clock = createManualClock(0);
  const stats: IngestStats = { requests: 0, accepted: 0, refused: 0, floored: 0, rounded: 0, gated: 0 };
  const told: Omit<EventRow, 'id'>[] = [];
  const events = startIngestEvents({
    stats: () => ({ ...stats }),
    tell: async (event) => void told.push(event),
    clock,
  });
  const minutes = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i++) {
      clock.advance(60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await minutes(2);
  expect(told).toEqual([]);
  Object.assign(stats, { floored: 3, rounded: 1 });
  await minutes(1);
  expect(told.map((e) => [e.code, e.detail])).toEqual([['TM-INGEST-ROUNDED', { floored: 3, rounded: 1 }]]);
  Object.assign(stats, { floored: 10, refused: 1 });
  await minutes(30);
  expect(told.map((e) => [e.code, e.detail]).slice(1)).toEqual([['TM-INGEST-REFUSED', { refused: 1 }]]);
  stats.refused = 5;
  await minutes(60);
  expect(told.map((e) => [e.code, e.detail]).slice(2)).toEqual([
    ['TM-INGEST-ROUNDED', { floored: 7, rounded: 0 }],
    ['TM-INGEST-REFUSED', { refused: 4 }],
  ]);
  stats.refused = 8;
  await minutes(1);
  expect(told).toHaveLength(4);
  await events.stop();
  await minutes(120);
  expect(told.map((e) => [e.code, e.detail]).slice(4)).toEqual([['TM-INGEST-REFUSED', { refused: 3 }]]);
});
