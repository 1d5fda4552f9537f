import { BodyWriter, escapeMeasurement, type ImportBody } from './body.ts';
import { importError } from './error.ts';
import { type Bytes, textLines } from './input.ts';
import { type EpochUnit, epochUnitOf, parseEpoch, parseWrittenTime } from './time.ts';

const HEADER = /^\uFEFF?\s*"?timestamp"?\s*,\s*"?value"?\s*$/i;
export const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const MISSING = new Set(['', 'nan', 'na', 'n/a', 'null', 'none']);

export const isCsvHeader = (line: string): boolean => HEADER.test(line);

const unquote = (cell: string): string => /^"(.*)"$/.exec(cell.trim())?.[1] ?? cell.trim();

/**
 * Reads `timestamp,value` rows as series `<stem>.value`. Values stay the text they are, so the gateway reads the same double. Times are
 * UTC without a zone, RFC 3339, or epoch seconds, milliseconds or microseconds, which the first row decides for the whole file.
 */
export async function* importCsv(file: string, stem: string, stream: Bytes): AsyncGenerator<ImportBody> {
  const measurement = escapeMeasurement(stem);
  if (measurement === undefined)
    throw importError(file, 0, 0, 'the name of the file cannot be a measurement: rename it');
  const out = new BodyWriter();
  let unit: EpochUnit | undefined;
  for await (const { text, line } of textLines(file, stream)) {
    if (line === 1 || text.trim() === '') continue;
    const comma = text.indexOf(',');
    if (comma < 0 || text.indexOf(',', comma + 1) >= 0)
      throw importError(file, line, 1, 'expected two cells: timestamp,value');
    const time = unquote(text.slice(0, comma));
    const value = unquote(text.slice(comma + 1));
    unit ??= epochUnitOf(time);
    const us = parseWrittenTime(time) ?? (unit === undefined ? undefined : parseEpoch(time, unit));
    if (us === undefined)
      throw importError(
        file,
        line,
        1,
        `${JSON.stringify(time.slice(0, 40))} is not a time between the years 1684 and 2255`,
      );
    if (MISSING.has(value.toLowerCase())) {
      out.skip(1);
      continue;
    }
    if (!DECIMAL.test(value) || !Number.isFinite(Number(value))) {
      throw importError(file, line, comma + 2, `${JSON.stringify(value.slice(0, 40))} is not a number`);
    }
    const row = `${measurement} value=${value} ${us}\n`;
    if (out.isFull(row)) yield* taken(out);
    out.add(row, 1);
  }
  yield* taken(out);
}

export function* taken(out: BodyWriter): Generator<ImportBody> {
  const body = out.take();
  if (body !== undefined) yield body;
}
