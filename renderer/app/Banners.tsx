import { Button } from '@mantine/core';
import { IconAlertOctagon, IconArchiveOff, IconChevronRight, IconFlask, IconLinkOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { text } from '../texts/en.ts';
import { formatSpan } from '../ui/format.ts';
import css from './Banners.module.css';
import { useConnection, useConnectionState, useStatus, useTick, useTimes } from './gateway.ts';
import { navigate } from './route.ts';

/** What every view must not be read without. */
export function Banners() {
  const status = useStatus();
  if (status === undefined) return null;
  const settings = (label: string): ReactNode => (
    <Button variant="subtle" onClick={() => navigate('settings')} rightSection={<IconChevronRight aria-hidden />}>
      <span className={css.label}>{label}</span>
    </Button>
  );
  return (
    <div className={css.banners}>
      <Gone />
      {status.ingest.refusing !== null && !status.site.demo && (
        <Banner
          tone="error"
          icon={<IconAlertOctagon aria-hidden />}
          alert={text.banner.refusing(status.ingest.refusing)}
        >
          {text.banner.refusingAction}
        </Banner>
      )}
      {status.site.archive === null && (
        <Banner tone="note" icon={<IconArchiveOff aria-hidden />} action={settings(text.banner.noArchiveAction)}>
          {text.banner.noArchive}
        </Banner>
      )}
      {status.site.demo && (
        <Banner tone="note" icon={<IconFlask aria-hidden />} action={settings(text.banner.demoAction)}>
          {text.banner.demo}
        </Banner>
      )}
    </div>
  );
}

/** The gateway does not answer: everything on the screen is as old as this says. */
function Gone() {
  const connection = useConnection();
  const { phase, status, heardAt, retryAt } = useConnectionState();
  const lost = phase !== 'live';
  const now = useTick(lost);
  const times = useTimes();
  if (!lost || status === undefined || heardAt === undefined) return null;
  const age = formatSpan(Math.max(1_000_000, (now - heardAt) * 1_000));
  const wait = retryAt === undefined ? undefined : retryAt - now;
  return (
    <Banner
      tone="error"
      icon={<IconLinkOff aria-hidden />}
      alert={text.banner.gone}
      action={<Button onClick={connection.retryNow}>{text.tryNow}</Button>}
    >
      {text.banner.goneSince(times.clock(status.now_us), age)}{' '}
      {wait === undefined || wait < 1_000 ? text.banner.trying : text.banner.retryIn(formatSpan(wait * 1_000))}
    </Banner>
  );
}

interface BannerProps {
  tone: 'note' | 'error';
  icon: ReactNode;
  /** Read out at once; what follows may change every second, and is not. */
  alert?: string;
  action?: ReactNode;
  children: ReactNode;
}

function Banner({ tone, icon, alert, action, children }: BannerProps) {
  return (
    <div className={css.banner} data-tone={tone} data-testid="banner">
      <span className={css.icon}>{icon}</span>
      <p className={css.words}>
        {alert !== undefined && (
          <>
            <strong role="alert">{alert}</strong>{' '}
          </>
        )}
        {children}
      </p>
      {action}
    </div>
  );
}
