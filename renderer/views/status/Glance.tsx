import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { Status } from '../../../shared/schemas.ts';
import { DAY_US } from '../../../shared/units.ts';
import { navigate } from '../../app/route.ts';
import { text } from '../../texts/en.ts';
import { Fold } from '../../ui/Fold.tsx';
import { formatBytes, formatCount, formatDecimal, formatSpan } from '../../ui/format.ts';
import { LINK_ICONS } from '../../ui/icons.ts';
import { Meter } from '../../ui/Meter.tsx';
import { Stamp } from '../../ui/Stamp.tsx';
import { Gauge } from './Gauge.tsx';
import css from './Glance.module.css';
import { sparkline } from './sparkline.ts';

/** Four instruments: link, queue, room, ingest. */
export function Glance({ status }: { status: Status }) {
  return (
    <section className={css.glance} aria-label={text.status.instruments}>
      <Link link={status.link} />
      <Queue
        queue={status.queue}
        due={status.site.archive === null ? undefined : status.tiering.due_days}
        may={status.tiering.paused_until_us === null && (status.link.state === 'ok' || status.link.state === 'slow')}
      />
      <Room status={status} />
      <Ingest ingest={status.ingest} />
    </section>
  );
}

function Link({ link }: { link: Status['link'] }) {
  const Icon = LINK_ICONS[link.state];
  const calm = link.state === 'ok' || link.state === 'offline' || link.state === 'unset';
  return (
    <Gauge
      label={text.link.name}
      value={text.link[link.state]}
      icon={<Icon stroke={1.6} aria-hidden />}
      tone={link.state === 'ok' ? 'ok' : calm ? 'plain' : 'attention'}
    >
      {link.state !== 'ok' && <p>{text.link.fix[link.state]}</p>}
      {link.state !== 'unset' && (
        <p>
          {link.state === 'ok' ? text.link.proven : text.link.last} <Stamp us={link.last_success_us} />
        </p>
      )}
      {link.last_error !== null && link.state !== 'ok' && (
        <Fold title={text.problem.detail}>
          <code>{link.last_error}</code>
        </Fold>
      )}
    </Gauge>
  );
}

/** Blocks on their way, and days that are not blocks yet; `due` is undefined without an archive. `may`: what is due can move at the next run. */
function Queue({ queue, due, may }: { queue: Status['queue']; due: number | undefined; may: boolean }) {
  const until = may ? text.status.atNextRun : text.status.onceItCan;
  const waiting = queue.pending + queue.uploading;
  const rate = queue.rate_bytes_per_s;
  const days = due === undefined || due === 0 ? undefined : text.status.daysDue(due);
  return (
    <Gauge
      label={text.status.waiting}
      value={waiting === 0 ? (days ?? text.status.nothingWaits) : text.status.blocks(waiting)}
      tone={queue.quarantined > 0 ? 'attention' : 'plain'}
    >
      {waiting === 0 ? (
        due !== undefined && <p>{days === undefined ? text.status.everything : until}</p>
      ) : (
        <>
          <Meter
            label={text.status.waiting}
            part={queue.sent_bytes}
            whole={queue.bytes}
            says={text.move.progress(formatBytes(queue.sent_bytes), formatBytes(queue.bytes))}
          />
          <p>
            {text.move.progress(formatBytes(queue.sent_bytes), formatBytes(queue.bytes))}
            {rate !== null && ` · ${text.move.rate(formatBytes(rate))}`}
            {queue.eta_s !== null && ` · ${text.move.eta(formatSpan(queue.eta_s * 1_000_000))}`}
          </p>
          {days !== undefined && <p>{text.status.moreDue(days)}</p>}
        </>
      )}
      {queue.quarantined > 0 && (
        <Button
          className={css.warn}
          rightSection={<IconChevronRight aria-hidden />}
          onClick={() => navigate('transfers', new URLSearchParams({ state: 'attention' }))}
        >
          {text.status.quarantined(queue.quarantined)}
        </Button>
      )}
    </Gauge>
  );
}

/** Longer than this is no forecast any more. */
const LONG_DAYS = 3_650;
/** Less than this and somebody should know, if nothing moves. */
const FEW_DAYS = 7;

/** How long readings can be stored if nothing moves. While the archive takes what has to go, that is what an outage may last, and no reason to hurry. */
function Room({ status }: { status: Status }) {
  const { runway_days: days, ingest, storage, disk, tiering } = status;
  const free = text.status.roomFree(formatBytes(disk.room_bytes));
  const over = storage.used_bytes - storage.limit_bytes;
  const past = over > 0 && <p>{text.status.roomOver(formatBytes(over), formatBytes(storage.limit_bytes))}</p>;
  if (days === null) {
    const silent = ingest.minutes.every((n) => n === 0);
    return (
      <Gauge label={text.status.room} value={free}>
        <p>{silent ? text.status.roomNothing : text.status.roomUnknown}</p>
        {past}
      </Gauge>
    );
  }
  const value = days > LONG_DAYS ? text.status.roomLong : days <= 0 ? text.status.roomNone : formatSpan(days * DAY_US);
  return (
    <Gauge label={text.status.room} value={value} tone={days < FEW_DAYS && !tiering.keeps_up ? 'attention' : 'plain'}>
      <p>{tiering.keeps_up ? text.status.roomOutage : text.status.roomDays}</p>
      <p>{text.status.roomDisk(free)}</p>
      {past}
    </Gauge>
  );
}

const WIDTH = 160;
const HEIGHT = 36;

function Ingest({ ingest }: { ingest: Status['ingest'] }) {
  // The minute that still runs would look like a fall.
  const minutes = ingest.minutes.slice(0, -1);
  const path = sparkline(minutes, WIDTH, HEIGHT);
  const most = Math.max(0, ...minutes);
  const spark = most > 0 && (
    <svg
      className={css.spark}
      viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text.status.sparkline(formatCount(minutes.at(-1) ?? 0), formatCount(most))}
    >
      <path className={css.area} d={`${path}V${HEIGHT}H0Z`} />
      <path className={css.line} d={path} />
    </svg>
  );
  return (
    <Gauge label={text.status.ingest} value={text.status.rate(formatDecimal(ingest.readings_per_s, 1))} beside={spark}>
      <p className={css.row}>
        <span>
          {text.status.seriesCount(formatCount(ingest.series))}, {text.status.lastReading}{' '}
          <Stamp us={ingest.last_received_us} none={text.status.noReading} />
        </span>
        {most > 0 && <span>{text.status.perMinute(formatCount(most))}</span>}
      </p>
    </Gauge>
  );
}
