/**
 * Canonical series keys: `measurement.field{tag=value,...}`, tags sorted by name (code unit order), no braces without tags.
 * Inside any part the characters `. , = { } " \` and space are escaped with a backslash.
 */
export interface SeriesIdentity {
  readonly measurement: string;
  readonly field: string;
  /** Sorted by tag name, names unique. */
  readonly tags: readonly (readonly [name: string, value: string])[];
}

const SPECIAL = /[.,={}"\\ ]/g;

function escapePart(part: string): string {
  return part.replace(SPECIAL, '\\$&');
}

/** Sorts tags by name in code unit order, as the canonical key wants them. */
export function sortTags(tags: Iterable<readonly [string, string]>): [string, string][] {
  return Array.from(tags, ([name, value]): [string, string] => [name, value]).sort(([a], [b]) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
}

/** The key of the series' source (same measurement and tags): the canonical key without a field. */
export function sourceKey(identity: Pick<SeriesIdentity, 'measurement' | 'tags'>): string {
  const tags = identity.tags.map(([name, value]) => `${escapePart(name)}=${escapePart(value)}`).join(',');
  return escapePart(identity.measurement) + (tags === '' ? '' : `{${tags}}`);
}

export function formatSeriesKey(identity: SeriesIdentity): string {
  const source = sourceKey(identity);
  const brace = identity.tags.length === 0 ? source.length : escapePart(identity.measurement).length;
  return `${source.slice(0, brace)}.${escapePart(identity.field)}${source.slice(brace)}`;
}

/** Reads a key back. Tags may come in any order and are sorted. Returns undefined for anything that is not a key. */
export function parseSeriesKey(key: string): SeriesIdentity | undefined {
  const parts: { text: string; end: string }[] = [];
  let text = '';
  for (let i = 0; i < key.length; i++) {
    const c = key.charAt(i);
    if (c === '\\') {
      if (++i >= key.length) return undefined;
      text += key.charAt(i);
    } else if ('.,={}'.includes(c)) {
      parts.push({ text, end: c });
      text = '';
    } else if (c === ' ' || c === '"') {
      return undefined;
    } else {
      text += c;
    }
  }
  parts.push({ text, end: '' });
  return assemble(parts);
}

function assemble(parts: { text: string; end: string }[]): SeriesIdentity | undefined {
  const [measurement, field, ...rest] = parts;
  if (measurement?.end !== '.' || measurement.text === '' || field === undefined || field.text === '') return undefined;
  const at = { measurement: measurement.text, field: field.text };
  if (field.end === '') return rest.length === 0 ? { ...at, tags: [] } : undefined;
  if (field.end !== '{') return undefined;
  const tags: [string, string][] = [];
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const name = rest[i];
    const value = rest[i + 1];
    if (name?.end !== '=' || name.text === '' || value === undefined) return undefined;
    tags.push([name.text, value.text]);
    if (value.end === '}') {
      const last = rest[i + 2];
      const unique = new Set(tags.map(([n]) => n)).size === tags.length;
      return last?.text === '' && last.end === '' && i + 3 === rest.length && unique
        ? { ...at, tags: sortTags(tags) }
        : undefined;
    }
    if (value.end !== ',') return undefined;
  }
  return undefined;
}
