/** A stretch of time: [from, to), microseconds. */
export interface Stretch {
  from: number;
  to: number;
}

/** What of a stretch lies in none of the parts, which are in order of time. */
export function gaps(parts: readonly Stretch[], { from, to }: Stretch): Stretch[] {
  const open: Stretch[] = [];
  let at = from;
  for (const part of parts) {
    if (part.from >= to) break;
    if (part.from > at) open.push({ from: at, to: part.from });
    at = Math.max(at, part.to);
  }
  if (at < to) open.push({ from: at, to });
  return open;
}
