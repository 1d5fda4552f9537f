import type { ReactNode } from 'react';
import { text } from '../../texts/en.ts';
import css from './BlockTable.module.css';

const { state, day, size, progress, attempts, error, action } = text.transfers;

/** The head of a list of blocks; its rows are BlockRows, all of them or those in sight. `count` is how many there are. */
export function BlockTable({ label, count, children }: { label: string; count: number; children: ReactNode }) {
  return (
    <div className={css.outer}>
      <div className={css.table} role="table" aria-label={label} aria-rowcount={count + 1}>
        <div role="rowgroup" className={css.head}>
          <div role="row" className={css.row} aria-rowindex={1}>
            {[state, day, size, progress, attempts, error].map((name) => (
              <span key={name} role="columnheader">
                {name}
              </span>
            ))}
            <span role="columnheader">
              <span className="visually-hidden">{action}</span>
            </span>
          </div>
        </div>
        {children}
      </div>
    </div>
  );
}
