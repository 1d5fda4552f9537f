import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSeriesKey, sortTags } from '../../../shared/series-key.ts';
import { parseTarget, type Reading } from '../../testing/memory-registry.ts';
import { toEnd } from '../steps.ts';
import { LineParser } from './parser.ts';

const RECEIVED = 1_700_000_000_000_000;

function parse(body: Uint8Array) {
  const target = parseTarget();
  const result = toEnd(new LineParser(target.registry, target.out).parse(body, 'us', RECEIVED));
  expect(result.accepted).toBe(target.out.count);
  return { ...result, readings: target.readings() };
}

/** Names that need escapes often. A name that ends with a backslash has no spelling in line protocol. */
const name = fc
  .oneof(
    fc.string({
      unit: fc.constantFrom('a', 'ä', '😀', ',', ' ', '=', '\\', '"', '#', '.', '{', '1'),
      minLength: 1,
      maxLength: 8,
    }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((s) => !/\p{Cc}/u.test(s)),
  )
  .filter((s) => !s.endsWith('\\') && s.isWellFormed());

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => ({ text: Object.is(v, -0) ? '-0' : String(v), v })),
  fc.maxSafeInteger().map((v) => ({ text: `${v}i`, v: v + 0 })),
  fc.nat().map((v) => ({ text: `${v}u`, v })),
  fc.constantFrom('t', 'T', 'true', 'True', 'TRUE').map((text) => ({ text, v: 1 })),
  fc.constantFrom('f', 'F', 'false', 'False', 'FALSE').map((text) => ({ text, v: 0 })),
  fc
    .string({ unit: fc.constantFrom('a', '"', '\\', '\n', ',', ' ', '=', '#'), maxLength: 10 })
    .map((s) => ({ text: `"${s.replace(/["\\]/g, '\\$&')}"`, v: undefined })),
);

const record = fc.record({
  measurement: name.filter((s) => !s.startsWith('#')),
  tags: fc.uniqueArray(fc.tuple(name, name), { maxLength: 4, selector: ([n]) => n }),
  fields: fc.uniqueArray(fc.tuple(name, value), { minLength: 1, maxLength: 6, selector: ([n]) => n }),
  t: fc.option(fc.maxSafeInteger()),
  gap: fc.constantFrom(' ', '  ', ' \t '),
  before: fc.constantFrom('', '', '\n', '# "comment", x=1\n', '  \r\n'),
  end: fc.constantFrom('\n', '\r\n', ' \n', '\n\n'),
});
type Record = typeof record extends fc.Arbitrary<infer T> ? T : never;

const escapeTag = (s: string): string => s.replace(/[,= ]/g, '\\$&');

function render({ measurement, tags, fields, t, gap, before, end }: Record): string {
  const prefix = [measurement.replace(/[, ]/g, '\\$&'), ...tags.map(([n, v]) => `${escapeTag(n)}=${escapeTag(v)}`)];
  const values = fields.map(([n, { text }]) => `${escapeTag(n)}=${text}`);
  return `${before}${prefix.join(',')}${gap}${values.join(',')}${t === null ? '' : gap + t}${end}`;
}

const expected = ({ measurement, tags, fields, t }: Record): Reading[] =>
  fields.flatMap(([field, { v }]) =>
    v === undefined
      ? []
      : [{ key: formatSeriesKey({ measurement, field, tags: sortTags(tags) }), t: t ?? RECEIVED, v }],
  );

/** An independent reading of one line by regular expressions: the readings, or undefined when the line is refused as a whole. */
function naive(line: string): Reading[] | undefined {
  const NAME = String.raw`(?:\\[,= ]|\\(?![,= ])|[^,= \\])+`;
  const SOURCE = new RegExp(
    String.raw`^[ \t]*((?:\\[,= ]|\\(?![,= ])|[^, \\])+)((?:,${NAME}=${NAME})*) [ \t]*(.*)$`,
    's',
  );
  const [, measurement, tagText, rest] = SOURCE.exec(line) ?? [];
  if (measurement === undefined || tagText === undefined || rest === undefined) return undefined;
  const tags = [...tagText.matchAll(new RegExp(`,(${NAME})=(${NAME})`, 'g'))].map(([, n, v]): [string, string] => [
    unescaped(n!),
    unescaped(v!),
  ]);
  if (new Set(tags.map(([n]) => n)).size !== tags.length) return undefined;
  const FIELD = String.raw`(${NAME})=("(?:\\["\\]|[^"])*?"|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+|[iu])?|[-+]?[a-zA-Z]+)`;
  const match = new RegExp(`^(${FIELD}(?:,${FIELD})*)((?:[ \\t]+-?\\d+)?)[ \\t]*$`, 's').exec(rest);
  if (match === null) return undefined;
  const time = match.at(-1)!.trim();
  const seen = new Set<string>();
  const readings: Reading[] = [];
  for (const [, field, text] of match[1]!.matchAll(new RegExp(`(?:^|,)${FIELD}`, 'gs'))) {
    const v = naiveValue(text!);
    if (v === undefined || seen.has(field!)) return undefined;
    seen.add(field!);
    const identity = {
      measurement: measurement.replace(/\\([, ])/g, '$1'),
      field: unescaped(field!),
      tags: sortTags(tags),
    };
    if (v !== null) readings.push({ key: formatSeriesKey(identity), t: time === '' ? RECEIVED : Number(time), v });
  }
  return readings;
}

