import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseTarget, type Reading } from '../../testing/memory-registry.ts';
import { LineParser } from '../line/parser.ts';
import { toEnd } from '../steps.ts';
import { type ImportBody, importFile } from './import-file.ts';

const RECORDINGS = join(import.meta.dirname, '..', '..', '..', 'assets', 'recordings');

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function convert(name: string, content: string | Uint8Array, chunk = 64 * 1024) {
  const bodies: ImportBody[] = [];
  for await (const body of importFile(name, chunks(Buffer.from(content), chunk))) bodies.push(body);
  return bodies;
}

/** What the gateway stores of the file. Everything the converter makes must be accepted. */
async function readingsOf(name: string, content: string | Uint8Array, chunk?: number) {
  const bodies = await convert(name, content, chunk);
  const target = parseTarget();
  const parser = new LineParser(target.registry, target.out);
  for (const { body, precision, readings, refused } of bodies) {
    const result = toEnd(parser.parse(body, precision, 0));
    expect({ accepted: result.accepted, refused: result.refused }).toEqual({ accepted: readings, refused });
  }
  return { readings: target.readings(), skipped: bodies.reduce((sum, b) => sum + b.skipped, 0), bodies };
}

const rows = async (name: string, content: string): Promise<[string, number, number][]> =>
  (await readingsOf(name, content)).readings.map(({ key, t, v }: Reading) => [key, t, v]);
const fault = (name: string, content: string | Uint8Array): Promise<string> =>
  convert(name, content).then(
    () => 'no error',
    (e: { code: unknown; message: unknown }) => `${e.code} ${e.message}`,
  );

describe('the recordings', () => {
  it.each(['machine_temperature_system_failure', 'ambient_temperature_system_failure'])(
    'ING15 gives each row of %s as the same double at the same time',
    async (stem) => {
      const text = readFileSync(join(RECORDINGS, `${stem}.csv`));
      const { readings, skipped } = await readingsOf(`${stem}.csv`, text, 1000);
      const source = text.toString().trim().split(/\r?\n/).slice(1);
      expect(skipped).toBe(0);
      expect(readings).toEqual(
        source.map((line) => {
          const [time = '', value = ''] = line.split(',');
          return { key: `${stem}.value`, t: Date.parse(`${time.replace(' ', 'T')}Z`) * 1000, v: Number(value) };
        }),
      );
    },
  );

  it('ING15 gives each measured cell of the SURFRAD day, without the missing ones', async () => {
    const text = readFileSync(join(RECORDINGS, 'surfrad-slv16001.dat'));
    const { readings, skipped } = await readingsOf('surfrad-slv16001.dat', text, 777);
    const lines = text.toString().trim().split('\n').slice(2);
    const missing = text.toString().match(/-9999\.9/g)?.length ?? 0;
    expect(lines).toHaveLength(1440);
    expect(skipped).toBe(missing);
    expect(readings).toHaveLength(1440 * 20 - missing);
    const cells = lines[722]!.trim().split(/\s+/);
    const at = Date.UTC(2016, 0, 1, 12, 2) * 1000;
    const ofRow = new Map(readings.filter((r) => r.t === at).map((r) => [r.key, r.v]));
    expect(ofRow.get('surfrad.dw_solar{station=alamosa}')).toBe(Number(cells[8]));
    expect(ofRow.get('surfrad.par{station=alamosa}')).toBe(undefined);
    expect(ofRow.get('surfrad.pressure{station=alamosa}')).toBe(Number(cells[46]));
    expect(new Set(readings.map((r) => r.key)).size).toBe(18);
  });
});

