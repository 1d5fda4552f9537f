import { IconCheck } from '@tabler/icons-react';
import type { Status } from '../../../shared/schemas.ts';
import { text } from '../../texts/en.ts';
import { formatBytes, formatSpan } from '../../ui/format.ts';
import { Meter } from '../../ui/Meter.tsx';
import { STAGES, type StageName } from './move.ts';
import css from './Progress.module.css';

/** How far a run is: its stages, and the bytes while it uploads. */
export function Progress({ stage: now, queue }: { stage: StageName | undefined; queue: Status['queue'] }) {
  const at = now === undefined ? -1 : STAGES.indexOf(now);
  const sent = text.move.progress(formatBytes(queue.sent_bytes), formatBytes(queue.bytes));
  return (
    <div className={css.progress}>
      <ol className={css.stages} aria-label={text.move.stages}>
        {STAGES.map((stage, i) => (
          <li
            key={stage}
            className={css.stage}
            data-at={i < at ? 'done' : i === at ? 'now' : 'later'}
            aria-current={i === at ? 'step' : undefined}
          >
            <span className={css.mark}>{i < at && <IconCheck stroke={2.5} aria-label={text.move.stageDone} />}</span>
            {text.move.stage[stage]}
          </li>
        ))}
      </ol>
      {queue.bytes > 0 && (
        <>
          <Meter label={text.move.stage.upload} part={queue.sent_bytes} whole={queue.bytes} says={sent} />
          <p className={css.bytes}>
            <span>{sent}</span>
            {queue.rate_bytes_per_s !== null && <span>{text.move.rate(formatBytes(queue.rate_bytes_per_s))}</span>}
            {queue.eta_s !== null && <span>{text.move.eta(formatSpan(queue.eta_s * 1_000_000))}</span>}
          </p>
        </>
      )}
    </div>
  );
}
