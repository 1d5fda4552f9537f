import type { ReactNode } from 'react';
import css from './Gauge.module.css';

interface GaugeProps {
  label: string;
  value: string;
  icon?: ReactNode;
  /** Stands at the right of the value. */
  beside?: ReactNode;
  tone?: 'plain' | 'ok' | 'attention';
  children?: ReactNode;
}

/** One instrument: what it is, what it reads, and what to know about it. */
export function Gauge({ label, value, icon, beside, tone = 'plain', children }: GaugeProps) {
  return (
    <div className={css.gauge} data-tone={tone}>
      <h2 className={css.label}>{label}</h2>
      <div className={css.reading}>
        <p className={css.value}>
          {icon}
          {value}
        </p>
        {beside}
      </div>
      <div className={css.notes}>{children}</div>
    </div>
  );
}
