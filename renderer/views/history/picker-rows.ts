import type { Series } from '../../../shared/schemas.ts';
import type { KeptSeries } from './kept-series.ts';
import { seriesName } from './series-name.ts';

/** A row of the picker: a heading, or a series below one. */
export type PickerRow = { kind: 'group'; id: string; title: string } | { kind: 'series'; id: string; series: Series };

export interface GroupTexts {
  pinned: string;
  recent: string;
  noHub: string;
}

export const searchWords = (search: string): string[] =>
  search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

/** The word that narrows most is looked for by the gateway, the others here. */
export const longestWord = (words: readonly string[]): string =>
  words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');

export function matching(series: readonly Series[], words: readonly string[]): Series[] {
  return series.filter(({ key }) => {
    const text = key.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * Pinned and recent ones first, then all by hub and measurement. Of a search only what was found; `partial` says that there are more series than
 * these, so that a pinned one may be among the others.
 */
export function pickerRows(
  series: readonly Series[],
  kept: KeptSeries,
  texts: GroupTexts,
  partial: boolean,
): PickerRow[] {
  const byKey = new Map(series.map((s) => [s.key, s]));
  const known = (keys: readonly string[]): Series[] =>
    keys.flatMap((key) => byKey.get(key) ?? (partial ? byName(key) : []));
  const recent = known(kept.recent).filter((s) => !kept.pinned.includes(s.key));
  return [
    ...section(texts.pinned, known(kept.pinned)),
    ...section(texts.recent, recent),
    ...[...groups(series, texts.noHub)].flatMap(([title, members]) => section(title, members)),
  ];
}

/** A series of which only the key is known. */
function byName(key: string): Series {
  const { measurement, field } = seriesName(key);
  return { key, measurement, field, tags: {}, unit: '', last: null };
}

function section(title: string, members: readonly Series[]): PickerRow[] {
  if (members.length === 0) return [];
  return [
    { kind: 'group', id: `group ${title}`, title },
    ...members.map((s): PickerRow => ({ kind: 'series', id: `${title} ${s.key}`, series: s })),
  ];
}

function groups(series: readonly Series[], noHub: string): Map<string, Series[]> {
  const found = new Map<string, Series[]>();
  for (const s of series) {
    const title = `${seriesName(s.key).hub ?? noHub} · ${s.measurement}`;
    const members = found.get(title);
    if (members === undefined) found.set(title, [s]);
    else members.push(s);
  }
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}
