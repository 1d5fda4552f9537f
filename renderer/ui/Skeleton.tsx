import { text } from '../texts/en.ts';
import css from './Skeleton.module.css';

/** Stands where content will be while it loads. */
export function Skeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div className={css.skeleton} role="status">
      <span className="visually-hidden">{text.loading}</span>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that never change place
        <div key={i} className={css.row} />
      ))}
    </div>
  );
}
