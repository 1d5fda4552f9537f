import type { ReactNode } from 'react';
import { text } from '../../texts/en.ts';
import css from './BlockTable.module.css';

const { state, day, size, progress, attempts, error, action } = text.transfers;

/** The head of a list of blocks; `children` is its tbody of BlockRows, all of them or those in sight. `count` is how many there are. */
export function BlockTable({ label, count, children }: { label: string; count: number; children: ReactNode }) {
  return (
    <div className={css.outer}>
      <table className={css.table} aria-label={label} aria-rowcount={count + 1}>
        <thead className={css.head}>
          <tr className={css.row} aria-rowindex={1}>
            {[state, day, size, progress, attempts, error].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">{action}</span>
            </th>
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}
