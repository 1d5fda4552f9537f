import { useState } from 'react';
import { useGatewayNow, useTimes } from '../app/gateway.ts';
import { text } from '../texts/en.ts';
import { formatAgo } from './format.ts';
import css from './Stamp.module.css';

/** A point in time as its distance from now; a touch shows it exactly, another one its distance again. */
export function Stamp({ us, none = text.never }: { us: number | null; none?: string }) {
  const [exact, setExact] = useState(false);
  const now = useGatewayNow();
  const times = useTimes();
  if (us === null) return <span>{none}</span>;
  const whole = `${times.exact(us - (us % 1_000_000))} ${times.zoneName(us)}`;
  return (
    <button type="button" className={css.stamp} title={whole} onClick={() => setExact(!exact)}>
      <time dateTime={new Date(us / 1_000).toISOString()}>{exact ? whole : formatAgo(us, now, text.justNow)}</time>
    </button>
  );
}
