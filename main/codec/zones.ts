import { damagedBlock } from './errors.ts';
import { decodeValues, encodePlainValues } from './frame.ts';
import { MAX_CHUNK_READINGS } from './limits.ts';
import type { Zone } from './types.ts';

/** Similar columns share a frame, so that few chunks cost few bytes. */
const SHARED = ['min', 'max', 'first', 'last'] as const;
/** Chunks per frame. */
const GROUP = MAX_CHUNK_READINGS / SHARED.length;

interface Columns {
  zone?: Uint8Array[] | null;
  sum?: Uint8Array[] | null;
  nan?: number[] | null;
}

/** `counts`: readings of each chunk. */
export function encodeZones(
  zones: readonly Zone[],
  counts: readonly number[],
): { zone: Uint8Array[]; sum: Uint8Array[]; nan: number[] } {
  const columns: ReturnType<typeof encodeZones> = { zone: [], sum: [], nan: encodeNan(zones, counts) };
  for (let start = 0; start < zones.length; start += GROUP) {
    const group = zones.slice(start, start + GROUP);
    columns.zone.push(encodePlainValues(Float64Array.from(SHARED.flatMap((name) => group.map((zone) => zone[name])))));
    columns.sum.push(encodePlainValues(Float64Array.from(group, (zone) => zone.sum)));
  }
  return columns;
}

/** How many of each chunk's readings are NaN; a single 0 when none is, nothing when that is not known of all. */
function encodeNan(zones: readonly Zone[], counts: readonly number[]): number[] {
  const known = zones.flatMap(({ numbers }, i) => (numbers === undefined ? [] : (counts[i] ?? 0) - numbers));
  if (known.length !== zones.length) return [];
  return known.length > 0 && known.every((n) => n === 0) ? [0] : known;
}

function withNumbers(zones: readonly Zone[], nan: readonly number[], counts: readonly number[]): Zone[] {
  const none = nan.length === 1 && nan[0] === 0;
  if (!none && nan.length !== 0 && nan.length !== zones.length)
    throw damagedBlock(`it tells of ${nan.length} chunks how many NaN they have, of ${zones.length}`);
  return zones.map((zone, i) => {
    const numbers = (counts[i] ?? 0) - (none ? 0 : (nan[i] ?? 0));
    if (numbers < 0) throw damagedBlock('a chunk has more NaN than readings');
    return { ...zone, numbers: nan.length === 0 ? undefined : numbers };
  });
}

/** Throws 'damaged-block' or 'damaged-frame'. */
export function decodeZones(columns: Columns, counts: readonly number[]): Zone[] {
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
      zones.push({ min, max, sum: sum[j] as number, first, last, numbers: undefined });
    }
  }
  if (zones.length !== counts.length)
    throw damagedBlock(`it has ${zones.length} zone maps for ${counts.length} chunks`);
  return withNumbers(zones, columns.nan ?? [], counts);
}
