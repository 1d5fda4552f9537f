import { formatSeriesKey, type SeriesIdentity } from '../../shared/series-key.ts';
import { MAX_REFUSALS_LISTED } from './limits.ts';
import type { IngestResult, Refusal } from './types.ts';

/** Gathers what one request's parser refuses and counts. */
export class Outcome {
  private readonly listed: Refusal[] = [];
  refused = 0;
  floored = 0;
  rounded = 0;

  /** Counts one refusal and lists it while there is room. A `message` that takes work is only made when it is listed. */
  refuse(line: number, column: number, message: string | (() => string)): void {
    this.refused++;
    if (this.listed.length >= MAX_REFUSALS_LISTED) return;
    this.listed.push({ line, column, message: typeof message === 'string' ? message : message() });
  }

  result(accepted: number): IngestResult {
    const { refused, floored, rounded } = this;
    return { accepted, refusals: this.listed, refused, floored, rounded };
  }
}

/** A name from a request as an error may show it: quoted, without control characters, at most 200 characters. */
export function quoteName(name: string): string {
  const short = name.length > 200 ? `${name.slice(0, 200)}…` : name;
  return JSON.stringify(short);
}

/** Refuses a new series beyond `max_series` by name. */
export function tooManySeries(identity: SeriesIdentity): string {
  return `too many series: ${quoteName(formatSeriesKey(identity))} is new, and max_series is reached`;
}
