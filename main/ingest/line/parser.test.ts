import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../testing/memory-registry.ts';
import { toEnd } from '../steps.ts';
import type { Precision } from '../types.ts';
import { LineParser } from './parser.ts';
import { SourceCache } from './source-cache.ts';

const RECEIVED = 1_700_000_000_000_001;

function parse(body: string | Uint8Array, o: { precision?: Precision; max?: number } = {}) {
  const target = parseTarget(o.max);
  const parser = new LineParser(target.registry, target.out);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const result = toEnd(parser.parse(bytes, o.precision ?? 'ns', RECEIVED));
  return { ...result, readings: target.readings(), registry: target.registry };
}

const rows = (body: string, precision?: Precision) =>
  parse(body, precision === undefined ? {} : { precision }).readings.map(({ key, t, v }) => [key, t, v]);

/** The only refusal as `line:column message`. */
function refusal(body: string | Uint8Array, max?: number): string {
  const { refusals, refused } = parse(body, max === undefined ? {} : { max });
  expect(refused).toBe(1);
  expect(refusals).toHaveLength(1);
  return `${refusals[0]!.line}:${refusals[0]!.column} ${refusals[0]!.message}`;
}

describe('names', () => {
  it('ING1 reads measurement, sorted tags and fields', () => {
    expect(rows('pump,site=b,hub=h1 temp=1.5,flow=2 1700000000000000000')).toEqual([
      ['pump.temp{hub=h1,site=b}', 1_700_000_000_000_000, 1.5],
      ['pump.flow{hub=h1,site=b}', 1_700_000_000_000_000, 2],
    ]);
  });

  it('ING1 unescapes comma and space in a measurement, and nothing else', () => {
    expect(rows(String.raw`a\,b\ c\=d\e f=1 0`)).toEqual([[String.raw`a\,b\ c\\\=d\\e.f`, 0, 1]]);
  });

  it('ING1 unescapes comma, equals and space in tags and field names, and keeps other backslashes', () => {
    expect(rows(String.raw`m,t\,\=\ n=C:\dir\\\ x\,y\=z f\=\ \,g=1 0`)).toEqual([
      [String.raw`m.f\=\ \,g{t\,\=\ n=C:\\dir\\\\\ x\,y\=z}`, 0, 1],
    ]);
  });

  it('ING1 takes UTF-8 names, quotes in names, and the same series in another tag order', () => {
    const { readings, registry } = parse('größe,ort=Köln "x"=1 0\nm,a=1,b=2 f=1 0\nm,b=2,a=1 f=2 0\n');
    expect(readings.map((r) => r.key)).toEqual([String.raw`größe.\"x\"{ort=Köln}`, 'm.f{a=1,b=2}', 'm.f{a=1,b=2}']);
    expect(registry.keys).toHaveLength(2);
  });

  it.each([
    [',t=1 f=1', '1:1 the measurement name is empty'],
    ['m, f=1', '1:3 a tag is missing after the comma'],
    ['m,t f=1', '1:3 the tag "t" has no ='],
    ['m,=v f=1', '1:3 a tag name is empty'],
    ['m,t= f=1', '1:3 the tag "t" has no value'],
    ['m,a=1,t=x=y f=1', '1:10 the value of tag "t" holds an unescaped ='],
    ['m,a=1,b=2,a=3 f=1', '1:11 the tag "a" is given twice'],
    ['m,a=x\0y f=1', '1:3 the tag "a" holds a NUL byte'],
    ['m\0 f=1', '1:1 the measurement name "m\\u0000" holds a NUL byte'],
    ['m f\0=1', '1:3 the field name "f\\u0000" holds a NUL byte'],
    ['m\rx f=1', '1:1 the measurement name "m\\rx" holds a line break'],
    ['m', '1:2 there are no fields: expected a space and field=value'],
    ['m,t=1', '1:6 there are no fields: expected a space and field=value'],
    ['m ', '1:3 a field is missing: expected field=value'],
    ['m f', '1:3 a field name is not followed by =: expected field=value'],
    ['m =1', '1:3 the field name is empty'],
    ['m f=1,', '1:7 a field is missing: expected field=value'],
    ['m f=1, 5', '1:7 a field is missing: expected field=value'],
    ['m f=1,f=2', '1:7 a field is given twice'],
    ['m f=1 5 6', '1:9 unexpected text after the timestamp'],
    ['m f=1x', '1:6 unexpected text after the field value'],
    ['m f=1"', '1:6 unexpected text after the field value'],
  ])('ING2 refuses %j', (line, expected) => {
    expect(refusal(`${line}\n`)).toBe(expected);
    expect(refusal(line)).toBe(expected);
    expect(parse(`a x=1 0\n${line}\nb x=2 0`).readings.map((r) => r.key)).toEqual(['a.x', 'b.x']);
  });

  it('ING2 refuses invalid UTF-8 in every kind of name, and in no other place', () => {
    const bad = (text: string) => Buffer.from(text, 'latin1');
    expect(refusal(bad('m\xff f=1'))).toBe('1:1 the measurement name is not valid UTF-8');
    expect(refusal(bad('m,t=\xc3 f=1'))).toBe('1:3 a tag is not valid UTF-8');
    expect(refusal(bad('m f\xe2\x82=1'))).toBe('1:3 the field name is not valid UTF-8');
    expect(parse(bad('# \xff\xfe\nm f=1')).accepted).toBe(1);
  });

  it('ING2 bounds keys and tags', () => {
    const long = 'x'.repeat(4096);
    expect(refusal(`m,t=${long} f=1`)).toBe('1:1 measurement and tags are longer than 4096 bytes');
    expect(refusal(`m ${long}x=1`)).toBe('1:3 the field name is longer than 4096 bytes');
    expect(refusal(`m${'x'.repeat(4000)} ${'f'.repeat(100)}=1`)).toContain('together are longer than 4096 bytes');
    expect(parse(`${'x'.repeat(4000)} ${'f'.repeat(95)}=1`).accepted).toBe(1);
    const tags = Array.from({ length: 65 }, (_, i) => `,t${i}=v`);
    expect(parse(`m${tags.slice(1).join('')} f=1`).accepted).toBe(1);
    expect(refusal(`m${tags.join('')} f=1`)).toContain('more than 64 tags');
  });

  it('ING2 bounds lines', () => {
    expect(refusal(`m f="${'x'.repeat(1024 * 1024)}",g=1\n`)).toContain('closing quote is missing');
    const fields = Array.from({ length: 90_000 }, (_, i) => `field${i}=${i}`).join(',');
    expect(refusal(`m ${fields}\n`)).toBe('1:1 the line is longer than 1048576 bytes');
  });
});

