import type { Locator, Page } from '@playwright/test';
import { forgetRollups } from '../main/testing/forget-rollups.ts';
import { expect, type Gateway, pumpDays } from './gateway.ts';

/** What the history specs write, and how they look at it. */
export const TEMP = 'pump.temp{hub=h1}';
export const DAY_US = 86_400_000_000;
export const MINUTE_US = 60_000_000;
/** Today's first microsecond, UTC. */
export const TODAY = Math.floor(Date.now() / 86_400_000) * DAY_US;

export const LINES = [...pumpDays(40, 33), ...pumpDays(3, 1)];
/** What was written, by time in microseconds. */
export const SOURCE = new Map(
  LINES.map((line): [number, number] => [Number(line.split(' ').at(-1)), Number(/temp=([\d.]+)/.exec(line)?.[1])]),
);

/** Eight days in the archive, known by their readings alone, three on the gateway. */
export async function seed(gateway: Gateway): Promise<void> {
  await gateway.write(LINES);
  const { status, stderr } = gateway.process.cli('tier-now', '--wait');
  expect(status, stderr).toBe(0);
  expect((await gateway.status()).tiers.cold.readings).toBe(8 * 288 * 2);
  forgetRollups(gateway.process.data);
}

export const query = (from: number, to: number, more = ''): string =>
  `series=${encodeURIComponent(TEMP)}&from=${from}&to=${to}${more}`;

export const legend = (page: Page, source: string): Locator => page.getByTestId(`source-${source}`);

export const rangeOf = (page: Page): { from: number; to: number } => {
  const params = new URL(page.url()).searchParams;
  return { from: Number(params.get('from')), to: Number(params.get('to')) };
};
