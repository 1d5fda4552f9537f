import { Button } from '@mantine/core';
import { IconDatabaseExport, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import type { Preview, Status } from '../../../shared/schemas.ts';
import { useGateway, useTimes } from '../../app/gateway.ts';
import { useGatewayAction, useGatewayQuery } from '../../app/query.ts';
import { text } from '../../texts/en.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { formatBytes, formatCount, formatSpan } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { CallProblem } from '../../ui/Problem.tsx';
import { Stamp } from '../../ui/Stamp.tsx';
import css from './Move.module.css';
import { type Move as MoveNow, moveOf } from './move.ts';
import { useOutcome } from './outcome.ts';
import { Progress } from './Progress.tsx';

const PAUSE_S = 4 * 3_600;
/** New days become due at midnight; nothing hangs on knowing at once. */
const PREVIEW_MS = 15_000;

/** Tier now and pause: first what it would do, then how far it is, then what it did. */
export function Move({ status }: { status: Status }) {
  const live = useGateway((state) => state.phase === 'live');
  const preview = usePreview(status);
  const move = moveOf(status, preview.data);
  const { outcome, begin } = useOutcome(status);
  const start = useGatewayAction((client) => client.tierNow());
  const [asking, setAsking] = useState(false);
  const reason = useId();
  const busy = move.kind === 'running' || (move.kind === 'queued' && move.until === 'now');
  const off = !live || move.kind !== 'ready' || start.isPending;
  const { tiering } = status;
  return (
    <Panel title={text.move.title} className={css.move}>
      <div className={move.kind === 'running' ? 'visually-hidden' : css.what} id={reason} aria-live="polite">
        <What move={move} />
        {!busy && outcome !== undefined && <p className={css.done}>{outcome}</p>}
      </div>
      {busy && <Progress stage={move.kind === 'running' ? move.stage : undefined} queue={status.queue} />}
      <Button
        size="xl"
        variant="filled"
        fullWidth
        leftSection={<IconDatabaseExport stroke={1.8} aria-hidden />}
        // Not `disabled`: that would take the focus away from whoever pressed it.
        aria-disabled={off}
        data-disabled={off}
        aria-describedby={reason}
        onClick={off ? undefined : () => setAsking(true)}
      >
        {busy ? text.move.again : text.move.now}
      </Button>
      {start.error !== null && <CallProblem error={start.error} />}
      <Pause status={status} live={live} />
      {status.site.archive !== null && <Runs tiering={tiering} />}
      {move.kind === 'ready' && (
        <Confirm
          move={move}
          open={asking}
          onClose={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            begin();
            start.mutate();
          }}
        />
      )}
    </Panel>
  );
}

/** Readings that are not packed yet have no size yet. */
function sizeOf({ bytes, estimated }: Extract<MoveNow, { kind: 'ready' }>): string {
  return estimated ? text.move.estimate(formatBytes(bytes)) : formatBytes(bytes);
}

/** When it ran, when it runs again by itself, and what it then moves. */
function Runs({ tiering }: { tiering: Status['tiering'] }) {
  return (
    <>
      <dl className={css.facts}>
        <dt>{text.move.last}</dt>
        <dd>
          <Stamp us={tiering.last_run_us} />
        </dd>
        {tiering.paused_until_us === null && tiering.next_run_us !== null && (
          <>
            <dt>{text.move.next}</dt>
            <dd>
              <Stamp us={tiering.next_run_us} />
            </dd>
          </>
        )}
      </dl>
      <p className={css.quiet}>{text.move.age(tiering.max_age_days)}</p>
    </>
  );
}

/** What is due; asked again after each run. */
function usePreview(status: Status) {
  const queries = useQueryClient();
  const run = `${status.tiering.last_run_us} ${status.tiers.cold.blocks} ${status.tiering.due_days}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the run, or a day that became due, is why it is asked again
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['preview'] });
  }, [queries, run]);
  return useGatewayQuery<Preview>(['preview'], (client, signal) => client.preview(undefined, { signal }), {
    everyMs: PREVIEW_MS,
  });
}

function What({ move }: { move: MoveNow }) {
  switch (move.kind) {
    case 'checking':
      return <p className={css.quiet}>{text.move.checking}</p>;
    case 'nothing':
      return <p>{move.reason ?? text.move.nothing}</p>;
    case 'paused':
      return <p>{text.move.paused}</p>;
    case 'running':
      return <p>{move.stage === undefined ? text.move.again : text.move.stage[move.stage]}</p>;
    case 'queued':
      return <p>{{ now: text.move.queued, link: text.move.queuedOffline, resumed: text.move.paused }[move.until]}</p>;
    case 'ready':
      return (
        <>
          <p className={css.due}>
            {move.days > 0 ? text.move.due(move.days, sizeOf(move)) : text.move.wait(move.blocks, sizeOf(move))}
          </p>
          <p className={css.quiet}>
            {move.readings > 0 && text.move.readings(formatCount(move.readings))}
            {move.seconds !== null && `, ${text.move.about(formatSpan(move.seconds * 1_000_000))}`}
          </p>
        </>
      );
  }
}

interface ConfirmProps {
  move: Extract<MoveNow, { kind: 'ready' }>;
  open: boolean;
  onClose: () => void;
  onYes: () => void;
}

function Confirm({ move, open, onClose, onYes }: ConfirmProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={text.move.confirmTitle}
      actions={
        <>
          <Button size="xl" onClick={onClose}>
            {text.move.confirmNo}
          </Button>
          <Button size="xl" variant="filled" onClick={onYes}>
            {text.move.confirmYes}
          </Button>
        </>
      }
    >
      <p>
        {move.days > 0
          ? text.move.confirm(move.days, sizeOf(move), formatCount(move.readings))
          : text.move.wait(move.blocks, sizeOf(move))}
      </p>
    </Dialog>
  );
}

function Pause({ status, live }: { status: Status; live: boolean }) {
  const times = useTimes();
  const pause = useGatewayAction((client, forS: number | undefined) =>
    client.pause(forS === undefined ? undefined : { for_s: forS }),
  );
  const resume = useGatewayAction((client) => client.resume());
  const until = status.tiering.paused_until_us;
  const failed = pause.error ?? resume.error;
  if (status.site.archive === null) return null;
  return (
    <div className={css.pause}>
      {until === null ? (
        <>
          <Button
            leftSection={<IconPlayerPause stroke={1.6} aria-hidden />}
            disabled={!live}
            onClick={() => pause.mutate(undefined)}
          >
            {text.move.pause}
          </Button>
          <Button disabled={!live} onClick={() => pause.mutate(PAUSE_S)}>
            {text.move.pause4}
          </Button>
        </>
      ) : (
        <>
          <p className={css.until}>
            {until === 0
              ? text.move.pausedForGood
              : text.move.pausedUntil(`${times.minute(until)} ${times.zoneName(until)}`)}
          </p>
          <Button
            leftSection={<IconPlayerPlay stroke={1.6} aria-hidden />}
            disabled={!live}
            onClick={() => resume.mutate()}
          >
            {text.move.resume}
          </Button>
        </>
      )}
      {failed !== null && <CallProblem error={failed} />}
    </div>
  );
}
