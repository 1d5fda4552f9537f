import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { scalesOf } from '../../charts/axes.ts';
import type { Range } from '../../charts/range.ts';
import css from './Board.module.css';
import { firstRecorded, linesOf, pointsFor } from './board.ts';
import { Charts } from './Charts.tsx';
import { Heading } from './Heading.tsx';
import { Notices } from './Notices.tsx';
import { ReadingsTable } from './ReadingsTable.tsx';
import { Toolbar } from './Toolbar.tsx';
import { useFeeds } from './use-feeds.ts';
import type { HistoryControl } from './use-view.ts';

/** The chosen series: what to show above, how it looked below. */
export function Board({ control }: { control: HistoryControl }) {
  const { address, range } = control;
  const { ref, width } = useElementSize();
  const { list, feeds } = useFeeds(address.series, range, pointsFor(width));
  const first = address.preset === 'all' && control.follows ? firstRecorded(list, range) : undefined;
  useEffect(() => {
    if (first !== undefined) control.knowFirst(first);
  }, [first, control.knowFirst]);
  const lines = useMemo(() => linesOf(list), [list]);
  // Quantities that cannot be compared get a chart each, unless one chart is asked for.
  const stacked = list.length > 1 && (address.layout ?? (scalesOf(lines).length > 1 ? 'stacked' : 'one')) === 'stacked';
  const [moving, setMoving] = useState<Range>();
  // At once, so that the next step of a gesture, and its end, go on from this one.
  const move = (r: Range): void => flushSync(() => setMoving(control.clamp(r)));
  const settle = (): void => {
    setMoving(undefined);
    if (moving !== undefined) control.show(moving);
  };
  return (
    <div className={css.board} ref={ref}>
      <Heading control={control} stacked={stacked} />
      <Toolbar control={control} />
      <section className={css.sheet}>
        {address.table ? (
          <ReadingsTable feeds={list} range={range} follows={control.follows} />
        ) : (
          <Charts
            feeds={list}
            lines={lines}
            stacked={stacked}
            range={moving ?? range}
            control={control}
            onMove={move}
            onSettle={settle}
          />
        )}
        <Notices feeds={list} onCancel={() => feeds.cancel()} onAgain={(which) => feeds.again(which)} />
      </section>
    </div>
  );
}
