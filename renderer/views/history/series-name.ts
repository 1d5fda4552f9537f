import { parseSeriesKey } from '../../../shared/series-key.ts';

export interface SeriesName {
  /** `pump temp` */
  title: string;
  /** Values of the tags, `h1`; empty without tags. */
  detail: string;
  /** Both in one line. */
  full: string;
  field: string;
  measurement: string;
  hub: string | undefined;
}

/** A series as a person calls it. A key that cannot be read stands for itself. */
export function seriesName(key: string): SeriesName {
  const id = parseSeriesKey(key);
  if (id === undefined) return { title: key, detail: '', full: key, field: key, measurement: '', hub: undefined };
  const title = `${id.measurement} ${id.field}`;
  const detail = id.tags.map(([, value]) => value).join(' · ');
  const hub = id.tags.find(([name]) => name === 'hub')?.[1];
  const full = detail === '' ? title : `${title} (${detail})`;
  return { title, detail, full, field: id.field, measurement: id.measurement, hub };
}
