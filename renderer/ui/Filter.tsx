import type { Icon } from '@tabler/icons-react';
import css from './Filter.module.css';

interface FilterProps<T extends string> {
  label: string;
  value: T;
  /** `mark` is what the icon says where the label does not. */
  options: readonly { value: T; label: string; icon?: Icon; mark?: string }[];
  onChange(value: T): void;
}

/** One of a few, all in sight; they wrap where the screen is narrow. */
export function Filter<T extends string>({ label, value, options, onChange }: FilterProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend that is shown nowhere
    <div className={css.filter} role="group" aria-label={label}>
      {options.map((o) => (
        <button
          key={o.value}
          type="button"
          data-marked={o.mark !== undefined}
          aria-pressed={o.value === value}
          onClick={() => onChange(o.value)}
        >
          {o.icon !== undefined && <o.icon stroke={1.7} aria-hidden />}
          {o.label}
          {o.mark !== undefined && <span className="visually-hidden">{o.mark}</span>}
        </button>
      ))}
    </div>
  );
}
