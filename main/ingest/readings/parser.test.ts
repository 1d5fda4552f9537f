import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tidemark } from '../../codec/proto/sensor.js';
import { parseTarget } from '../../testing/memory-registry.ts';
import { toEnd } from '../steps.ts';
import { ReadingsParser } from './parser.ts';

type Series = tidemark.v1.SensorSeries.$Properties;

function run(body: Uint8Array, format: 'readings-protobuf' | 'readings-json', max?: number) {
  const target = parseTarget(max);
  const result = toEnd(new ReadingsParser(target.registry, target.out).parse(body, format));
  return { ...result, readings: target.readings(), registry: target.registry };
}
const encode = (hub: string, series: Series[]) => tidemark.v1.SensorData.encode({ hub, series }).finish();
const protobuf = (hub: string, series: Series[], max?: number) => run(encode(hub, series), 'readings-protobuf', max);
const json = (data: unknown) =>
  run(Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)), 'readings-json');
/** A wire tag and the length that follows it. */
function varints(wireTag: number, length: number): Buffer {
  const bytes = [wireTag];
  let left = length;
  for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128);
  return Buffer.from([...bytes, left]);
}
/** The first refusal of a body with one series in JSON, changed by `change`. */
const refusal = (change: object) => {
  const { refusals, refused, accepted } = json({
    series: [
      { measurement: 'm', field: 'f', timestampUs: [1], value: [1], ...change },
      { measurement: 'ok', field: 'f', timestampUs: [1], value: [1] },
    ],
  });
  expect({ refused, accepted }).toEqual({ refused: 1, accepted: 1 });
  return `${refusals[0]!.line} ${refusals[0]!.message}`;
};

