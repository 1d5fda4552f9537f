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

/** A question over the page; Escape answers no. It begins at its title; the browser keeps the focus inside and returns it afterwards. */
export function Dialog({ open, onClose, title, children, actions }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open === open) return;
    if (!open) return dialog.close();
    dialog.showModal();
    // Not to the first thing that can be pressed: that may be a time stamp in the middle.
    heading.current?.focus();
  }, [open]);
  return (
    <dialog ref={ref} className={css.dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id} className={css.title} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <div className={css.words}>{children}</div>
      <div className={css.actions}>{actions}</div>
    </dialog>
  );
}
