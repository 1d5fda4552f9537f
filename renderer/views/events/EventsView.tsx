import { Button } from '@mantine/core';
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { GatewayEvent } from '../../../shared/schemas.ts';
import { type Pages, usePages } from '../../app/pages.ts';
import { navigate, useRoute } from '../../app/route.ts';
import { text } from '../../texts/en.ts';
import { Filter } from '../../ui/Filter.tsx';
import { CallProblem } from '../../ui/Problem.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { EventRow } from './EventRow.tsx';
import css from './EventsView.module.css';

const words = text.events;
const LEVELS = ['info', 'warning', 'error'] as const;
type Shown = (typeof LEVELS)[number] | 'all';
const ICONS = { info: IconInfoCircle, warning: IconAlertTriangle, error: IconAlertOctagon } as const;
const PAGE = 100;
const REFRESH_MS = 5_000;

/** What happened, newest first; new ones arrive by themselves. The filter is kept in the address. */
export function EventsView() {
  const wanted = useRoute().params.get('level');
  const shown: Shown = LEVELS.find((level) => level === wanted) ?? 'all';
  const show = (level: Shown): void =>
    navigate('events', new URLSearchParams(level === 'all' ? {} : { level }), 'replace');
  const events = useEvents(shown);
  return (
    <div className={css.view}>
      <Filter
        label={words.filter}
        value={shown}
        onChange={show}
        options={[
          { value: 'all', label: words.levels.all },
          ...LEVELS.map((level) => ({ value: level, label: words.levels[level], icon: ICONS[level] })),
        ]}
      />
      <List events={events} shown={shown} />
    </div>
  );
}

function useEvents(shown: Shown): Pages<GatewayEvent> {
  return usePages<GatewayEvent, number>(
    ['events', shown],
    async (client, before, signal) => {
      const level = shown === 'all' ? {} : { level: shown };
      const page = await client.events(
        { ...level, ...(before === undefined ? {} : { before }), limit: PAGE },
        { signal },
      );
      return { items: page.events, next: page.next };
    },
    REFRESH_MS,
  );
}

function List({ events, shown }: { events: Pages<GatewayEvent>; shown: Shown }) {
  const { items, error, more, loadMore, loadingMore, refetch } = events;
  if (items === undefined) {
    return error === null ? <Skeleton rows={6} /> : <CallProblem error={error} onRetry={refetch} />;
  }
  if (items.length === 0) return <p className={css.empty}>{shown === 'all' ? words.noneYet : words.none}</p>;
  return (
    <>
      <ol className={css.list} aria-label={words.list}>
        {items.map((event) => (
          <EventRow key={event.id} event={event} icon={ICONS[event.level]} />
        ))}
      </ol>
      <div className={css.foot}>
        {more ? (
          <Button onClick={loadMore} loading={loadingMore}>
            {text.more}
          </Button>
        ) : (
          <p>{words.end}</p>
        )}
        <p>{words.support}</p>
      </div>
    </>
  );
}