describe('values', () => {
  it('ING1 reads all kinds of values', () => {
    const text =
      'm a=1,b=-2.5,c=1e3,d=1.5E-3,e=-7i,f=7u,g=t,h=T,i=true,j=True,k=TRUE,l=f,m=F,n=false,o=False,p=FALSE,q=.5,r=5.,s=+4';
    const expected = [1, -2.5, 1000, 0.0015, -7, 7, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0.5, 5, 4];
    expect(rows(text).map((row) => row[2])).toEqual(expected);
  });

  it('ING1 keeps the sign of a float zero; integers have none', () => {
    expect(rows('m a=-0,b=-0.0,c=-0i')).toEqual([
      ['m.a', RECEIVED, -0],
      ['m.b', RECEIVED, -0],
      ['m.c', RECEIVED, 0],
    ]);
  });

  it('ING1 rounds integers beyond 2^53 to the nearest float64 and counts those that changed', () => {
    const { readings, rounded } = parse(
      'm a=9007199254740992i,b=9007199254740993i,c=9007199254740995i,d=18446744073709551615u,e=-9223372036854775808i',
    );
    expect(readings.map((r) => r.v)).toEqual([2 ** 53, 2 ** 53, 2 ** 53 + 4, 2 ** 64, -(2 ** 63)]);
    expect(rounded).toBe(3);
  });

  it('ING1 counts nothing as rounded for a line that is refused', () => {
    expect(parse('m b=9007199254740993i x')).toMatchObject({ rounded: 0, accepted: 0, refused: 1 });
  });

  it.each([
    ['9223372036854775808i', 'beyond the range of a 64-bit integer'],
    ['-9223372036854775809i', 'beyond the range of a 64-bit integer'],
    ['18446744073709551616u', 'beyond the range of a 64-bit integer'],
    ['-1u', 'beyond the range of a 64-bit integer'],
    ['1e999', 'beyond the range of a float64'],
    ['-1e999', 'beyond the range of a float64'],
    ['NaN', 'no NaN or infinity'],
    ['nan', 'no NaN or infinity'],
    ['-Inf', 'no NaN or infinity'],
    ['+Infinity', 'no NaN or infinity'],
    ['"text"', 'is a string'],
    ['"a, b=c \\" \\\\"', 'is a string'],
    ['""', 'is a string'],
  ])('ING3 refuses only the field when its value is %s', (value, message) => {
    const { readings, refusals, refused } = parse(`m a=1,bad=${value},c=3 5000\n`);
    expect(readings.map(({ key, t, v }) => [key, t, v])).toEqual([
      ['m.a', 5, 1],
      ['m.c', 5, 3],
    ]);
    expect(refused).toBe(1);
    expect(refusals[0]).toMatchObject({ line: 1, column: 11 });
    expect(refusals[0]!.message).toContain(message);
    expect(refusals[0]!.message).toContain('field "bad"');
  });

  it.each(['', 'x', 'tr', 'truee', '-', '.', '-.', '1e', '1e+', '1.5i', '1.i', '1e3i', '0x10', '--1', "'a'"])(
    'ING2 refuses the line when a value is %j',
    (value) => {
      expect(parse(`m a=1,b=${value},c=3 5\nn x=1`)).toMatchObject({ accepted: 1, refused: 1 });
    },
  );

  it('ING3 refuses absurdly long numbers without turning them into one', () => {
    const digits = '9'.repeat(900_000);
    expect(parse(`m a=${digits}i,b=1 5`)).toMatchObject({ accepted: 1, refused: 1 });
    expect(parse(`m a=${digits},b=1 5`)).toMatchObject({ accepted: 1, refused: 1 });
    expect(parse(`m a=1 ${digits}`)).toMatchObject({ accepted: 0, refused: 1 });
  });

  it('ING3 never repeats a value in a refusal', () => {
    const body = 'm a="hunter2",b=hunter2\nm a=1 hunter2\nm a=hunter2';
    expect(JSON.stringify(parse(body).refusals)).not.toContain('hunter2');
  });
});

