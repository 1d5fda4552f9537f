import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { Status } from '../../../shared/schemas.ts';
import { useGateway } from '../../app/gateway.ts';
import { navigate } from '../../app/route.ts';
import { text } from '../../texts/en.ts';
import { overallOf, STATE_ICONS } from '../../ui/icons.ts';
import { Stamp } from '../../ui/Stamp.tsx';
import css from './Verdict.module.css';

/** The one sentence; the worst state wins. Under it what "safe" rests on. */
export function Verdict({ status }: { status: Status }) {
  const live = useGateway((state) => state.phase === 'live');
  const state = overallOf(status, live);
  const Icon = STATE_ICONS[state];
  const verified = status.tiering.last_verified_us;
  return (
    <section className={css.verdict} data-state={state} aria-label={text.state[state]}>
      <span className={css.icon}>
        <Icon stroke={1.7} aria-hidden />
      </span>
      <div className={css.words}>
        <p className={css.sentence} role="status" data-testid="sentence">
          {live ? status.sentence : text.status.lastKnown(status.sentence)}
        </p>
        {live && status.tiers.cold.damaged + status.queue.quarantined > 0 && (
          <Button
            className={css.look}
            rightSection={<IconChevronRight aria-hidden />}
            onClick={() => navigate('transfers', new URLSearchParams({ state: 'attention' }))}
          >
            {text.status.look}
          </Button>
        )}
        {status.site.archive !== null && (
          <p className={css.proof}>
            {verified === null ? (
              text.status.unproven
            ) : (
              <>
                {text.status.proven} <Stamp us={verified} />
              </>
            )}
          </p>
        )}
      </div>
    </section>
  );
}
