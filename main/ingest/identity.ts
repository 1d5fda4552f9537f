import { type SeriesIdentity, sortTags } from '../../shared/series-key.ts';
import { MAX_KEY_BYTES, MAX_TAGS } from './limits.ts';
import { quoteName } from './refusals.ts';

/** Line breaks and NUL would break listings, CSV exports and C strings further on. A lone surrogate has no UTF-8. */
function flawOf(part: string): string | undefined {
  if (part.includes('\0')) return 'holds a NUL byte';
  if (part.includes('\n') || part.includes('\r')) return 'holds a line break';
  if (!part.isWellFormed()) return 'is not valid Unicode';
  return undefined;
}

/** Why a measurement or field name cannot be used; undefined when it can. */
export function nameFlaw(kind: 'measurement' | 'field', name: string): string | undefined {
  if (name === '') return `the ${kind} name is empty`;
  const flaw = flawOf(name);
  return flaw && `the ${kind} name ${quoteName(name)} ${flaw}`;
}

/** Why a tag cannot be used; undefined when it can. An empty value means "no such tag" elsewhere, so it is refused here. */
export function tagFlaw(name: string, value: string): string | undefined {
  if (name === '') return 'a tag name is empty';
  if (value === '') return `the tag ${quoteName(name)} has no value`;
  const flaw = flawOf(name) ?? flawOf(value);
  return flaw && `the tag ${quoteName(name)} ${flaw}`;
}

/** Puts an identity together out of names and tags of a `/readings` series. Gives the reason instead when it breaks a rule. */
export function makeIdentity(
  measurement: string,
  field: string,
  tags: readonly (readonly [string, string])[],
): SeriesIdentity | string {
  if (tags.length > MAX_TAGS) return `more than ${MAX_TAGS} tags`;
  let bytes = Buffer.byteLength(measurement) + Buffer.byteLength(field);
  for (const [name, value] of tags) bytes += Buffer.byteLength(name) + Buffer.byteLength(value) + 2;
  if (bytes > MAX_KEY_BYTES) return `measurement, tags and field together are longer than ${MAX_KEY_BYTES} bytes`;
  const flaw = nameFlaw('measurement', measurement) ?? nameFlaw('field', field);
  if (flaw !== undefined) return flaw;
  const sorted = sortTags(tags);
  let previous: string | undefined;
  for (const [name, value] of sorted) {
    const wrong = name === previous ? `the tag ${quoteName(name)} is given twice` : tagFlaw(name, value);
    if (wrong !== undefined) return wrong;
    previous = name;
  }
  return { measurement, field, tags: sorted };
}