describe('strings over several lines', () => {
  it('ING3 steps over line breaks inside a string, and counts lines on', () => {
    const { readings, refusals } = parse('m a="x\ny",b=2 1000\nbad\nm c=3 2000');
    expect(readings.map(({ key, t }) => [key, t])).toEqual([
      ['m.b', 1],
      ['m.c', 2],
    ]);
    expect(refusals.map(({ line }) => line)).toEqual([1, 3]);
  });

  it('ING3 takes nothing of the text inside the strings of a refused line for readings', () => {
    const { readings, refusals } = parse('m,=x a="1\ninjected x=1\n",b=2 1000\nm c=3 2000');
    expect(readings.map(({ key }) => key)).toEqual(['m.c']);
    expect(refusals.map(({ line }) => line)).toEqual([1]);
  });

  it('ING3 goes on after the line when a string is never closed', () => {
    const { readings, refusals } = parse('m a="open,b=2 1000\nm c=3 2000');
    expect(readings.map(({ key }) => key)).toEqual(['m.c']);
    expect(refusals[0]!.message).toContain('closing quote is missing');
  });

  it('ING3 gives columns in the physical line', () => {
    const { refusals } = parse('m a="x\ny",b=2 oops');
    expect(refusals[1]).toEqual({ line: 2, column: 8, message: 'the timestamp is not an integer' });
  });
});

describe('lines', () => {
  it('ING1 passes over comments, blank lines, CRLF, surrounding blanks and a missing last line end', () => {
    const body = '# m x=9\n\n   \r\n\r\n \t# m y=9\n  m  a=1   1000  \r\nm b=2\r\nm c=3 3000';
    expect(rows(body)).toEqual([
      ['m.a', 1, 1],
      ['m.b', RECEIVED, 2],
      ['m.c', 3, 3],
    ]);
    expect(parse(body).refused).toBe(0);
  });

  it('ING2 names lines and byte columns, counts all refusals and lists a hundred', () => {
    const body = `ok x=1\n${'é,é=1 \n'.repeat(250)}ok x=2\n`;
    const { refusals, refused, accepted } = parse(body);
    expect({ refused, accepted, listed: refusals.length }).toEqual({ refused: 250, accepted: 2, listed: 100 });
    expect(refusals[0]).toMatchObject({ line: 2, column: 9 });
    expect(refusals[99]).toMatchObject({ line: 101 });
  });

  it('ING1 takes an empty body', () => {
    expect(parse('')).toMatchObject({ accepted: 0, refused: 0 });
  });
});

