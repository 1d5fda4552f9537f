import type { Status } from '../../../shared/schemas.ts';
import { useTimes } from '../../app/gateway.ts';
import { text } from '../../texts/en.ts';
import { formatBytes, formatCount, formatDecimal } from '../../ui/format.ts';
import css from './TierTable.module.css';

interface Row {
  part: 'recent' | 'local' | 'cache' | 'archive';
  name: string;
  hint: string;
  bytes: number;
  readings?: number;
  oldest?: number | null;
  newest?: number | null;
}

function rowsOf({ tiers, site }: Status): Row[] {
  const { head, local, cache, cold } = tiers;
  const times = ({ oldest_us, newest_us }: typeof head): Pick<Row, 'oldest' | 'newest'> => ({
    oldest: oldest_us,
    newest: newest_us,
  });
  const rows: Row[] = [
    {
      part: 'recent',
      name: text.storage.recent,
      hint: text.storage.recentHint,
      bytes: head.bytes,
      readings: head.readings,
      ...times(head),
    },
    {
      part: 'local',
      name: text.storage.local,
      hint: text.storage.localHint,
      bytes: local.bytes,
      readings: local.readings,
      ...times(local),
    },
  ];
  if (site.archive === null) return rows;
  rows.push(
    {
      part: 'cache',
      name: text.storage.cache,
      hint: text.storage.cacheHint(formatBytes(cache.limit_bytes)),
      bytes: cache.bytes,
    },
    {
      part: 'archive',
      name: text.storage.archive,
      hint: text.storage.blocksHint(formatCount(cold.blocks)),
      bytes: cold.bytes,
      readings: cold.readings,
      ...times(cold),
    },
  );
  return rows;
}

/** Each tier in figures. Where it is narrow, each row becomes a small list. */
export function TierTable({ status }: { status: Status }) {
  const times = useTimes();
  const day = (us: number | null | undefined): string =>
    us === null || us === undefined ? text.nothing : times.date(us);
  const { readings, size, perReading, oldest, newest } = text.storage;
  return (
    <table className={css.table} aria-label={text.storage.table}>
      <thead className={css.head}>
        <tr>
          <th scope="col">{text.storage.tier}</th>
          {[readings, size, perReading, oldest, newest].map((name) => (
            <th key={name} scope="col" className={css.figure}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rowsOf(status).map((row) => (
          <tr key={row.part} data-testid={`tier-${row.part}`}>
            <th scope="row" className={css.tier}>
              {row.name}
              <small>{row.hint}</small>
            </th>
            <Cell name={readings}>{row.readings === undefined ? text.nothing : formatCount(row.readings)}</Cell>
            <Cell name={size}>{formatBytes(row.bytes)}</Cell>
            <Cell name={perReading}>
              {row.readings === undefined || row.readings === 0
                ? text.nothing
                : formatDecimal(row.bytes / row.readings, 2)}
            </Cell>
            <Cell name={oldest}>{day(row.oldest)}</Cell>
            <Cell name={newest}>{day(row.newest)}</Cell>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ name, children }: { name: string; children: string }) {
  return (
    <td className={css.figure} data-name={name} data-empty={children === text.nothing}>
      {children}
    </td>
  );
}
