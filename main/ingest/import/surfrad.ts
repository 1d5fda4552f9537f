import { BodyWriter, escapeTagValue, type ImportBody } from './body.ts';
import { DECIMAL, taken } from './csv.ts';
import { importError } from './error.ts';
import { type Bytes, textLines } from './input.ts';
import { civilToUs } from './time.ts';

/** The measured columns of a SURFRAD day file in their order; each is followed by a quality flag (NOAA SURFRAD format, version 1). */
const COLUMNS = [
  ...['dw_solar', 'uw_solar', 'direct_n', 'diffuse', 'dw_ir', 'dw_casetemp', 'dw_dometemp', 'uw_ir', 'uw_casetemp'],
  ...['uw_dometemp', 'uvb', 'par', 'netsolar', 'netir', 'totalnet', 'temp', 'rh', 'windspd', 'winddir', 'pressure'],
];
/** Year, day of year, month, day, hour, minute, decimal hour, zenith angle. */
const LEADING = 8;
const CELLS = LEADING + 2 * COLUMNS.length;
const MISSING = -9999.9;
const SITE = /^\s*-?\d+(\.\d+)?\s+-?\d+(\.\d+)?\s+-?\d+\s+m\s+version\s+\d+\s*$/;

/** True for the second line of a SURFRAD file: latitude, longitude, elevation and version. */
export const isSurfradSite = (line: string): boolean => SITE.test(line);

/** Reads a SURFRAD day file as series `surfrad.<column>{station=<name>}`. Missing cells are skipped, flags are not stored. */
export async function* importSurfrad(file: string, stream: Bytes): AsyncGenerator<ImportBody> {
  const out = new BodyWriter();
  let station: string | undefined;
  for await (const { text, line } of textLines(file, stream)) {
    if (line === 1) station = escapeTagValue(text.trim().toLowerCase());
    if (line <= 2 || text.trim() === '') continue;
    if (station === undefined) throw importError(file, 1, 1, 'the name of the station is missing');
    const cells = [...text.matchAll(/\S+/g)];
    if (cells.length !== CELLS) throw importError(file, line, 1, `${cells.length} cells instead of ${CELLS}`);
    const us = timeOf(cells.map(([cell]) => cell));
    if (us === undefined) throw importError(file, line, 1, 'year, month, day, hour and minute are no time');
    const fields: string[] = [];
    for (const [i, name] of COLUMNS.entries()) {
      const cell = cells[LEADING + 2 * i];
      const value = cell?.[0] ?? '';
      if (!DECIMAL.test(value))
        throw importError(file, line, (cell?.index ?? 0) + 1, `${JSON.stringify(value.slice(0, 40))} is not a number`);
      if (Number(value) === MISSING) out.skip(1);
      else fields.push(`${name}=${value}`);
    }
    if (fields.length === 0) continue;
    const row = `surfrad,station=${station} ${fields.join(',')} ${us}\n`;
    if (out.isFull(row)) yield* taken(out);
    out.add(row, fields.length);
  }
  yield* taken(out);
}

function timeOf(cells: readonly string[]): number | undefined {
  const [year, , month, day, hour, minute] = cells.map((cell) => (/^\d{1,4}$/.test(cell) ? Number(cell) : Number.NaN));
  return civilToUs({
    year: year ?? Number.NaN,
    month: month ?? Number.NaN,
    day: day ?? Number.NaN,
    hour: hour ?? Number.NaN,
    minute: minute ?? Number.NaN,
    second: 0,
  });
}
