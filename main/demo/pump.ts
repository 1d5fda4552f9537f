import { DAY_US, MINUTE_US } from '../../shared/units.ts';

/** A repeatable noise in [-1, 1) from an integer (integer hash, so that a restart continues the same curve). */
function noise(n: number): number {
  let h = Math.imul(Math.trunc(n) ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1;
}

/** One line of a simulated pump hub: four plausible channels with two decimals at most. */
export function pumpLine(tUs: number): string {
  const day = (2 * Math.PI * (tUs % DAY_US)) / DAY_US;
  const second = Math.floor(tUs / 1_000_000);
  const minute = Math.floor(tUs / MINUTE_US);
  const running = noise(Math.floor(minute / 40)) > -0.6;
  const temperature = 41 + 6 * Math.sin(day - 2) + 2 * noise(Math.floor(minute / 10)) + 0.2 * noise(second);
  const pressure = running ? 3.2 + 0.15 * noise(minute) + 0.03 * noise(second + 7) : 0.4;
  const rpm = running ? Math.round(1_480 + 8 * noise(second + 3)) : 0;
  return `pump,hub=demo temp=${temperature.toFixed(1)},pressure=${pressure.toFixed(2)},rpm=${rpm}i,running=${running} ${tUs}`;
}
