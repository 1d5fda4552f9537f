import type { IngestResult } from '../types.ts';

/** As many refusals as fit a log line of the client's; the rest are counted. */
const SHOWN = 10;

/**
 * The message of a partly or wholly refused body. The opening words are InfluxDB's: v1 clients look for them to know that sending
 * the batch again is useless. `unit` says what `line` counts.
 */
export function partialWriteMessage({ accepted, refusals, refused }: IngestResult, unit: 'line' | 'series'): string {
  const shown = refusals.slice(0, SHOWN).map(({ line, column, message }) => {
    const place = [line > 0 ? `${unit} ${line}` : '', column > 0 ? `column ${column}` : '']
      .filter((s) => s !== '')
      .join(', ');
    return place === '' ? message : `${place}: ${message}`;
  });
  const more = refused > shown.length ? [`and ${refused - shown.length} more`] : [];
  return `${accepted > 0 ? 'partial write' : 'unable to parse'}: ${[...shown, ...more].join('; ')}; dropped=${refused}`;
}
