import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import css from './Fold.module.css';

/** Something that only the support desk wants to see, folded away. */
export function Fold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className={css.fold}>
      <summary className={css.title}>
        <IconChevronRight className={css.mark} aria-hidden />
        {title}
      </summary>
      {children}
    </details>
  );
}
