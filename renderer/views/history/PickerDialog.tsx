import { IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { text } from '../../texts/en.ts';
import css from './PickerDialog.module.css';
import { SeriesPicker } from './SeriesPicker.tsx';

/** The picker beside what is shown: each tap changes the charts at once. */
export function PickerDialog(props: { chosen: readonly string[]; onChange(series: string[]): void; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a modal dialog by itself
    <dialog
      ref={dialog}
      className={css.dialog}
      aria-labelledby="history-pick"
      onCancel={props.onClose}
      onClick={(e) => {
        if (e.target === dialog.current) props.onClose();
      }}
    >
      <div className={css.inside}>
        <header className={css.head}>
          <h2 id="history-pick">{text.history.pick}</h2>
          <span className={css.count}>{text.history.chosen(props.chosen.length)}</span>
          <button type="button" className={css.close} aria-label={text.close} onClick={props.onClose}>
            <IconX aria-hidden />
          </button>
        </header>
        <SeriesPicker chosen={props.chosen} onChange={props.onChange} />
      </div>
    </dialog>
  );
}
