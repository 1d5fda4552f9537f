import type { Icon } from '@tabler/icons-react';
import css from './Choice.module.css';

interface Option<T extends string> {
  value: T;
  label: string;
  icon?: Icon;
}

/** One of a few, side by side. Without a value none is pressed; `marked` is the one that would be gone back to. */
export function Choice<T extends string>(o: {
  label: string;
  value: T | undefined;
  marked?: T | undefined;
  options: readonly Option<T>[];
  onChange(value: T): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend that is shown nowhere
    <div className={css.choice} role="group" aria-label={o.label}>
      {o.options.map(({ value, label, icon: Sign }) => (
        <button
          key={value}
          type="button"
          aria-pressed={o.value === value}
          data-marked={o.marked === value}
          onClick={() => o.onChange(value)}
        >
          {Sign !== undefined && <Sign aria-hidden />}
          {label}
        </button>
      ))}
    </div>
  );
}
