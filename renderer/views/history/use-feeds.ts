import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useConnection, useGateway } from '../../app/gateway.ts';
import type { Range } from '../../charts/range.ts';
import { type Feed, Feeds } from './feeds.ts';

const unasked = (key: string): Feed => ({ key, phase: 'asking', picture: undefined, since: 0, error: undefined });

/** Some of it is missing, or only summed up, and would be there in full with the archive. */
export const lacks = ({ picture }: Feed): boolean =>
  picture !== undefined && (picture.coarse || picture.coverage.some((c) => c.source === 'unreachable'));

/** The answers for the chosen series, in their order; asked again when the gateway or the link to the archive is back. */
export function useFeeds(series: readonly string[], range: Range, points: number): { list: Feed[]; feeds: Feeds } {
  const connection = useConnection();
  const [feeds] = useState(
    () =>
      new Feeds(({ key, range: { from, to }, points: n }, stop) =>
        connection.stream(
          (client, signal) => client.watchQuery({ series: key, from, to, points: n }, { signal }),
          stop,
        ),
      ),
  );
  const state = useSyncExternalStore(feeds.subscribe, feeds.state);
  useEffect(() => {
    if (points > 0) feeds.want(series.map((key) => ({ key, range, points })));
  }, [feeds, series, range, points]);
  useEffect(() => () => feeds.stop(), [feeds]);

  const generation = useGateway((s) => s.generation);
  const seen = useRef(generation);
  useEffect(() => {
    if (seen.current === generation) return;
    seen.current = generation;
    feeds.again();
  }, [feeds, generation]);

  const linked = useGateway((s) => s.status?.link.state === 'ok' || s.status?.link.state === 'slow');
  useEffect(() => {
    if (linked) feeds.again(lacks);
  }, [feeds, linked]);

  const list = useMemo(() => series.map((key) => state.get(key) ?? unasked(key)), [series, state]);
  return { list, feeds };
}
