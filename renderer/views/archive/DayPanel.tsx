import { useEffect, useRef, useState } from 'react';
import type { ArchiveDay } from '../../../shared/schemas.ts';
import { useGatewayQuery } from '../../app/query.ts';
import { text } from '../../texts/en.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { CallProblem } from '../../ui/Problem.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Stamp } from '../../ui/Stamp.tsx';
import { formatUtcDay } from '../../ui/times.ts';
import { BlockDialog } from '../transfers/BlockDialog.tsx';
import { BlockRow } from '../transfers/BlockRow.tsx';
import { BlockTable } from '../transfers/BlockTable.tsx';
import { useRetry } from '../transfers/retry.ts';
import css from './ArchiveView.module.css';
import type { Kind } from './calendar.ts';
import { KIND_ICONS } from './kinds.ts';

const words = text.archive;
const REFRESH_MS = 10_000;
/** What reaches into the screen by less than this counts as not seen: the bar at its foot covers some of it. */
const HIDDEN_PX = 200;

/** One day: what is where, when it was checked, and its blocks. */
export function DayPanel({ day, info, kind }: { day: string; info: ArchiveDay | undefined; kind: Kind }) {
  const Icon = KIND_ICONS[kind];
  const held = (readings: number, bytes: number): string =>
    readings === 0 ? words.nothing : words.readings(formatCount(readings), formatBytes(bytes));
  const place = useRef<HTMLDivElement>(null);
  // On a narrow screen it is below the calendar: what was asked for must be seen.
  useEffect(() => {
    const top = place.current?.getBoundingClientRect().top ?? 0;
    if (top > window.innerHeight - HIDDEN_PX) place.current?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  }, []);
  return (
    <div ref={place}>
      <Panel
        title={formatUtcDay(day)}
        aside={
          <span className={css.kind} data-kind={kind}>
            <Icon stroke={1.7} aria-hidden /> {words.kinds[kind]}
          </span>
        }
      >
        {info === undefined ? (
          <p className={css.quiet}>{kind === 'future' ? words.future : words.empty}</p>
        ) : (
          <>
            {info.problem !== null && <p className={css.trouble}>{sentence(info.problem)}</p>}
            <Facts>
              <Fact name={words.onGateway}>{held(info.local_readings, info.local_bytes)}</Fact>
              <Fact name={words.inArchive}>{held(info.cold_readings, info.cold_bytes)}</Fact>
              {info.blocks > 0 && (
                <Fact name={words.verified}>
                  <Stamp us={info.verified_us} none={words.notVerified} />
                </Fact>
              )}
            </Facts>
            <DayBlocks day={day} count={info.blocks} />
          </>
        )}
      </Panel>
    </div>
  );
}

function DayBlocks({ day, count }: { day: string; count: number }) {
  const retry = useRetry();
  const [open, setOpen] = useState<string>();
  const query = useGatewayQuery(['blocks', 'day', day], (client, signal) => client.blocks({ day }, { signal }), {
    on: count > 0,
    everyMs: REFRESH_MS,
  });
  if (count === 0) return <p className={css.quiet}>{words.noBlocks}</p>;
  if (query.data === undefined) {
    if (query.error === null) return <Skeleton rows={2} />;
    return <CallProblem error={query.error} onRetry={() => void query.refetch()} />;
  }
  const { blocks } = query.data;
  return (
    <div className={css.blocks}>
      <h3>{words.blocks}</h3>
      {retry.error !== null && <CallProblem error={retry.error} />}
      <BlockTable label={words.blocks} count={blocks.length}>
        <tbody>
          {blocks.map((block, index) => (
            <BlockRow key={block.id} block={block} index={index} retry={retry} onOpen={({ id }) => setOpen(id)} />
          ))}
        </tbody>
      </BlockTable>
      <BlockDialog
        block={open === undefined ? undefined : blocks.find((block) => block.id === open)}
        retry={retry}
        onClose={() => setOpen(undefined)}
      />
    </div>
  );
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
