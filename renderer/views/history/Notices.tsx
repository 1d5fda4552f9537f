import { Button } from '@mantine/core';
import {
  type Icon,
  IconAlertTriangle,
  IconCloudDownload,
  IconPlayerPause,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import { useGateway, useTick } from '../../app/gateway.ts';
import { text } from '../../texts/en.ts';
import { formatBytes, formatSpan } from '../../ui/format.ts';
import type { Feed } from './feeds.ts';
import css from './Notices.module.css';
import { seriesName } from './series-name.ts';
import { lacks } from './use-feeds.ts';

const words = text.history;

interface NoticesProps {
  feeds: readonly Feed[];
  onCancel(): void;
  onAgain(which: (feed: Feed) => boolean): void;
}

const stopped = (feed: Feed): boolean => feed.phase === 'stopped';
const damaged = (feed: Feed): boolean => feed.picture?.coverage.some((c) => c.source === 'damaged') ?? false;
/** On its way from the archive now. */
const fetching = ({ phase, picture }: Feed): boolean =>
  phase === 'fetching' && picture !== undefined && (picture.coarse || picture.pending.length > 0);

/** What is still coming, what cannot come, and what to do about it. */
export function Notices({ feeds, onCancel, onAgain }: NoticesProps) {
  const linked = useGateway((s) => s.status?.link.state === 'ok' || s.status?.link.state === 'slow');
  const missing = feeds.filter((feed) => lacks(feed) && feed.phase === 'done').length > 0;
  const drawn = feeds.some((feed) => feed.picture?.layers.some((layer) => layer.t.length > 0));
  return (
    <div className={css.notices}>
      <Fetching feeds={feeds.filter(fetching)} onCancel={onCancel} />
      {feeds.some(stopped) && (
        <Notice icon={IconPlayerPause} what={words.cancelled}>
          <Button onClick={() => onAgain(stopped)}>{words.resume}</Button>
        </Notice>
      )}
      {missing && !linked && <Notice icon={IconPlugConnectedX} what={drawn ? words.needsLink : words.needsLinkAll} />}
      {missing && linked && (
        <Notice icon={IconPlugConnectedX} what={words.needsRetry}>
          <Button onClick={() => onAgain(lacks)}>{text.tryAgain}</Button>
        </Notice>
      )}
      {feeds.some(damaged) && <Notice icon={IconAlertTriangle} what={words.damaged} />}
      {feeds.map(({ key, error }) =>
        error === undefined || error.code === 'gone' ? null : error.code === 'NOT_FOUND' ? (
          <Notice key={key} icon={IconAlertTriangle} what={words.unknown(key)} />
        ) : (
          <Notice key={key} icon={IconAlertTriangle} what={`${seriesName(key).full}: ${error.message}`}>
            <Button onClick={() => onAgain((feed) => feed.key === key)}>{text.tryAgain}</Button>
          </Notice>
        ),
      )}
    </div>
  );
}

function Notice({ icon: Sign, what, children }: { icon: Icon; what: string; children?: React.ReactNode }) {
  return (
    <div className={css.notice} role="status">
      <Sign aria-hidden />
      <p>{what}</p>
      {children}
    </div>
  );
}

function Fetching({ feeds, onCancel }: { feeds: readonly Feed[]; onCancel(): void }) {
  const now = useTick(feeds.length > 0);
  if (feeds.length === 0) return null;
  const sum = (part: 'bytes' | 'total_bytes'): number => feeds.reduce((n, f) => n + (f.picture?.cold[part] ?? 0), 0);
  const [done, total] = [sum('bytes'), sum('total_bytes')];
  const since = Math.min(...feeds.map((feed) => feed.since));
  const what = words.fetching(formatBytes(done), formatBytes(total), formatSpan(Math.max(1_000, now - since) * 1_000));
  return (
    <div className={`${css.notice} ${css.late}`}>
      <IconCloudDownload aria-hidden />
      <p>
        {what}
        <progress value={done} max={Math.max(1, total)} aria-label={what} />
      </p>
      <Button onClick={onCancel}>{text.cancel}</Button>
    </div>
  );
}
