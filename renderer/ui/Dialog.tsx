import { type ReactNode, useEffect, useId, useRef } from 'react';
import css from './Dialog.module.css';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The buttons, most important last. */
  actions: ReactNode;
}

/** A question over the page; Escape answers no. The browser keeps the focus inside and returns it afterwards. */
export function Dialog({ open, onClose, title, children, actions }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open === open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }, [open]);
  return (
    <dialog ref={ref} className={css.dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id} className={css.title}>
        {title}
      </h2>
      <div className={css.words}>{children}</div>
      <div className={css.actions}>{actions}</div>
    </dialog>
  );
}
