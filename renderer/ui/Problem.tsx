import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { text } from '../texts/en.ts';
import { CallError } from '../transport/errors.ts';
import { Fold } from './Fold.tsx';
import css from './Problem.module.css';

interface ProblemProps {
  title: string;
  what: string;
  /** For the support desk; folded. */
  detail?: string;
  onRetry?: () => void;
}

/** What happened and what to do. */
export function Problem({ title, what, detail, onRetry }: ProblemProps) {
  return (
    <section className={css.problem} role="alert">
      <IconAlertTriangle className={css.icon} aria-hidden />
      <div className={css.words}>
        <h2>{title}</h2>
        <p>{what}</p>
        {detail !== undefined && detail !== '' && (
          <Fold title={text.problem.detail}>
            <code>{detail}</code>
          </Fold>
        )}
        {onRetry !== undefined && <Button onClick={onRetry}>{text.tryAgain}</Button>}
      </div>
    </section>
  );
}

/** A call that failed, in plain words. */
export function CallProblem({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const retry = onRetry === undefined ? {} : { onRetry };
  if (error instanceof CallError && error.code !== 'gone') {
    return <Problem title={text.problem.load} what={`${error.message}. ${error.action}`.trim()} {...retry} />;
  }
  return <Problem title={text.problem.load} what={text.problem.gone} detail={error.message} {...retry} />;
}