describe('CSV', () => {
  it.each([
    ['2026-01-31 12:00:00', Date.UTC(2026, 0, 31, 12) * 1000],
    ['2026-01-31T12:00:00.1234567Z', Date.UTC(2026, 0, 31, 12) * 1000 + 123_456],
    ['2026-01-31T12:00:00+02:30', Date.UTC(2026, 0, 31, 9, 30) * 1000],
    ['2026-01-31t12:00:00-0130', Date.UTC(2026, 0, 31, 13, 30) * 1000],
    ['2026-01-31', Date.UTC(2026, 0, 31) * 1000],
    ['1969-12-31 23:59:59.5', -500_000],
    ['2024-02-29 00:00', Date.UTC(2024, 1, 29) * 1000],
    ['1700000000', 1_700_000_000_000_000],
    ['1700000000.25', 1_700_000_000_250_000],
    ['1700000000123', 1_700_000_000_123_000],
    ['1700000000123456', 1_700_000_000_123_456],
    ['-5', -5_000_000],
  ])('ING15 reads the time %s', async (time, t) => {
    expect(await rows('a.csv', `timestamp,value\n${time},1\n`)).toEqual([['a.value', t, 1]]);
  });

  it('ING15 reads every date as the calendar has it', async () => {
    const times = Array.from({ length: 3000 }, (_, i) => Date.UTC(1890, 0, 1 + i * 40));
    const text = times.map((ms) => `${new Date(ms).toISOString()},1`).join('\n');
    expect((await rows('a.csv', `timestamp,value\n${text}`)).map(([, t]) => t)).toEqual(times.map((ms) => ms * 1000));
  });

  it('ING15 lets the first row decide the unit of epoch times', async () => {
    const text = 'timestamp,value\n1700000000123,1\n5,2\n';
    expect((await rows('a.csv', text)).map(([, t]) => t)).toEqual([1_700_000_000_123_000, 5_000]);
  });

  it('ING15 takes quotes, blanks, CRLF, a byte order mark, missing values, and escapes the name', async () => {
    const text =
      '\uFEFFTimestamp , "Value"\r\n"2026-01-01 00:00:00", "1.50"\r\n\r\n2026-01-02 00:00:00,\r\n2026-01-03 00:00:00,NaN\r\n2026-01-04 00:00:00,-1e-3';
    const { readings, skipped } = await readingsOf('press, 1=2.x.csv', text);
    expect(readings.map(({ key, v }) => [key, v])).toEqual([
      [String.raw`press\,\ 1\=2\.x.value`, 1.5],
      [String.raw`press\,\ 1\=2\.x.value`, -0.001],
    ]);
    expect(skipped).toBe(2);
  });

  it.each([
    ['timestamp,value\n2026-01-01,1\n2026-02-30,2', 'a.csv:3:1: "2026-02-30" is not a time'],
    ['timestamp,value\nyesterday,1', 'a.csv:2:1: "yesterday" is not a time'],
    ['timestamp,value\n2026-01-01 24:00:00,1', 'is not a time'],
    ['timestamp,value\n9999-01-01,1', 'is not a time between the years 1684 and 2255'],
    ['timestamp,value\n2026-01-01,warm', 'a.csv:2:12: "warm" is not a number'],
    ['timestamp,value\n2026-01-01,0x10', '"0x10" is not a number'],
    ['timestamp,value\n2026-01-01,1e999', '"1e999" is not a number'],
    ['timestamp,value\n2026-01-01', 'a.csv:2:1: expected two cells'],
    ['timestamp,value\n2026-01-01,1,2', 'a.csv:2:1: expected two cells'],
  ])('ING15 names file, line and column of a fault: %j', async (text, message) => {
    expect(await fault('a.csv', text)).toContain('import-refused ');
    expect(await fault('a.csv', text)).toContain(message);
  });

  it.each(['#a.csv', 'a\nb.csv', 'a\\.csv'])(
    'ING15 refuses the file name %j, which no measurement can have',
    async (name) => {
      expect(await fault(name, 'timestamp,value\n')).toContain('rename it');
    },
  );
});

describe('SURFRAD', () => {
  const head = ' Desert Rock\n   36.63  116.02 1007 m version 1\n';
  const row = (n: number, cell = '1.5') =>
    ` 2016   1  1  1  0  ${n}  0.000  91.65 ${Array(20).fill(`${cell} 0`).join(' ')}\n`;

  it('ING15 takes the station of the header in lower case', async () => {
    expect((await rows('x.dat', head + row(1)))[0]).toEqual([
      String.raw`surfrad.dw_solar{station=desert\ rock}`,
      Date.UTC(2016, 0, 1, 0, 1) * 1000,
      1.5,
    ]);
  });

  it.each([
    [head + row(1) + row(60), 'x.dat:4:1: year, month, day, hour and minute are no time'],
    [head + row(1, 'x'), 'x.dat:3:37: "x" is not a number'],
    [`${head} 2016 1 1\n`, 'x.dat:3:1: 3 cells instead of 48'],
    [head.replace(' Desert Rock', '') + row(1), 'x.dat:1:1: the name of the station is missing'],
  ])('ING15 names file, line and column of a fault (%#)', async (text, message) => {
    expect(await fault('x.dat', text)).toContain(message);
  });

  it('ING15 counts rows without any value as skipped only', async () => {
    const bodies = await convert('x.dat', head + row(1, '-9999.9'));
    expect(bodies.map((b) => [b.readings, b.skipped, b.body.length])).toEqual([[0, 20, 0]]);
  });
});

