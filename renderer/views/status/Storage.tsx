import type { Status } from '../../../shared/schemas.ts';
import { text } from '../../texts/en.ts';
import { formatBytes, formatCount, formatPercent } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import css from './Storage.module.css';
import { type StoragePart, storageParts } from './storage.ts';
import { TierTable } from './TierTable.tsx';

/** Where the readings are: what fills this gateway's limit, the archive beside it, and each tier in figures. */
export function Storage({ status }: { status: Status }) {
  const { limit_bytes: limit } = status.storage;
  const { parts, used, whole, thin } = storageParts(status);
  return (
    <Panel
      title={text.storage.title}
      aside={
        used > limit
          ? text.storage.over(formatBytes(used), formatBytes(limit))
          : text.storage.limit(formatBytes(used), formatBytes(limit))
      }
      className={css.storage}
    >
      <div className={css.places}>
        <div className={css.gateway}>
          <Bar label={text.storage.gauge} parts={parts} whole={whole} />
          {thin && used > 0 && (
            <div className={css.enlarged}>
              <svg className={css.wedge} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <path d={`M0 0H${Math.max(0.6, (used / whole) * 100)}L100 10H0Z`} />
              </svg>
              <Bar label={text.storage.enlarged} parts={parts.filter((part) => part.name !== 'free')} whole={used} />
            </div>
          )}
          <ul className={css.legend}>
            {parts.map(({ name, bytes }) => (
              <li key={name} className={css.entry}>
                <span className={css.swatch} data-part={name} aria-hidden />
                <span className={css.name}>{text.storage[name]}</span>
                <span className={css.size}>{formatBytes(bytes)}</span>
              </li>
            ))}
          </ul>
          {status.disk.reserve_bytes > 0 && (
            <p className={css.reserve}>{text.storage.reserve(formatBytes(status.disk.reserve_bytes))}</p>
          )}
        </div>
        <Archive status={status} />
      </div>
      <TierTable status={status} />
    </Panel>
  );
}

function Bar({ label, parts, whole }: { label: string; parts: StoragePart[]; whole: number }) {
  const words = parts.map(
    ({ name, bytes }) => `${text.storage[name]} ${formatBytes(bytes)} (${formatPercent(bytes, whole)})`,
  );
  return (
    <div className={css.bar} role="img" aria-label={`${label}: ${words.join(', ')}`}>
      {parts
        .filter((part) => part.bytes > 0)
        .map(({ name, bytes }) => (
          <span key={name} className={css.part} data-part={name} style={{ flexGrow: bytes / whole }} />
        ))}
    </div>
  );
}

function Archive({ status }: { status: Status }) {
  const { cold } = status.tiers;
  if (status.site.archive === null) return <p className={css.archive}>{text.storage.archiveNone}</p>;
  return (
    <div className={css.archive}>
      <p className={css.entry}>
        <span className={css.swatch} data-part="archive" aria-hidden />
        <span className={css.name}>{text.storage.archive}</span>
      </p>
      <p className={css.big}>{formatBytes(cold.bytes)}</p>
      <p className={css.saves}>
        {text.storage.blocksHint(formatCount(cold.blocks))}, {text.storage.saves(formatBytes(cold.bytes))}
      </p>
    </div>
  );
}
