import type { IconInfoCircle } from '@tabler/icons-react';
import { memo } from 'react';
import type { GatewayEvent } from '../../../shared/schemas.ts';
import { text } from '../../texts/en.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { formatCount } from '../../ui/format.ts';
import { Stamp } from '../../ui/Stamp.tsx';
import css from './EventsView.module.css';

const words = text.events;

/** One event: how grave, what happened, its code, when; figures that belong to it are folded away. */
export const EventRow = memo(function EventRow({
  event,
  icon: Icon,
}: {
  event: GatewayEvent;
  icon: typeof IconInfoCircle;
}) {
  const details = Object.entries(event.detail);
  return (
    <li className={css.event} data-level={event.level} data-folds={details.length > 0} data-testid="event">
      <span className={css.icon}>
        <Icon stroke={1.7} aria-hidden />
        <span className="visually-hidden">{words.level[event.level]}</span>
      </span>
      <p className={css.text}>{event.text}</p>
      <p className={css.facts}>
        <Stamp us={event.at_us} />
        {event.level !== 'info' && <b>{words.level[event.level]}</b>}
        <span>
          {words.code} <code>{event.code}</code>
        </span>
      </p>
      {details.length > 0 && (
        <div className={css.detail}>
          <Fold title={words.detail}>
            <Facts>
              {details.map(([name, value]) => (
                <Fact key={name} name={name} code>
                  {typeof value === 'number' ? formatCount(value) : String(value)}
                </Fact>
              ))}
            </Facts>
          </Fold>
        </div>
      )}
    </li>
  );
});