const unescaped = (s: string): string => s.replace(/\\([,= ])/g, '$1');

/** null: only this field is refused; undefined: the line is. */
function naiveValue(text: string): number | null | undefined {
  if (text.startsWith('"')) return null;
  if (/^(t|T|true|True|TRUE)$/.test(text)) return 1;
  if (/^(f|F|false|False|FALSE)$/.test(text)) return 0;
  if (/^[-+]?(nan|inf|infinity)$/i.test(text)) return null;
  if (/^[-+]?\d+i$/.test(text)) return Number(text.slice(0, -1)) + 0;
  if (/^[-+]?\d+u$/.test(text)) return text.startsWith('-') ? null : Number(text.slice(0, -1));
  if (/[iu]$/.test(text) || !/\d/.test(text)) return undefined;
  return Number.isFinite(Number(text)) ? Number(text) : null;
}

describe('line protocol', () => {
  it('ING1 reads back what was written, with all escapes, kinds of values, line ends and comments', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const { readings, refused } = parse(Buffer.from(records.map(render).join('')));
        const strings = records.flatMap((r) => r.fields).filter(([, { v }]) => v === undefined).length;
        expect(readings).toEqual(records.flatMap(expected));
        expect(refused).toBe(strings);
      }),
      { numRuns: 400 },
    );
  });

  it('ING2 agrees with an independent reading of any single line', () => {
    const odd = fc.constantFrom(
      ',',
      ' ',
      '=',
      '"',
      '\\',
      '\\"',
      '\\ ',
      '\\,',
      '\\=',
      '-',
      '+',
      '.',
      'e',
      'i',
      '\t',
      'é',
      '#',
      '',
    );
    const pieces = (...usual: string[]) =>
      fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: odd });
    const tag = pieces(',a=1', ',b=2', ',c\\ =\\,', ',d=\\');
    const field = fc
      .tuple(
        pieces('x=', 'y=', 'z\\ =', 'w\\\\='),
        pieces(
          '1',
          '-2.5',
          '3i',
          '4u',
          '-4u',
          '.5',
          '6.',
          '1e3',
          't',
          'FALSE',
          'NaN',
          '-inf',
          '"s"',
          '"a\\"b, c=1"',
          'oops',
        ),
        odd,
      )
      .map(([name, text, extra]) => name + text + (extra === '\\' ? extra : ''));
    const line = fc
      .tuple(
        fc.array(tag, { maxLength: 3 }),
        pieces(' ', '  '),
        fc.array(field, { minLength: 1, maxLength: 4 }),
        pieces('', ' 7', ' -8 '),
      )
      .map(([tags, gap, fields, time]) => `m${tags.join('')}${gap}${fields.join(',')}${time}`);
    let accepted = 0;
    fc.assert(
      fc.property(line, (text) => {
        const reference = naive(text);
        const { readings, refused } = parse(Buffer.from(text));
        expect(readings).toEqual(reference ?? []);
        if (reference === undefined) expect(refused).toBeGreaterThan(0);
        else accepted += readings.length;
      }),
      { numRuns: 4_000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it('ING2 survives random bytes, and the lines around them are kept', () => {
    const noise = fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => Buffer.from(bytes.map((b) => (b === 0x22 ? 0x27 : b))));
    fc.assert(
      fc.property(noise, (bytes) => {
        const { readings } = parse(Buffer.concat([Buffer.from('first x=1 1\n'), bytes, Buffer.from('\nlast x=2 2\n')]));
        expect(readings[0]).toEqual({ key: 'first.x', t: 1, v: 1 });
        expect(readings.at(-1)).toEqual({ key: 'last.x', t: 2, v: 2 });
      }),
      { numRuns: 1_000 },
    );
  });

  it('ING2 survives any cut of a good body', () => {
    const body = Buffer.from('größe,a\\ b=c\\,d x\\=y=1.5e3,s="a\\"b\nc",i=-5i,b=true 1700000000000000\r\n# c\nm f=1');
    for (let end = 0; end <= body.length; end++) parse(body.subarray(0, end));
    for (let from = 0; from < body.length; from++) parse(body.subarray(from));
  });

  it.each([
    ['quotes', 'm a="'],
    ['escaped quotes', '="\\"'],
    ['backslashes', '\\'],
    ['commas', ','],
    ['line ends', 'x\n'],
    ['tags', 'm,t=v'],
    ['digits', 'm a=1'],
    ['nothing but spaces', ' '],
  ])('ING2 takes a time that grows with the size only, for 4 MB of %s', (_name, piece) => {
    // Were it the square of the size, the test would not end before its timeout.
    parse(Buffer.alloc(4_000_000, piece));
  });
});
