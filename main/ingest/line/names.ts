import { isUtf8 } from 'node:buffer';
import { sortTags } from '../../../shared/series-key.ts';
import { nameFlaw, tagFlaw } from '../identity.ts';
import { MAX_KEY_BYTES, MAX_TAGS } from '../limits.ts';
import { quoteName } from '../refusals.ts';
import { BACKSLASH, COMMA, EQUALS, isEscapable } from './bytes.ts';

/** What the fields of one line share. */
export interface SourceIdentity {
  readonly measurement: string;
  /** Sorted by name, names unique. */
  readonly tags: readonly (readonly [name: string, value: string])[];
}

/** A broken rule and the offset of the part that breaks it. */
export interface Flaw {
  readonly at: number;
  readonly message: string;
}

export const isFlaw = (x: object | string): x is Flaw => typeof x === 'object' && 'message' in x;

const unescapeMeasurement = (text: string): string => text.replace(/\\([, ])/g, '$1');
const unescapeName = (text: string): string => text.replace(/\\([,= ])/g, '$1');

/** The offset of the first unescaped `byte` in [from, to), `to` when there is none. */
function find(buf: Buffer, byte: number, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const c = buf[i];
    if (c === byte) return i;
    if (c === BACKSLASH && isEscapable(buf[i + 1])) i++;
  }
  return to;
}

/** Reads `measurement[,tag=value...]`, which ends before `to`. */
export function parseSource(buf: Buffer, from: number, to: number): SourceIdentity | Flaw {
  if (to - from > MAX_KEY_BYTES)
    return { at: from, message: `measurement and tags are longer than ${MAX_KEY_BYTES} bytes` };
  const nameEnd = find(buf, COMMA, from, to);
  if (!isUtf8(buf.subarray(from, nameEnd))) return { at: from, message: 'the measurement name is not valid UTF-8' };
  const measurement = unescapeMeasurement(buf.toString('utf8', from, nameEnd));
  const flaw = nameFlaw('measurement', measurement);
  if (flaw !== undefined) return { at: from, message: flaw };
  const tags: [string, string][] = [];
  const names = new Set<string>();
  for (let at = nameEnd + 1; at <= to; ) {
    const end = find(buf, COMMA, at, to);
    const tag = parseTag(buf, at, end);
    if (isFlaw(tag)) return tag;
    if (names.has(tag[0])) return { at, message: `the tag ${quoteName(tag[0])} is given twice` };
    if (tags.length === MAX_TAGS) return { at, message: `more than ${MAX_TAGS} tags` };
    names.add(tag[0]);
    tags.push(tag);
    at = end + 1;
  }
  return { measurement, tags: sortTags(tags) };
}

function parseTag(buf: Buffer, from: number, to: number): [string, string] | Flaw {
  if (!isUtf8(buf.subarray(from, to))) return { at: from, message: 'a tag is not valid UTF-8' };
  const equals = find(buf, EQUALS, from, to);
  const name = unescapeName(buf.toString('utf8', from, equals));
  if (equals === to) {
    return {
      at: from,
      message: name === '' ? 'a tag is missing after the comma' : `the tag ${quoteName(name)} has no =`,
    };
  }
  const second = find(buf, EQUALS, equals + 1, to);
  if (second !== to) return { at: second, message: `the value of tag ${quoteName(name)} holds an unescaped =` };
  const value = unescapeName(buf.toString('utf8', equals + 1, to));
  const flaw = tagFlaw(name, value);
  return flaw === undefined ? [name, value] : { at: from, message: flaw };
}

/** Reads a field name that ends before `to` (where its `=` is). */
export function parseField(buf: Buffer, from: number, to: number): string | Flaw {
  if (to - from > MAX_KEY_BYTES) return { at: from, message: `the field name is longer than ${MAX_KEY_BYTES} bytes` };
  if (!isUtf8(buf.subarray(from, to))) return { at: from, message: 'the field name is not valid UTF-8' };
  const name = unescapeName(buf.toString('utf8', from, to));
  const flaw = nameFlaw('field', name);
  return flaw === undefined ? name : { at: from, message: flaw };
}