describe('timestamps', () => {
  it.each<[string, Precision, number, number]>([
    ['1700000000123456789', 'ns', 1_700_000_000_123_456, 1],
    ['1700000000123456000', 'ns', 1_700_000_000_123_456, 0],
    ['-1', 'ns', -1, 1],
    ['-1000', 'ns', -1, 0],
    ['-1001', 'ns', -2, 1],
    ['0', 'ns', 0, 0],
    ['-0', 'ns', 0, 0],
    ['999', 'ns', 0, 1],
    ['9007199254740991999', 'ns', Number.MAX_SAFE_INTEGER, 1],
    ['000000000000000000000001000', 'ns', 1, 0],
    ['1700000000123456', 'us', 1_700_000_000_123_456, 0],
    ['-9007199254740991', 'us', -Number.MAX_SAFE_INTEGER, 0],
    ['1700000000123', 'ms', 1_700_000_000_123_000, 0],
    ['-5', 's', -5_000_000, 0],
    ['2', 'm', 120_000_000, 0],
    ['2', 'h', 7_200_000_000, 0],
  ])('ING1 reads %s %s', (text, precision, t, floored) => {
    const result = parse(`m a=1 ${text}`, { precision });
    expect(result.readings[0]!.t).toBe(t);
    expect(Object.is(result.readings[0]!.t, -0)).toBe(false);
    expect(result.floored).toBe(floored);
  });

  it.each<[string, Precision, string]>([
    ['9007199254740992000', 'ns', 'out of range'],
    ['-9223372036854775808', 'ns', 'out of range'],
    ['9007199254740992', 'us', 'out of range'],
    ['9223372036854775807', 's', 'out of range'],
    ['1.5', 'ns', 'unexpected text after the timestamp'],
    ['+1', 'ns', 'not an integer'],
    ['-', 'ns', 'not an integer'],
    ['x', 'ns', 'not an integer'],
  ])('ING2 refuses the timestamp %s %s', (text, precision, message) => {
    const { accepted, refusals } = parse(`m a=1,b=2 ${text}\n`, { precision });
    expect(accepted).toBe(0);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]!.message).toContain(message);
  });

  it('ING1 stamps readings without a time with the time of receipt, and counts floored readings', () => {
    expect(parse('m a=1,b=2\nm a=1,b=2 1500')).toMatchObject({ floored: 2, accepted: 4 });
    expect(rows('m a=1')).toEqual([['m.a', RECEIVED, 1]]);
  });
});

describe('series', () => {
  it('ING4 refuses new series beyond max_series by name and stores the known ones of the same line', () => {
    const { readings, refusals, refused } = parse('m a=1 0\nm b=5,a=2,c=9 1000\nm a=3 2000', { max: 1 });
    expect(readings).toEqual([
      { key: 'm.a', t: 0, v: 1 },
      { key: 'm.a', t: 1, v: 2 },
      { key: 'm.a', t: 2, v: 3 },
    ]);
    expect(refused).toBe(2);
    expect(refusals[0]).toEqual({
      line: 2,
      column: 3,
      message: 'too many series: "m.b" is new, and max_series is reached',
    });
  });

  it('ING4 registers no series of a refused line', () => {
    expect(parse('m a=1,b=2 nonsense\nn x=,y=1').registry.keys).toEqual([]);
  });

  it.each([
    ['once per series when it remembers all', 500_000, 4],
    ['again when it may remember little, with the same readings', 3, 18],
  ])('ING5 asks the registry %s, whatever the order of sources and fields', (_name, maxEntries, resolved) => {
    const target = parseTarget();
    const parser = new LineParser(target.registry, target.out, new SourceCache(maxEntries));
    const body = Buffer.from('a,h=1 x=1,y=2 0\nb x=1 0\na,h=1 y=1 0\nb z=2,x=1 0\nb x=1\na,h=1 y=3,x=3\n');
    toEnd(parser.parse(body, 'ns', 0));
    toEnd(parser.parse(body, 'ns', 0));
    const keys = ['a.x{h=1}', 'a.y{h=1}', 'b.x', 'a.y{h=1}', 'b.z', 'b.x', 'b.x', 'a.y{h=1}', 'a.x{h=1}'];
    expect(target.readings().map((r) => r.key)).toEqual([...keys, ...keys]);
    expect(target.registry.resolved).toBe(resolved);
  });

  it('ING5 forgets ids when the registry says they are void', () => {
    const target = parseTarget();
    const parser = new LineParser(target.registry, target.out);
    toEnd(parser.parse(Buffer.from('m a=1'), 'ns', 0));
    target.registry.forgetAll();
    target.out.reset();
    toEnd(parser.parse(Buffer.from('m a=1'), 'ns', 0));
    expect(target.out.series[0]).toBe(1);
  });
});
