import { useId, useState } from 'react';
import type { Line } from '../../charts/axes.ts';
import type { Range } from '../../charts/range.ts';
import { SourceLegend } from '../../charts/SourceBand.tsx';
import { keyAction } from '../../charts/steer.ts';
import { stepFrom } from '../../charts/trace.ts';
import { text } from '../../texts/en.ts';
import { runsOf } from './board.ts';
import { ChartBox } from './ChartBox.tsx';
import css from './Charts.module.css';
import type { Feed } from './feeds.ts';
import { RangeLine } from './RangeLine.tsx';
import { SeriesCard } from './SeriesCard.tsx';
import { SpokenValues } from './SpokenValues.tsx';
import { seriesName } from './series-name.ts';
import type { HistoryControl } from './use-view.ts';

interface ChartsProps {
  feeds: readonly Feed[];
  lines: readonly Line[];
  stacked: boolean;
  /** What is shown: during a gesture ahead of what was asked for. */
  range: Range;
  control: HistoryControl;
  onMove(range: Range): void;
  onSettle(): void;
}

/** The pictures of the chosen series on one chart or one each, read out together, steered by keys. */
export function Charts({ feeds, lines, stacked, range, control, onMove, onSettle }: ChartsProps) {
  const keys = useId();
  const [cursor, setCursor] = useState<number>();
  const [spoken, setSpoken] = useState<number>();
  const pictures = feeds.flatMap((feed) => feed.picture ?? []);
  const first = pictures[0];
  const names = feeds.map((feed) => seriesName(feed.key).full).join(', ');

  const onKeyDown = (e: React.KeyboardEvent): void => {
    const action = keyAction(e);
    if (action === undefined) return;
    e.preventDefault();
    if ('command' in action) control.run(action.command);
    else if ('clear' in action) setCursor(undefined);
    else if (first !== undefined) {
      const at = stepFrom(first, cursor, action.step);
      setCursor(at);
      setSpoken(at);
    }
  };
  const remove = (key: string): void => control.change({ series: control.address.series.filter((k) => k !== key) });
  const card = (feed: Feed, slot: number) => (
    <SeriesCard
      key={feed.key}
      feed={feed}
      slot={slot}
      range={range}
      cursor={cursor}
      onRemove={() => remove(feed.key)}
    />
  );
  const box = (members: readonly Feed[], membersLines: readonly Line[]) => (
    <ChartBox
      feeds={members}
      lines={membersLines}
      range={range}
      stacked={stacked}
      cursor={cursor}
      onCursor={setCursor}
      onMove={onMove}
      onSettle={onSettle}
      onSelect={(r) => control.show(r)}
    />
  );
  return (
    <>
      {!stacked && <div className={css.cards}>{feeds.map(card)}</div>}
      <RangeLine feeds={feeds} range={range} cursor={cursor} follows={control.follows} />
      <div
        className={css.charts}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application of its own keys, told in its description
        tabIndex={0}
        aria-label={text.history.chartOf(names)}
        aria-describedby={keys}
        onKeyDown={onKeyDown}
      >
        {stacked
          ? feeds.map((feed, slot) => (
              <div key={feed.key} className={css.one}>
                {card(feed, slot)}
                {box([feed], lines.slice(slot, slot + 1))}
              </div>
            ))
          : box(feeds, lines)}
      </div>
      <p id={keys} className="visually-hidden">
        {text.history.keys}
      </p>
      <SpokenValues feeds={feeds} at={spoken} />
      <SourceLegend runs={runsOf(pictures, range)} />
    </>
  );
}