describe('readings as protobuf', () => {
  it('ING8 stores series with the hub and unit, bit for bit, times before 1970 and beyond 2^32 included', () => {
    const timestampUs = [
      -1,
      0,
      2 ** 31,
      2 ** 32 + 5,
      1_700_000_000_123_456,
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
    ];
    const value = [Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1.1, 0];
    const { readings, registry, refused } = protobuf('h1', [
      { measurement: 'pump', field: 'temp', tags: { site: 'a' }, unit: '°C', timestampUs, value },
    ]);
    expect(refused).toBe(0);
    expect(readings).toEqual(timestampUs.map((t, i) => ({ key: 'pump.temp{hub=h1,site=a}', t, v: value[i] })));
    expect(registry.units).toEqual(['°C']);
  });

  it('ING8 finds the hub wherever it is in the message, and passes over unknown fields', () => {
    const series = encode('', [{ measurement: 'm', field: 'f', timestampUs: [1], value: [1] }]);
    const unknown = Uint8Array.of(0x98, 0x06, 0x01);
    const body = Buffer.concat([series, unknown, encode('late', [])]);
    expect(run(body, 'readings-protobuf').readings.map((r) => r.key)).toEqual(['m.f{hub=late}']);
  });

  it('ING9 refuses a series by name and keeps the others', () => {
    const good = { measurement: 'm', field: 'f', timestampUs: [1], value: [1] };
    const { readings, refusals } = protobuf('h', [
      { ...good, value: [1, 2] },
      good,
      { ...good, measurement: '' },
      { ...good, tags: { hub: 'x' } },
      { ...good, field: 'g', tags: { e: '' } },
    ]);
    expect(readings).toHaveLength(1);
    expect(refusals).toEqual([
      { line: 1, column: 0, message: 'series "m.f": 1 timestamps but 2 values' },
      { line: 3, column: 0, message: 'series ".f": the measurement name is empty' },
      { line: 4, column: 0, message: 'series "m.f": the tag "hub" is given twice' },
      { line: 5, column: 0, message: 'series "m.g": the tag "e" has no value' },
    ]);
  });

  it('ING9 refuses single readings whose time is out of range, and registers no series for them alone', () => {
    const far = 2 ** 53;
    const { readings, refusals, registry } = protobuf('', [
      { measurement: 'm', field: 'f', timestampUs: [1, far, 3], value: [1, 2, 3] },
      { measurement: 'n', field: 'f', timestampUs: [far], value: [1] },
    ]);
    expect(readings.map((r) => r.t)).toEqual([1, 3]);
    expect(refusals[0]!.message).toContain('timestamp 2 is out of range');
    expect(registry.keys).toEqual(['m.f']);
  });

  it('ING4 refuses new series beyond max_series by name', () => {
    const series = ['a', 'b'].map((field) => ({ measurement: 'm', field, timestampUs: [1], value: [1] }));
    const { accepted, refusals } = protobuf('', series, 1);
    expect(accepted).toBe(1);
    expect(refusals[0]!.message).toBe('too many series: "m.b" is new, and max_series is reached');
  });

  it('ING9 refuses invalid UTF-8, line breaks and huge messages', () => {
    const body = Buffer.from(encode('', [{ measurement: 'mm', field: 'f', timestampUs: [1], value: [1] }]));
    body[body.indexOf('mm')] = 0xff;
    expect(run(body, 'readings-protobuf').refusals[0]!.message).toBe('it is not a valid SensorSeries message');
    expect(
      protobuf('', [{ measurement: 'a\nb', field: 'f', timestampUs: [1], value: [1] }]).refusals[0]!.message,
    ).toContain('line break');
    const huge = { measurement: 'm', field: 'f', timestampUs: new Array<number>(9_000_000).fill(1), value: [] };
    expect(protobuf('', [huge]).refusals[0]!.message).toContain('larger than 8388608 bytes');
  });

  it('ING9 refuses a body that is no SensorData as a whole', () => {
    const body = encode('h', [{ measurement: 'm', field: 'f', timestampUs: [1], value: [1] }]);
    expect(run(body.subarray(0, body.length - 1), 'readings-protobuf')).toMatchObject({ accepted: 0, refused: 1 });
    expect(run(Buffer.from('pump temp=1'), 'readings-protobuf')).toMatchObject({ accepted: 0, refused: 1 });
    const many = Buffer.alloc(2 * 200_001, Uint8Array.of(0x12, 0));
    expect(run(many, 'readings-protobuf').refusals).toEqual([
      { line: 0, column: 0, message: 'the body has more than 200000 series: send several' },
    ]);
  });

  it('ING9 refuses too many tags, tag names and timestamps before it decodes them, and keeps the others', () => {
    const tags = (n: number, from = 0) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`t${from + i}`, 'v']));
    const good = { measurement: 'm', field: 'f', timestampUs: [1], value: [1] };
    const bomb = protobuf('', [{ ...good, tags: tags(300_000) }, good]);
    expect(bomb.refusals).toEqual([{ line: 1, column: 0, message: 'more than 64 tags' }]);
    expect(bomb.accepted).toBe(1);
    const wide = protobuf('', [
      ...Array.from({ length: 40 }, (_, i) => ({ ...good, tags: tags(25, i * 25) })),
      { ...good, tags: { another: 'v' } },
      { ...good, tags: { t1: 'w' } },
    ]);
    expect(wide.refusals.map((r) => [r.line, r.message])).toEqual([
      [41, 'the body has more than 1000 different tag names'],
      [42, 'the body has more than 1000 different tag names'],
    ]);
    for (const wire of [0x28, 0x2a]) {
      const n = 1_048_577;
      const stamps =
        wire === 0x28
          ? Buffer.alloc(2 * n, Uint8Array.of(0x28, 1))
          : Buffer.concat([varints(0x2a, n), Buffer.alloc(n, 1)]);
      expect(run(Buffer.concat([varints(0x12, stamps.length), stamps]), 'readings-protobuf').refusals[0]!.message).toBe(
        'more than 1048576 timestamps: send its readings in several',
      );
    }
  });

  it('ING9 survives random bytes and altered messages', () => {
    const sound = encode('h', [{ measurement: 'm', field: 'f', tags: { a: 'b' }, timestampUs: [1, 2], value: [1, 2] }]);
    const altered = fc
      .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 5 })
      .map((changes) => changes.reduce((bytes, [at, byte]) => bytes.with(at, byte), sound));
    fc.assert(
      fc.property(fc.oneof(altered, fc.uint8Array({ maxLength: 200 })), (body) => {
        const { accepted, readings } = run(body, 'readings-protobuf');
        expect(readings).toHaveLength(accepted);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('readings as JSON', () => {
  it('ING9 refuses a body that would make too much of itself before JSON.parse sees it', () => {
    const keys = (n: number) => Array.from({ length: n }, (_, i) => `"k${i}" : "v"`).join(',');
    const deep = (n: number) => `{"series":${'['.repeat(n)}${']'.repeat(n)}}`;
    const whole = (body: string) => json(body).refusals[0]!;
    expect(whole(`{"series":[{"measurement":"m","tags":{${keys(1_000)}}}]}`)).toEqual({
      line: 0,
      column: 0,
      message: 'the body is not SensorData as JSON: the JSON has more than 1000 different names',
    });
    expect(whole(`{${keys(1_001)}`).message).toContain('different names');
    expect(whole(`{"series":[{"measurement":"m","tags":{${keys(65)}}}]}`).message).toBe(
      'series "m.": more than 64 tags',
    );
    expect(whole(deep(16)).message).toContain('nested deeper than 16');
    expect(whole(deep(15)).message).not.toContain('nested');
    expect(whole(`{"series":[${'{"a":[]},'.repeat(410_000)}{}]}`).message).toContain('too many objects and arrays');
  });

  it('ING8 takes names and braces of any number inside texts', () => {
    const text = '[{\\"\\\\'.repeat(20);
    const tags = Object.fromEntries([['t', `${'x":'.repeat(2_000)}${text}`.slice(0, 3_000)]]);
    const series = Array.from({ length: 500 }, () => ({
      measurement: 'm',
      field: 'f',
      tags,
      timestampUs: [1],
      value: [1],
    }));
    expect(json({ hub: '\\', series })).toMatchObject({ accepted: 500, refused: 0 });
  });

  it('ING8 takes both spellings of names, int64 as text and number, and non-finite doubles as text', () => {
    const { readings, refused, registry } = json({
      hub: 'h1',
      series: [
        {
          measurement: 'm',
          field: 'a',
          unit: 'bar',
          timestampUs: ['1', 2, '3e0', '-4.0'],
          value: [1.5, '2.5', 'NaN', '-Infinity'],
        },
        { measurement: 'm', field: 'b', tags: null, timestamp_us: [5], value: ['Infinity'] },
        { measurement: 'm', field: 'c' },
      ],
    });
    expect(refused).toBe(0);
    expect(readings).toEqual([
      { key: 'm.a{hub=h1}', t: 1, v: 1.5 },
      { key: 'm.a{hub=h1}', t: 2, v: 2.5 },
      { key: 'm.a{hub=h1}', t: 3, v: Number.NaN },
      { key: 'm.a{hub=h1}', t: -4, v: Number.NEGATIVE_INFINITY },
      { key: 'm.b{hub=h1}', t: 5, v: Number.POSITIVE_INFINITY },
    ]);
    expect(registry.units).toEqual(['bar', undefined]);
  });

  it.each<[object, string]>([
    [{ value: [1, 2] }, 'series "m.f": 1 timestamps but 2 values'],
    [{ timestampUs: [1.5] }, '"timestampUs" entry 1 is not a number of its kind'],
    [{ timestampUs: ['soon'] }, '"timestampUs" entry 1 is not a number of its kind'],
    [{ timestampUs: [null] }, '"timestampUs" entry 1 is not a number of its kind'],
    [{ timestampUs: 1 }, '"timestampUs" is not an array'],
    [{ timestamp_us: [1] }, 'it has the field "timestampUs" twice'],
    [{ timestampUs: ['99999999999999999999'] }, 'timestamp 1 is out of range'],
    [{ value: [true] }, '"value" entry 1 is not a number of its kind'],
    [{ value: [''] }, '"value" entry 1 is not a number of its kind'],
    [{ value: ['0x10'] }, '"value" entry 1 is not a number of its kind'],
    [{ value: ['1e999'] }, '"value" entry 1 is not a number of its kind'],
    [{ measurement: 5 }, '"measurement" is not a string'],
    [{ measurement: '' }, 'the measurement name is empty'],
    [{ measurement: '\ud800' }, 'is not valid Unicode'],
    [{ field: 'a\0' }, 'holds a NUL byte'],
    [{ tags: ['a'] }, '"tags" is not a JSON object'],
    [{ tags: { a: 1 } }, 'the tag "a" is not a string'],
    [{ tags: { ['x'.repeat(5000)]: 'v' } }, 'longer than 4096 bytes'],
    [{ tags: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`t${i}`, 'v'])) }, 'more than 64 tags'],
    [{ unit: 'x'.repeat(65) }, 'the unit is not a text of at most 64 characters'],
    [{ tag: {} }, 'it has an unknown field "tag"'],
  ])('ING9 refuses a series with %j', (change, message) => {
    expect(refusal(change)).toContain(message);
    expect(refusal(change)).toMatch(/^1 /);
  });

  it.each<[string, string]>([
    ['{"hub":', 'it is not valid JSON'],
    ['[]', 'the body is not a JSON object'],
    ['{"hub":1}', '"hub" is not a string'],
    ['{"series":{}}', '"series" is not an array'],
    ['{"sries":[]}', 'the body has an unknown field "sries"'],
    ['', 'it is not valid JSON'],
    [`{"series":${'['.repeat(900_000)}`, 'nested deeper than 16 levels'],
  ])('ING9 refuses the body %.40s', (body, message) => {
    const { accepted, refusals } = json(body);
    expect(accepted).toBe(0);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]!.message).toContain(message);
  });

  it('ING9 refuses invalid UTF-8, and repeats nothing of a broken body', () => {
    expect(run(Buffer.from('{"hub":"\xff"}', 'latin1'), 'readings-json').refusals[0]!.message).toContain(
      'not valid UTF-8',
    );
    expect(json('{"hub": hunter2}').refusals[0]!.message).not.toContain('hunter2');
  });

  it('ING8 takes tag names that are special in JavaScript', () => {
    const body =
      '{"series":[{"measurement":"m","field":"f","tags":{"__proto__":"x","constructor":"y"},"timestampUs":[1],"value":[1]}]}';
    expect(json(body).readings.map((r) => r.key)).toEqual(['m.f{__proto__=x,constructor=y}']);
    const series = JSON.parse(body).series as Series[];
    expect(protobuf('', series).readings.map((r) => r.key)).toEqual(['m.f{__proto__=x,constructor=y}']);
  });

  it('ING9 survives any JSON', () => {
    const shaped = fc.record(
      {
        hub: fc.jsonValue(),
        series: fc.array(
          fc.record(
            {
              measurement: fc.jsonValue(),
              field: fc.string(),
              tags: fc.jsonValue(),
              timestampUs: fc.jsonValue(),
              value: fc.jsonValue(),
            },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), shaped), (data) => {
        const { accepted, readings } = json(data);
        expect(readings).toHaveLength(accepted);
      }),
      { numRuns: 1_000 },
    );
  });
});
