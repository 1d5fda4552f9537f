import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { text } from '../../texts/en.ts';
import { formatUtcDay } from '../../ui/times.ts';
import { type Days, daysOf, type Kind, kindOf, shiftByMonth, shiftDay, shiftMonth, weeksOf } from './calendar.ts';
import { KIND_ICONS, monthName, WEEKDAYS } from './kinds.ts';
import css from './Month.module.css';

const words = text.archive;

interface MonthProps {
  month: string;
  day: string | undefined;
  days: Days;
  onMonth(month: string): void;
  onDay(day: string): void;
}

/** Where each key goes from a day; Enter and space choose, as on every button. */
const KEYS: Record<string, (day: string) => string> = {
  ArrowLeft: (day) => shiftDay(day, -1),
  ArrowRight: (day) => shiftDay(day, 1),
  ArrowUp: (day) => shiftDay(day, -7),
  ArrowDown: (day) => shiftDay(day, 7),
  PageUp: (day) => shiftByMonth(day, -1),
  PageDown: (day) => shiftByMonth(day, 1),
};

/** The days of one month, large enough for a finger. One of them is in the order of Tab; arrow keys move from it. */
export function Month({ month, day: chosen, days, onMonth, onDay }: MonthProps) {
  const table = useRef<HTMLTableElement>(null);
  const wanted = useRef<string>(undefined);
  const all = daysOf(month);
  const tabbable =
    chosen !== undefined && all.includes(chosen) ? chosen : (all.findLast((d) => days.of.has(d)) ?? all[0]);
  useEffect(() => {
    if (wanted.current === undefined) return;
    table.current?.querySelector<HTMLButtonElement>(`[data-day="${wanted.current}"]`)?.focus();
    wanted.current = undefined;
  });
  const onKeyDown = (e: KeyboardEvent<HTMLButtonElement>, from: string): void => {
    const go = KEYS[e.key];
    if (go === undefined || e.ctrlKey || e.altKey || e.metaKey) return;
    e.preventDefault();
    wanted.current = go(from);
    onDay(wanted.current);
  };
  return (
    <section className={css.month} aria-label={monthName(month)}>
      <header className={css.head}>
        <button
          type="button"
          className={css.step}
          aria-label={words.earlier}
          onClick={() => onMonth(shiftMonth(month, -1))}
        >
          <IconChevronLeft aria-hidden />
        </button>
        <h2 aria-live="polite">{monthName(month)}</h2>
        <button
          type="button"
          className={css.step}
          aria-label={words.later}
          onClick={() => onMonth(shiftMonth(month, 1))}
        >
          <IconChevronRight aria-hidden />
        </button>
      </header>
      <table className={css.table} ref={table}>
        <caption className="visually-hidden">{`${words.utc} ${words.keys}`}</caption>
        <thead>
          <tr>
            {WEEKDAYS.map((weekday) => (
              <th key={weekday.long} scope="col" abbr={weekday.long}>
                {weekday.short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week, row) => (
            <tr key={week.find((d) => d !== null)}>
              {week.map((d, column) => (
                <td key={d ?? WEEKDAYS[column]?.long ?? row}>
                  {d !== null && (
                    <Day
                      day={d}
                      kind={kindOf(days, d)}
                      chosen={d === chosen}
                      tabbable={d === tabbable}
                      onPick={() => onDay(d)}
                      onKeyDown={(e) => onKeyDown(e, d)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface DayProps {
  day: string;
  kind: Kind;
  chosen: boolean;
  tabbable: boolean;
  onPick(): void;
  onKeyDown(e: KeyboardEvent<HTMLButtonElement>): void;
}

function Day({ day, kind, chosen, tabbable, onPick, onKeyDown }: DayProps) {
  const Icon = KIND_ICONS[kind];
  return (
    <button
      type="button"
      className={css.day}
      data-day={day}
      data-kind={kind}
      aria-pressed={chosen}
      aria-label={words.dayLabel(formatUtcDay(day), words.kinds[kind])}
      tabIndex={tabbable ? 0 : -1}
      onClick={onPick}
      onKeyDown={onKeyDown}
    >
      {Number(day.slice(8))}
      <Icon stroke={1.7} aria-hidden />
    </button>
  );
}
