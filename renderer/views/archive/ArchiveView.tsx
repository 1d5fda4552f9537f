import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { ArchiveDay } from '../../../shared/schemas.ts';
import { useGateway } from '../../app/gateway.ts';
import { useGatewayQuery } from '../../app/query.ts';
import { navigate, useRoute } from '../../app/route.ts';
import { text } from '../../texts/en.ts';
import { Filter } from '../../ui/Filter.tsx';
import { CallProblem } from '../../ui/Problem.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import css from './ArchiveView.module.css';
import { type Days, dayAt, kindOf, monthOf, openingMonth, troubledYears, yearOf, yearsOf } from './calendar.ts';
import { DayPanel } from './DayPanel.tsx';
import { Legend } from './Legend.tsx';
import { Month } from './Month.tsx';
import { Year } from './Year.tsx';

const words = text.archive;
const REFRESH_MS = 15_000;

/** The calendar of what is here and what is in the archive. The address keeps the month and the day. */
export function ArchiveView() {
  const query = useGatewayQuery(['archive-days'], (client, signal) => client.archiveDays(undefined, { signal }), {
    everyMs: REFRESH_MS,
  });
  if (query.data === undefined) {
    if (query.error === null) return <Skeleton rows={6} />;
    return <CallProblem error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) return <p className={css.empty}>{words.none}</p>;
  return <Calendar all={query.data} />;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

function Calendar({ all }: { all: readonly ArchiveDay[] }) {
  const today = useGateway((state) => dayAt(state.status?.now_us ?? 0));
  const days = useMemo<Days>(() => ({ today, of: new Map(all.map((day) => [day.day, day])) }), [today, all]);
  const { params } = useRoute();
  const day = DAY.exec(params.get('day') ?? '')?.[0];
  const opening = (year?: string): string => openingMonth(all, today, year) ?? monthOf(today);
  const month = MONTH.exec(params.get('month') ?? '')?.[0] ?? (day === undefined ? opening() : monthOf(day));
  const years = yearsOf(all);
  const troubled = troubledYears(all);
  const go = (to: Record<string, string>): void => navigate('archive', new URLSearchParams(to), 'replace');
  const toMonth = (to: string): void => go(day === undefined ? { month: to } : { month: to, day });
  return (
    <div className={css.view}>
      {years.length > 1 && (
        <Filter
          label={words.years}
          value={yearOf(month)}
          options={years.map((year) => ({
            value: year,
            label: year,
            ...(troubled.has(year) ? { icon: IconAlertTriangle, mark: words.yearProblem } : {}),
          }))}
          onChange={(year) => toMonth(opening(year))}
        />
      )}
      <Year year={yearOf(month)} month={month} days={days} onPick={toMonth} />
      <div className={css.both}>
        <Month month={month} day={day} days={days} onMonth={toMonth} onDay={(to) => go({ day: to })} />
        <div className={css.side}>
          {day === undefined ? (
            <p className={css.empty}>{words.pick}</p>
          ) : (
            <DayPanel key={day} day={day} info={days.of.get(day)} kind={kindOf(days, day)} />
          )}
          <Legend />
          <p className={css.quiet}>{words.utc}</p>
        </div>
      </div>
    </div>
  );
}
