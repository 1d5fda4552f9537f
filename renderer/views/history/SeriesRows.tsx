import { IconCheck, IconPin, IconPinFilled, IconPlus } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Series } from '../../../shared/schemas.ts';
import { useGatewayNow } from '../../app/gateway.ts';
import { text } from '../../texts/en.ts';
import { formatAgo, formatValue } from '../../ui/format.ts';
import { LongName } from '../../ui/LongName.tsx';
import { togglePin } from './kept-series.ts';
import type { PickerRow } from './picker-rows.ts';
import css from './SeriesPicker.module.css';
import { seriesName } from './series-name.ts';

interface RowsProps {
  rows: readonly PickerRow[];
  chosen: readonly string[];
  pinned: readonly string[];
  /** No more may be chosen. */
  full: boolean;
  onToggle(key: string): void;
}

/** Only the rows in sight are in the page: thousands of series scroll smoothly. */
export function SeriesRows({ rows, chosen, pinned, full, onToggle }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (rows[i]?.kind === 'group' ? 40 : 68),
    getItemKey: (i) => rows[i]?.id ?? i,
    overscan: 8,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section ref={scroller} className={css.scroller} tabIndex={0} aria-label={text.history.pick}>
      <ul className={css.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={row.kind === 'group' ? css.group : css.item}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {row.kind === 'group' ? (
                <h3>{row.title}</h3>
              ) : (
                <SeriesRow
                  series={row.series}
                  on={chosen.includes(row.series.key)}
                  pinned={pinned.includes(row.series.key)}
                  full={full}
                  onToggle={onToggle}
                />
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function SeriesRow(o: { series: Series; on: boolean; pinned: boolean; full: boolean; onToggle(key: string): void }) {
  const { series, on, pinned } = o;
  const name = seriesName(series.key);
  const Pin = pinned ? IconPinFilled : IconPin;
  return (
    <>
      <button
        type="button"
        className={css.series}
        aria-pressed={on}
        aria-disabled={o.full && !on}
        onClick={() => o.onToggle(series.key)}
      >
        <span className={css.mark}>{on ? <IconCheck aria-hidden /> : <IconPlus aria-hidden />}</span>
        <span className={css.name}>
          <b>
            <LongName>{name.title}</LongName>
          </b>
          <small>{name.detail}</small>
        </span>
        <LastValue series={series} />
      </button>
      <button
        type="button"
        className={css.pin}
        aria-pressed={pinned}
        aria-label={pinned ? text.history.unpin(name.full) : text.history.pin(name.full)}
        onClick={() => togglePin(series.key)}
      >
        <Pin aria-hidden />
      </button>
    </>
  );
}

function LastValue({ series: { last, unit } }: { series: Series }) {
  const now = useGatewayNow();
  if (last === null) return <span className={css.last}>{text.nothing}</span>;
  return (
    <span className={css.last}>
      <b>{`${formatValue(Number(last.value))} ${unit}`.trim()}</b>
      <small>{formatAgo(last.t_us, now, text.justNow)}</small>
    </span>
  );
}
