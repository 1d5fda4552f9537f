import { counted } from '../shared/words.ts';
import type { IngestStats } from './ingest/http.ts';
import type { Clock } from './ports/clock.ts';
import type { EventRow } from './store/types.ts';

/** The first change is told within a minute, later ones in one event an hour and at the stop, so that a chatty client cannot flood the list. */
const FIRST_MS = 60_000;
const NEXT_MS = 3_600_000;

type Told = Pick<EventRow, 'code' | 'level' | 'text' | 'detail'>;

/** What ingest changed or refused between two counts, in plain words. */
export function describeIngest(before: IngestStats, now: IngestStats): Told[] {
  const floored = now.floored - before.floored;
  const rounded = now.rounded - before.rounded;
  const refused = now.refused - before.refused;
  const changed = [
    ...(floored > 0 ? [`${counted(floored, 'timestamp', 'timestamps')} down to whole microseconds`] : []),
    ...(rounded > 0 ? [`${counted(rounded, 'integer', 'integers')} beyond 2^53 to the nearest number`] : []),
  ];
  const told: Told[] = [];
  if (changed.length > 0)
    told.push({
      code: 'TM-INGEST-ROUNDED',
      level: 'info',
      text: `Rounded on the way in: ${changed.join(', ')}.`,
      detail: { floored, rounded },
    });
  if (refused > 0)
    told.push({
      code: 'TM-INGEST-REFUSED',
      level: 'warning',
      text: `${counted(refused, 'line or field was', 'lines or fields were')} refused; their senders were told which and why, and what else they sent was stored. More are told an hour later at the latest.`,
      detail: { refused },
    });
  return told;
}

/** Tells events of what ingest changed or refused since the last ones. */
export function startIngestEvents(o: {
  stats: () => IngestStats;
  tell: (event: Omit<EventRow, 'id'>) => Promise<void>;
  clock: Clock;
}): { stop(): Promise<void> } {
  const silent = new Map<string, number>();
  let before = o.stats();
  let cancel = (): void => undefined;
  const tell = async (isDue: (event: Told) => boolean): Promise<void> => {
    const nowMs = o.clock.monotonicMs();
    const now = o.stats();
    const told = describeIngest(before, now).filter(isDue);
    const is = (code: string): boolean => told.some((event) => event.code === code);
    before = {
      ...before,
      ...(is('TM-INGEST-ROUNDED') ? { floored: now.floored, rounded: now.rounded } : {}),
      ...(is('TM-INGEST-REFUSED') ? { refused: now.refused } : {}),
    };
    for (const event of told) {
      silent.set(event.code, nowMs + NEXT_MS);
      await o.tell({ atUs: o.clock.nowUs(), ...event });
    }
  };
  const look = async (): Promise<void> => {
    await tell((event) => (silent.get(event.code) ?? 0) <= o.clock.monotonicMs());
    if (!stopped) again();
  };
  let stopped = false;
  const again = (): void => {
    cancel = o.clock.after(FIRST_MS, () => void look());
  };
  again();
  return {
    stop: async () => {
      stopped = true;
      cancel();
      await tell(() => true);
    },
  };
}
