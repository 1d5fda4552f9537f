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

/** Readings of a chunk that are no NaN; undefined where that is not told. Throws 'damaged-block'. */
function numbersOf(nan: ArrayLike<number>, counts: ArrayLike<number>): (i: number) => number | undefined {
  const none = nan.length === 1 && nan[0] === 0;
  if (!none && nan.length !== 0 && nan.length !== counts.length)
    throw damagedBlock(`it tells of ${nan.length} chunks how many NaN they have, of ${counts.length}`);
  for (let i = 0; i < nan.length; i++)
    if ((nan[i] as number) > (counts[i] as number)) throw damagedBlock('a chunk has more NaN than readings');
  if (nan.length === 0) return () => undefined;
  return (i) => (counts[i] as number) - (none ? 0 : (nan[i] as number));
}

/** The zone map of chunk i, of those that `counts` has the readings of. Throws 'damaged-block' or 'damaged-frame'. */
export function openZones(
  columns: Pick<Columns, 'zone' | 'sum'> & { nan?: ArrayLike<number> | null },
  counts: ArrayLike<number>,
): (i: number) => Zone {
  const groups: { from: number; shared: Float64Array; sum: Float64Array }[] = [];
  let chunks = 0;
  for (const [i, bytes] of (columns.zone ?? []).entries()) {
    const shared = decodeValues(bytes);
    const sum = decodeValues(columns.sum?.[i] ?? new Uint8Array(0));
    if (shared.length !== SHARED.length * sum.length) throw damagedBlock('the zone map columns differ in length');
    groups.push({ from: chunks, shared, sum });
    chunks += sum.length;
  }
  if (chunks !== counts.length) throw damagedBlock(`it has ${chunks} zone maps for ${counts.length} chunks`);
  const numbers = numbersOf(columns.nan ?? [], counts);
  return (i) => {
    const group = groups.findLast(({ from }) => from <= i);
    if (group === undefined) throw new RangeError(`there is no chunk ${i}`);
    const { from, shared, sum } = group;
    const [n, at] = [sum.length, i - from];
    return {
      min: shared[at] as number,
      max: shared[n + at] as number,
      sum: sum[at] as number,
      first: shared[2 * n + at] as number,
      last: shared[3 * n + at] as number,
      numbers: numbers(i),
    };
  };
}
