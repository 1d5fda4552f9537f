import { useEffect, useState } from 'react';
import { useTimes } from '../../app/gateway.ts';
import { nearest } from '../../charts/trace.ts';
import { text } from '../../texts/en.ts';
import { formatValue } from '../../ui/format.ts';
import type { Feed } from './feeds.ts';
import { seriesName } from './series-name.ts';

/** A screen reader hears where the keyboard's cursor came to rest, not every step. */
const REST_MS = 350;

export function SpokenValues({ feeds, at }: { feeds: readonly Feed[]; at: number | undefined }) {
  const times = useTimes();
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    if (at === undefined) return;
    const timer = setTimeout(() => {
      const values = feeds.map(({ key, picture }) => {
        const point = picture === undefined ? undefined : nearest(picture, at, 0);
        return `${seriesName(key).full} ${point === undefined ? text.nothing : formatValue(point.mean)}`;
      });
      setSpoken(`${text.history.at} ${times.exact(Math.round(at / 1e6) * 1e6)}: ${values.join(', ')}`);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [feeds, at, times]);
  return (
    <p className="visually-hidden" role="status">
      {spoken}
    </p>
  );
}
