import type { Status } from '../../shared/schemas.ts';
import { text } from '../texts/en.ts';
import { formatAgo } from './format.ts';

/** Older than this, and it is said how old it is: an idle gateway asks its archive only every few minutes. */
const FRESH_US = 60_000_000;

/** How long ago it was proven that the archive can be reached; undefined while that is as good as now. What is wrong is known as it is. */
export function linkAge(
  { state, last_success_us: last }: Status['link'],
  nowUs: number,
  locale?: string,
): string | undefined {
  if ((state !== 'ok' && state !== 'slow') || last === null || nowUs - last < FRESH_US) return undefined;
  return formatAgo(last, nowUs, text.justNow, locale);
}
