import { damagedBlock } from './errors.ts';
import { decodeValues, encodeValues } from './frame.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import type { Zone } from './types.ts';

/** Similar columns share a frame, so that few chunks cost few bytes. */
const SHARED = ['min', 'max', 'first', 'last'] as const;
/** Chunks per frame. */
const GROUP = MAX_CHUNK_READINGS / SHARED.length;

interface Columns {
  zone?: Uint8Array[] | null;
  sum?: Uint8Array[] | null;
}

export function encodeZones(zones: readonly Zone[]): { zone: Uint8Array[]; sum: Uint8Array[] } {
  const columns: { zone: Uint8Array[]; sum: Uint8Array[] } = { zone: [], sum: [] };
  for (let start = 0; start < zones.length; start += GROUP) {
    const group = zones.slice(start, start + GROUP);
    columns.zone.push(encodeValues(Float64Array.from(SHARED.flatMap((name) => group.map((zone) => zone[name])))));
    columns.sum.push(encodeValues(Float64Array.from(group, (zone) => zone.sum)));
  }
  return columns;
}

/** Throws 'damaged-block' or 'damaged-frame'. */
export function decodeZones(columns: Columns, count: number): Zone[] {
  const zones: Zone[] = [];
  for (const [i, bytes] of (columns.zone ?? []).entries()) {
    const shared = decodeValues(bytes);
    const sum = decodeValues(columns.sum?.[i] ?? new Uint8Array(0));
    const n = sum.length;
    if (shared.length !== SHARED.length * n) throw damagedBlock('the zone map columns differ in length');
    for (let j = 0; j < n; j++) {
      const [min, max, first, last] = SHARED.map((_, k) => shared[k * n + j] as number) as [
        number,
        number,
        number,
        number,
      ];
      zones.push({ min, max, sum: sum[j] as number, first, last });
    }
  }
  if (zones.length !== count) throw damagedBlock(`it has ${zones.length} zone maps for ${count} chunks`);
  return zones;
}
