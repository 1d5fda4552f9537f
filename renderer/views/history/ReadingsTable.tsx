import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { useTimes } from '../../app/gateway.ts';
import type { Range } from '../../charts/range.ts';
import { SourceLegend } from '../../charts/SourceBand.tsx';
import type { Point } from '../../charts/trace.ts';
import { text } from '../../texts/en.ts';
import { formatCount } from '../../ui/format.ts';
import { runsOf, stepText } from './board.ts';
import type { Feed } from './feeds.ts';
import { RangeLine } from './RangeLine.tsx';
import css from './ReadingsTable.module.css';
import { seriesName } from './series-name.ts';
import { tableRows } from './table-rows.ts';

const words = text.history;
const ROW = 40;

const READING = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 12 });
const MEAN = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 7 });
const number = (v: number, format = READING): string => (Number.isFinite(v) ? format.format(v) : String(v));

/** The same data as numbers, one series at a time. Only the rows in sight are in the page. */
export function ReadingsTable({ feeds, range, follows }: { feeds: readonly Feed[]; range: Range; follows: boolean }) {
  const [wanted, setWanted] = useState('');
  const feed = feeds.find((f) => f.key === wanted) ?? feeds[0];
  const picture = feed?.picture;
  const rows = useMemo(() => tableRows(picture, range), [picture, range]);
  return (
    <>
      {feeds.length > 1 && (
        <label className={css.which}>
          {words.pick}
          <select value={feed?.key} onChange={(e) => setWanted(e.currentTarget.value)}>
            {feeds.map(({ key }) => (
              <option key={key} value={key}>
                {seriesName(key).full}
              </option>
            ))}
          </select>
        </label>
      )}
      <RangeLine feeds={feed === undefined ? [] : [feed]} range={range} cursor={undefined} follows={follows} />
      <Rows
        rows={rows}
        caption={feed === undefined ? '' : seriesName(feed.key).full}
        unit={picture?.unit ?? ''}
        raw={picture?.raw ?? true}
        state={picture !== undefined ? 'known' : feed?.phase === 'failed' ? 'failed' : 'loading'}
      />
      <SourceLegend runs={runsOf(picture === undefined ? [] : [picture], range)} />
    </>
  );
}

interface RowsProps {
  rows: readonly Point[];
  caption: string;
  unit: string;
  raw: boolean;
  state: 'loading' | 'known' | 'failed';
}

function Rows({ rows, caption, unit, raw, state }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const named = (name: string): string => (unit === '' ? name : `${name} (${unit})`);
  const bucket = rows[0]?.bucket ?? 0;
  const said = { loading: text.loading, known: words.rows(formatCount(rows.length)), failed: text.nothing }[state];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section ref={scroller} className={css.scroller} tabIndex={0} aria-label={words.table}>
      <table className={css.table} aria-rowcount={rows.length + 1}>
        <caption>{`${caption}: ${said}`}</caption>
        <thead>
          <tr>
            <th scope="col">{raw ? words.time : words.stepFrom(stepText(bucket))}</th>
            <th scope="col">{named(raw ? words.value : words.mean)}</th>
            {!raw &&
              [words.least, words.most, words.count].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={above} />
          {items.map((item) => {
            const point = rows[item.index];
            return point === undefined ? null : (
              <Row key={point.t} point={point} index={item.index} raw={raw} measure={virtual.measureElement} />
            );
          })}
          <Spacer height={below} />
        </tbody>
      </table>
      {state === 'known' && rows.length === 0 && <p className={css.none}>{words.noData}</p>}
    </section>
  );
}

interface RowProps {
  point: Point;
  index: number;
  raw: boolean;
  /** How high it came out: on a narrow screen the time takes two lines. */
  measure(row: HTMLElement | null): void;
}

function Row({ point, index, raw, measure }: RowProps) {
  const times = useTimes();
  return (
    <tr aria-rowindex={index + 2} data-index={index} ref={measure}>
      <th scope="row">{times.exact(point.t)}</th>
      <td>{number(point.mean, raw ? READING : MEAN)}</td>
      {!raw && (
        <>
          <td>{number(point.min)}</td>
          <td>{number(point.max)}</td>
          <td>{formatCount(point.count)}</td>
        </>
      )}
    </tr>
  );
}

function Spacer({ height }: { height: number }) {
  return height <= 0 ? null : (
    <tr aria-hidden>
      <td colSpan={5} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