describe('line protocol', () => {
  it('ING15 passes line protocol on, plain or gzip, and counts its readings', async () => {
    const text = '# exported\nm,t=a x=1.25,y=2i 1700000000000000001\r\nm,t=a x=3 1700000000000000999';
    for (const content of [text, gzipSync(text)]) {
      const { readings, bodies } = await readingsOf('a.lp.gz', content, 7);
      expect(Buffer.concat(bodies.map((b) => b.body)).toString()).toBe(text);
      expect(bodies.map((b) => b.precision)).toEqual(['ns']);
      expect(readings.map((r) => r.v)).toEqual([1.25, 2, 3]);
    }
  });

  it('ING15 cuts bodies of at most 4 MB at line ends, and tells what will be refused in lines of the file', async () => {
    const line = (i: number) => `pump,hub=h${i % 100} temp=${i / 100},flow=${i}i ${i}000\n`;
    const text = Array.from({ length: 300_000 }, (_, i) => (i === 250_000 ? 'm s="text",x=1 5\n' : line(i))).join('');
    const { readings, bodies } = await readingsOf('a.lp', text);
    expect(bodies.length).toBeGreaterThan(2);
    expect(Math.max(...bodies.map((b) => b.body.length))).toBeLessThanOrEqual(4_000_000);
    expect(bodies.slice(0, -1).every((b) => b.body.at(-1) === 10)).toBe(true);
    expect(readings).toHaveLength(2 * 299_999 + 1);
    expect(bodies.flatMap((b) => b.refusals)).toEqual([
      { line: 250_001, column: 5, message: 'field "s" is a string: only numbers and booleans are stored' },
    ]);
  });

  it('ING15 cuts CSV into bodies of at most 4 MB', async () => {
    const text = Array.from({ length: 200_000 }, (_, i) => `${1_700_000_000 + i},${i}.5\n`).join('');
    const { readings, bodies } = await readingsOf('a-rather-long-name-of-a-series.csv', `timestamp,value\n${text}`);
    expect(bodies.length).toBeGreaterThan(2);
    expect(Math.max(...bodies.map((b) => b.body.length))).toBeLessThanOrEqual(4_000_000);
    expect(readings.at(-1)).toEqual({
      key: 'a-rather-long-name-of-a-series.value',
      t: 1_700_199_999_000_000,
      v: 199_999.5,
    });
  });
});

describe('other files', () => {
  it.each<[string, string | Uint8Array]>([
    ['empty', ''],
    ['binary', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) % 256)],
    ['JSON', '{"a": 1}'],
    ['prose', 'This is a text\nwithout readings\n'],
    ['another CSV', 'time;temp\n1;2\n'],
    ['gzip of nothing', gzipSync('')],
  ])('ING15 refuses a file that is %s', async (_name, content) => {
    expect(await fault('a.bin', content)).toContain('unknown format');
  });

  it('ING15 refuses damaged gzip after the sound part', async () => {
    const text = Array.from({ length: 100_000 }, (_, i) => `m x=${i} ${i}000`).join('\n');
    const packed = gzipSync(text);
    expect(await fault('a.gz', packed.subarray(0, packed.length - 100))).toContain('damaged or cut short');
  });

  it('ING15 refuses a line without end', async () => {
    expect(await fault('a.lp', `m x=1\n${'x'.repeat(3_000_000)}`)).toContain('a.lp:2: the line is longer than');
    const whole = Buffer.from(`m x=1\n${'x'.repeat(5_000_000)}\n`);
    await expect(
      (async () => {
        for await (const _ of importFile('a.lp', chunks(whole, whole.length)));
      })(),
    ).rejects.toThrow('line is longer');
  });
});
