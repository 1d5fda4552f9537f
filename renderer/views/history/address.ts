import { isPreset, type Preset, type Range } from '../../charts/range.ts';

/** The most series at once: as many as there are colours that can be told apart. */
export const MOST_SERIES = 8;

/** What the address of the page keeps, so that it can be shared and reloaded. */
export interface Address {
  series: readonly string[];
  /** The range follows now, unless `range` is set: then `preset` is what a reset goes back to. */
  preset: Preset;
  range: Range | undefined;
  /** Undefined: whatever suits the series. */
  layout: 'one' | 'stacked' | undefined;
  table: boolean;
}

const DEFAULT: Preset = '24h';

export function parseAddress(params: URLSearchParams): Address {
  const preset = params.get('range') ?? '';
  const layout = params.get('layout');
  return {
    series: [...new Set(params.getAll('series'))].slice(0, MOST_SERIES),
    preset: isPreset(preset) ? preset : DEFAULT,
    range: parseRange(params.get('from'), params.get('to')),
    layout: layout === 'one' || layout === 'stacked' ? layout : undefined,
    table: params.get('show') === 'table',
  };
}

function parseRange(from: string | null, to: string | null): Range | undefined {
  if (from === null || to === null || from === '' || to === '') return undefined;
  const range = { from: Number(from), to: Number(to) };
  return Number.isSafeInteger(range.from) && Number.isSafeInteger(range.to) && range.from < range.to
    ? range
    : undefined;
}

export function formatAddress(address: Address): URLSearchParams {
  const params = new URLSearchParams();
  for (const key of address.series) params.append('series', key);
  if (address.preset !== DEFAULT) params.set('range', address.preset);
  if (address.range !== undefined) {
    params.set('from', String(address.range.from));
    params.set('to', String(address.range.to));
  }
  if (address.layout !== undefined) params.set('layout', address.layout);
  if (address.table) params.set('show', 'table');
  return params;
}
