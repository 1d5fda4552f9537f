const FIRST_MS = 500;
const MOST_MS = 10_000;

/** Wait before attempt n (from 0): doubles up to 10 s, with jitter between half and all of it. `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (0.5 + random / 2));
}
