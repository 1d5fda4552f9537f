import { IconAlertTriangle } from '@tabler/icons-react';
import { text } from '../../texts/en.ts';
import { formatCount } from '../../ui/format.ts';
import { countKinds, type Days, kindOf, monthsOf, weeksOf } from './calendar.ts';
import { shortMonth } from './kinds.ts';
import css from './Year.module.css';

const words = text.archive;

interface YearProps {
  year: string;
  month: string;
  days: Days;
  onPick(month: string): void;
}

/** A year at a glance: twelve small pictures of months, each the way to that month. */
export function Year({ year, month: shown, days, onPick }: YearProps) {
  return (
    <ul className={css.year} aria-label={words.year(year)}>
      {monthsOf(year).map((month) => {
        const kinds = countKinds(month, days);
        const parts = kinds.map(([kind, count]) => words.monthPart(count, words.kinds[kind])).join(', ');
        return (
          <li key={month}>
            <button
              type="button"
              className={css.month}
              aria-label={words.monthLabel(`${shortMonth(month)} ${year}`, parts)}
              aria-current={month === shown ? 'date' : undefined}
              onClick={() => onPick(month)}
            >
              <span className={css.name}>
                {shortMonth(month)}
                {kinds.some(([kind]) => kind === 'problem') && (
                  <IconAlertTriangle className={css.problem} aria-hidden />
                )}
              </span>
              <Picture month={month} days={days} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function Picture({ month, days }: Pick<YearProps, 'month' | 'days'>) {
  return (
    <span className={css.picture} aria-hidden>
      {weeksOf(month).flatMap((week, w) =>
        week.map((day, d) => (
          <span key={day ?? formatCount(w * 7 + d)} data-kind={day === null ? undefined : kindOf(days, day)} />
        )),
      )}
    </span>
  );
}
