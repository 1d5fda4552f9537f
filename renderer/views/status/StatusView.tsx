import { useGateway, useStatus } from '../../app/gateway.ts';
import { Glance } from './Glance.tsx';
import { Move } from './Move.tsx';
import css from './StatusView.module.css';
import { Storage } from './Storage.tsx';
import { Verdict } from './Verdict.tsx';

/** Is data safe, is the link up, how long can we stay offline; and what can be done about it. */
export function StatusView() {
  const status = useStatus();
  const live = useGateway((state) => state.phase === 'live');
  if (status === undefined) return null;
  return (
    <div className={css.view} data-stale={!live}>
      <Verdict status={status} />
      <Glance status={status} />
      <Storage status={status} />
      <Move status={status} />
    </div>
  );
}
