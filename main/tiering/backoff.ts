/**
 * Full jitter: a random wait between 0 and a bound that doubles with each attempt (Brooker, "Exponential Backoff and Jitter", 2015).
 * `attempt` counts from 1; milliseconds.
 */
export function fullJitter(attempt: number, random: () => number, baseMs: number, capMs: number): number {
  return Math.round(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30)));
}
