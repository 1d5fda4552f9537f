import { Button } from '@mantine/core';
import { memo, type Ref } from 'react';
import type { Block } from '../../../shared/schemas.ts';
import { useGatewayNow } from '../../app/gateway.ts';
import { text } from '../../texts/en.ts';
import { formatAgo, formatBytes, formatCount } from '../../ui/format.ts';
import { Meter } from '../../ui/Meter.tsx';
import { formatUtcDay } from '../../ui/times.ts';
import css from './BlockTable.module.css';
import { faultName, LOOK_ICONS, lookName, lookOf, lossOf, mayRetry, progressOf } from './block-words.ts';
import type { Retry } from './retry.ts';

const words = text.transfers;

interface BlockRowProps {
  block: Block;
  /** From 0. */
  index: number;
  retry: Retry;
  onOpen(block: Block): void;
  /** For the virtual list that measures it and places it so many pixels below the list's top. */
  measure?: Ref<HTMLTableRowElement>;
  top?: number;
}

/** One block. The whole row opens its details; Retry stands above that. */
export const BlockRow = memo(function BlockRow({ block, index, retry, onOpen, measure, top }: BlockRowProps) {
  const now = useGatewayNow();
  const look = lookOf(block);
  const Icon = LOOK_ICONS[look];
  const day = formatUtcDay(block.day);
  const retriable = mayRetry(block, now);
  const loss = lossOf(look);
  const trouble = block.last_error !== null && block.state !== 'cold';
  return (
    <tr
      className={css.row}
      data-testid="block"
      data-block={block.id}
      data-look={look}
      data-retry={retriable}
      data-index={index}
      aria-rowindex={index + 2}
      ref={measure}
      style={top === undefined ? undefined : { position: 'absolute', top: 0, transform: `translateY(${top}px)` }}
    >
      <td className={css.state}>
        <button
          type="button"
          className={css.open}
          aria-label={words.open(lookName(look), day)}
          onClick={() => onOpen(block)}
        >
          <Icon className={css.icon} stroke={1.7} aria-hidden />
          <span>{lookName(look)}</span>
        </button>
      </td>
      <td className={css.day}>{day}</td>
      <td className={css.size}>{formatBytes(block.bytes)}</td>
      <td className={css.progress}>
        <Progress block={block} now={now} />
      </td>
      <td className={css.attempts} data-some={block.attempts > 0} data-name={words.attempts}>
        {formatCount(block.attempts)}
      </td>
      <td className={css.error}>
        {trouble && <span>{faultName(block.last_error?.code ?? '')}</span>}
        {loss !== undefined && <span>{loss}</span>}
      </td>
      <td className={css.action}>
        {retriable && (
          <Button
            aria-label={words.retryBlock(day)}
            loading={retry.pending === block.id}
            disabled={!retry.able}
            onClick={() => retry.ask(block.id)}
          >
            {words.retry}
          </Button>
        )}
      </td>
    </tr>
  );
});

function Progress({ block, now }: { block: Block; now: number }) {
  const progress = progressOf(block);
  const ago = (us: number): string => formatAgo(us, now, text.justNow);
  if (progress === undefined) {
    if (block.verified_us !== null) return `${words.proven} ${ago(block.verified_us)}`;
    return block.state === 'planned' ? words.notBegun : text.nothing;
  }
  const [done, total] = [formatCount(progress.done), formatCount(progress.total)];
  const says = progress.of === 'sent' ? words.sent(done, total) : words.proving(done, total);
  const waits = block.state !== 'quarantined' && block.next_attempt_us !== null && block.next_attempt_us > now;
  return (
    <>
      <Meter label={words.progress} part={progress.done} whole={progress.total} says={says} />
      <span>{waits ? `${words.nextTry} ${ago(block.next_attempt_us ?? now)}` : says}</span>
    </>
  );
}
