import { useStatus } from '../../app/gateway.ts';
import { Glance } from './Glance.tsx';
import { Move } from './Move.tsx';
import css from './StatusView.module.css';
import { Storage } from './Storage.tsx';
import { Verdict } from './Verdict.tsx';

/** Is data safe, is the link up, how long can we stay offline; and what can be done about it. */
export function StatusView() {
  const status = useStatus();
  if (status === undefined) return null;
  return (
    <div className={css.view}>
      <Verdict status={status} />
      <Glance status={status} />
      <Storage status={status} />
      <Move status={status} />
    </div>
  );
}
