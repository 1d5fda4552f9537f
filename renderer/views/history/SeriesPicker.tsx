import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useStatus } from '../../app/gateway.ts';
import { useGatewayQuery } from '../../app/query.ts';
import { text } from '../../texts/en.ts';
import { formatCount } from '../../ui/format.ts';
import { CallProblem } from '../../ui/Problem.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { MOST_SERIES } from './address.ts';
import { rememberChosen, useKeptSeries } from './kept-series.ts';
import { longestWord, matching, pickerRows, searchWords } from './picker-rows.ts';
import css from './SeriesPicker.module.css';
import { SeriesRows } from './SeriesRows.tsx';

const words = text.history;
/** Last values and ages. */
const REFRESH_MS = 10_000;
const MOST_FOUND = 1_000;

/** Search over all series; each tap adds or takes away one. */
export function SeriesPicker({ chosen, onChange }: { chosen: readonly string[]; onChange(series: string[]): void }) {
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(searchWords(search));
  const word = longestWord(wanted);
  const total = useStatus()?.ingest.series ?? 0;
  const found = useGatewayQuery(
    ['series', word],
    (client, signal) => client.series({ search: word, limit: MOST_FOUND }, { signal }),
    { everyMs: REFRESH_MS },
  );
  // What was found before stays until the next is there.
  const [data, setData] = useState(found.data);
  if (found.data !== undefined && found.data !== data) setData(found.data);
  const kept = useKeptSeries();
  const series = useMemo(() => matching(data?.series ?? [], wanted), [data, wanted]);
  const partial = wanted.length === 0 && typeof data?.next === 'string';
  const rows = useMemo(() => pickerRows(series, kept, words, partial), [series, kept, partial]);
  const full = chosen.length >= MOST_SERIES;

  const toggle = (key: string): void => {
    if (chosen.includes(key)) onChange(chosen.filter((k) => k !== key));
    else if (!full) {
      rememberChosen(key);
      onChange([...chosen, key]);
    }
  };
  return (
    <div className={css.picker}>
      <label className={css.search}>
        <IconSearch aria-hidden />
        <span className="visually-hidden">{words.search}</span>
        <input
          type="search"
          value={search}
          placeholder={words.search}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
        <span className={css.found} role="status">
          {data !== undefined && words.found(formatCount(series.length), formatCount(Math.max(total, series.length)))}
        </span>
      </label>
      {full && <p className={css.note}>{words.tooMany}</p>}
      {data === undefined ? (
        found.error === null ? (
          <Skeleton rows={5} />
        ) : (
          <CallProblem error={found.error} onRetry={() => void found.refetch()} />
        )
      ) : rows.length === 0 ? (
        <p className={css.note}>{total === 0 ? words.noSeries : words.none}</p>
      ) : (
        <SeriesRows rows={rows} chosen={chosen} pinned={kept.pinned} full={full} onToggle={toggle} />
      )}
    </div>
  );
}
