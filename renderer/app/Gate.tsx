import { Button } from '@mantine/core';
import { IconLockQuestion, IconPlugConnected } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { text } from '../texts/en.ts';
import { formatSpan } from '../ui/format.ts';
import css from './Gate.module.css';
import { useConnection, useConnectionState, useTick } from './gateway.ts';

/** A gateway that has not answered after this many attempts needs a person to look. */
const SLOW_AFTER = 3;

export function Connecting() {
  const connection = useConnection();
  const { failures, retryAt } = useConnectionState();
  const now = useTick(retryAt !== undefined);
  const slow = failures >= SLOW_AFTER;
  const wait = retryAt === undefined ? 0 : retryAt - now;
  return (
    <Gate icon={<IconPlugConnected stroke={1.4} aria-hidden />} title={text.connecting.title}>
      <p role="status">{slow ? text.connecting.slow : text.connecting.wait}</p>
      {slow && (
        <>
          <p className={css.quiet}>
            {wait < 1_000 ? text.banner.trying : text.banner.retryIn(formatSpan(wait * 1_000))}
          </p>
          <Button size="xl" onClick={connection.retryNow}>
            {text.tryNow}
          </Button>
        </>
      )}
    </Gate>
  );
}

export function NotSignedIn() {
  const connection = useConnection();
  return (
    <Gate icon={<IconLockQuestion stroke={1.4} aria-hidden />} title={text.session.title}>
      <p>{text.session.what}</p>
      <p>{text.session.how}</p>
      <p>
        <code className={css.command}>{text.session.command}</code>
      </p>
      <p className={css.quiet}>{text.session.checkout}</p>
      <p>
        <code className={css.command}>{text.session.checkoutCommand}</code>
      </p>
      <p className={css.quiet}>{text.session.folder}</p>
      <p className={css.quiet}>{text.session.note}</p>
      <Button size="xl" variant="filled" onClick={connection.retryNow}>
        {text.session.again}
      </Button>
    </Gate>
  );
}

function Gate({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <main className={css.gate}>
      <div className={css.card}>
        <span className={css.icon}>{icon}</span>
        <h1 className={css.title}>{title}</h1>
        {children}
      </div>
    </main>
  );
}
