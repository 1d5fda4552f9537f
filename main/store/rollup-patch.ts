import { joinBuckets, type Rollup, sliceRollup } from '../codec/rollup.ts';
import { bucketOfDay, isDirty, setBit } from './rollup-dirty.ts';
import type { Known } from './rollup-rows.ts';
import type { Level } from './types.ts';

/**
 * Late readings of a day that can not be summed up anew, since some of it is in the archive only. A bucket that had no reading before is now what the late
 * ones make it; any other stays dirty. `old` undefined: the series had no readings. Changes `dirty`.
 */
export function patch(level: Level, old: Known | undefined, late: Rollup, dirty: Uint8Array): Known {
  if (old === 'raw') return 'raw';
  const had = new Set(old?.start);
  const parts: Rollup[] = [];
  for (const [i, start] of late.start.entries()) {
    const bucket = bucketOfDay(level, start);
    if (!isDirty(dirty, bucket) || had.has(start)) continue;
    parts.push(sliceRollup(late, i, i + 1));
    setBit(dirty, bucket, 0);
  }
  for (let i = 0; i < (old?.start.length ?? 0); i++) if (old !== undefined) parts.push(sliceRollup(old, i, i + 1));
  if (parts.length === 0) return 'raw';
  return joinBuckets(parts.sort((a, b) => (a.start[0] ?? 0) - (b.start[0] ?? 0)));
}
