import css from './Meter.module.css';

/** How much of something is done. `says` is the same in words. */
export function Meter({ label, part, whole, says }: { label: string; part: number; whole: number; says: string }) {
  const share = whole <= 0 ? 0 : Math.min(1, part / whole);
  return (
    <div
      className={css.meter}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      aria-valuetext={says}
    >
      <div className={css.done} style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
