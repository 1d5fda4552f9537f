import type Database from 'better-sqlite3';
import { TidemarkError } from '../../shared/errors.ts';
import type { Blocks } from './blocks.ts';
import type { SegmentRow, Segments } from './segments.ts';
import { statement } from './statements.ts';

/** See StoreApi.evictBlock; to be called inside a transaction. */
export function evict(
  db: Database.Database,
  blocks: Blocks,
  segments: Segments,
  id: string,
  nowUs: number,
): { bytes: number } | undefined {
  if (!blocks.move(id, 'verified', 'cold', {}, nowUs)) return undefined;
  const planned = statement<[string], { segments: number }>(db, 'select segments from block where id = ?').get(
    id,
  )?.segments;
  const rows = segments.inBlock(id, 0, Number.MAX_SAFE_INTEGER);
  if (rows.length !== planned) {
    const text = `block ${id} was planned of ${planned} segments, ${rows.length} are there`;
    throw new TidemarkError('plan-changed', text, { retry: 'never', blame: 'gateway' });
  }
  checkRolled(rows);
  for (const row of rows) segments.remove(row.id);
  // Nothing of the object is made here any more; the index stays.
  statement(db, 'delete from block_tail where block_id = ?').run(id);
  return { bytes: rows.reduce((n, row) => n + row.bytes, 0) };
}

/** T6: what leaves this gateway is summed up on it, or marked as what only its readings tell. */
export function checkRolled(rows: readonly Pick<SegmentRow, 'id' | 'rolled'>[]): void {
  const missing = rows.find(({ rolled }) => rolled === 0);
  if (missing === undefined) return;
  throw new TidemarkError('not-rolled-up', `segment ${missing.id} is not in the rollups of its day`, {
    retry: 'later',
    blame: 'gateway',
    action: 'roll up the day first',
  });
}
