import { text } from '../texts/en.ts';
import { LINK_ICONS, overallOf, STATE_ICONS } from '../ui/icons.ts';
import { linkAge } from '../ui/link-age.ts';
import { useGateway, useGatewayClock, useGatewayNow, useStatus, useTimes } from './gateway.ts';
import css from './TopLine.module.css';

/** Site, overall state, link and clock: what is true on every view. */
export function TopLine() {
  const status = useStatus();
  const live = useGateway((state) => state.phase === 'live');
  const site = status?.site.name ?? text.product;
  const state = overallOf(status, live);
  const link = status?.link.state ?? 'unset';
  const StateIcon = STATE_ICONS[state];
  const now = useGatewayNow();
  const age = status === undefined ? undefined : linkAge(status.link, now);
  const LinkIcon = LINK_ICONS[link];
  return (
    <header className={css.bar}>
      <p className={css.site}>
        <Mark />
        <span className={css.name}>{site}</span>
      </p>
      <div className={css.facts}>
        <p className={css.fact} data-state={state} data-testid="overall">
          <StateIcon className={css.icon} aria-hidden />
          <span>{text.state[state]}</span>
        </p>
        <p className={css.fact} data-link={link} data-stale={!live}>
          <LinkIcon className={css.icon} aria-hidden />
          <span className={css.link}>
            <span className={css.wide}>{text.link.name}: </span>
            {text.link[link]}
            {age !== undefined && <span className={css.wide}>, {age}</span>}
          </span>
        </p>
        <Clock />
      </div>
    </header>
  );
}

function Clock() {
  const now = useGatewayClock();
  const times = useTimes();
  const zone = times.zoneName(now);
  return (
    <p className={css.clock}>
      <span className="visually-hidden">{text.clock(times.minute(now), zone)}</span>
      <span aria-hidden>
        {times.minute(now)} <small>{zone}</small>
      </span>
    </p>
  );
}

/** A tide gauge: a scale and a wave at its mark. */
function Mark() {
  return (
    <svg className={css.mark} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M7 4v24M7 8h5M7 16h5M7 24h5" />
      <path className={css.wave} d="M15 18c2.5-4 5-4 7.5 0s4.5 3 6.5 0" />
    </svg>
  );
}
