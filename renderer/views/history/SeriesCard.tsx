import { IconX } from '@tabler/icons-react';
import { colorToken, dashOf } from '../../charts/palette.ts';
import type { Range } from '../../charts/range.ts';
import { lastWithin, nearest } from '../../charts/trace.ts';
import { text } from '../../texts/en.ts';
import { formatValue } from '../../ui/format.ts';
import { LongName } from '../../ui/LongName.tsx';
import css from './Charts.module.css';
import type { Feed } from './feeds.ts';
import { seriesName } from './series-name.ts';

/** A cursor further than this share of the range from any point reads nothing. */
const REACH = 0.02;

interface CardProps {
  feed: Feed;
  slot: number;
  range: Range;
  cursor: number | undefined;
  onRemove(): void;
}

/** Which line is which, and its value: under the cursor, else the last in sight. */
export function SeriesCard({ feed, slot, range, cursor, onRemove }: CardProps) {
  const name = seriesName(feed.key);
  const { picture } = feed;
  const point =
    picture === undefined
      ? undefined
      : cursor === undefined
        ? lastWithin(picture, range)
        : nearest(picture, cursor, (range.to - range.from) * REACH);
  return (
    <div className={css.card}>
      <svg className={css.dash} viewBox="0 0 36 12" aria-hidden="true">
        <line x1="0" y1="6" x2="36" y2="6" stroke={colorToken(slot)} strokeDasharray={dashOf(slot).join(' ')} />
      </svg>
      <span className={css.texts}>
        <span className={css.name}>
          <b>
            <LongName>{name.title}</LongName>
          </b>
          <small>{name.detail}</small>
        </span>
        <span className={css.value}>
          <b>{point === undefined ? text.nothing : `${formatValue(point.mean)} ${picture?.unit ?? ''}`.trim()}</b>
          {point !== undefined && point.count > 1 && (
            <small>{text.history.between(formatValue(point.min), formatValue(point.max))}</small>
          )}
        </span>
      </span>
      <button type="button" className={css.remove} aria-label={text.history.remove(name.full)} onClick={onRemove}>
        <IconX aria-hidden />
      </button>
    </div>
  );
}
