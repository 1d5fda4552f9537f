import type { ReactNode } from 'react';
import css from './Gauge.module.css';

interface GaugeProps {
  label: string;
  value: string;
  icon?: ReactNode;
  tone?: 'plain' | 'ok' | 'attention';
  children?: ReactNode;
}

/** One instrument: what it is, what it reads, and what to know about it. */
export function Gauge({ label, value, icon, tone = 'plain', children }: GaugeProps) {
  return (
    <div className={css.gauge} data-tone={tone}>
      <h2 className={css.label}>{label}</h2>
      <p className={css.value}>
        {icon}
        {value}
      </p>
      <div className={css.notes}>{children}</div>
    </div>
  );
}
