import type { ArchiveDay } from '../shared/schemas.ts';
import type { BlockState } from '../shared/states.ts';
import { dayName } from '../shared/units.ts';
import type { BlockInfo, DayInfo } from './store/types.ts';

/** States of a block whose bytes in the archive were read back or checked. */
const PROVEN: readonly BlockState[] = ['verified', 'cold'];

/** One row per UTC day that has anything, oldest first: what is local, what is in the archive, when it was proven, and what is wrong. */
export function archiveCalendar(days: readonly DayInfo[], blocks: readonly BlockInfo[]): ArchiveDay[] {
  const rows = new Map<number, ArchiveDay>();
  const rowOf = (day: number): ArchiveDay => {
    const row = rows.get(day) ?? {
      day: dayName(day),
      local_bytes: 0,
      local_readings: 0,
      cold_bytes: 0,
      cold_readings: 0,
      blocks: 0,
      verified_us: null,
      problem: null,
    };
    rows.set(day, row);
    return row;
  };
  for (const d of days) {
    const row = rowOf(d.day);
    row.local_bytes += d.openBytes;
    row.local_readings += d.openReadings + d.headReadings;
  }
  const unproven = new Set<number>();
  for (const b of blocks) {
    const row = rowOf(b.day);
    row.blocks += 1;
    const cold = b.state === 'cold';
    row[cold ? 'cold_bytes' : 'local_bytes'] += b.bytes;
    row[cold ? 'cold_readings' : 'local_readings'] += b.readings;
    // The oldest proof, and none at all while one of the blocks is unproven.
    if (!PROVEN.includes(b.state) || b.verifiedUs === undefined) unproven.add(b.day);
    else row.verified_us = Math.min(row.verified_us ?? b.verifiedUs, b.verifiedUs);
    if (b.damaged)
      row.problem = `a block in the archive is ${b.lastError?.code === 'not-found' ? 'missing' : 'damaged'}`;
    else if (b.state === 'quarantined') row.problem ??= b.lastError?.message ?? 'a block was set aside';
  }
  for (const day of unproven) rowOf(day).verified_us = null;
  return [...rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
}
