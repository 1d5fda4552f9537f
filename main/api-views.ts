import type { Block, GatewayEvent, Series } from '../shared/schemas.ts';
import { DAY_US, dayName } from '../shared/units.ts';
import type { BlockInfo, EventRow, SeriesInfo } from './store/types.ts';

/** JSON has no NaN and no infinities: they become their names. */
export function jsonNumber(value: number): number | 'NaN' | 'Infinity' | '-Infinity' {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

export function seriesView(s: SeriesInfo): Series {
  return {
    key: s.key,
    measurement: s.measurement,
    field: s.field,
    tags: Object.fromEntries(s.tags),
    unit: s.unit,
    last: s.last === undefined ? null : { t_us: s.last.t, value: jsonNumber(s.last.v) },
  };
}

export function blockView(b: BlockInfo): Block {
  return {
    id: b.id,
    key: b.key,
    store: b.storeId,
    day: dayName(b.day),
    from_us: b.tMin,
    to_us: b.tMax,
    readings: b.readings,
    series: b.series,
    bytes: b.bytes,
    state: b.state,
    parts: b.parts,
    parts_stored: b.partsStored,
    parts_verified: b.partsVerified,
    attempts: b.attempts,
    next_attempt_us: b.nextAttemptUs === 0 ? null : b.nextAttemptUs,
    last_error:
      b.lastError === undefined
        ? null
        : { code: b.lastError.code, message: b.lastError.message, at_us: b.lastError.atUs },
    sha256: b.sha256,
    planned_us: b.plannedUs,
    uploaded_us: b.uploadedUs ?? null,
    verified_us: b.verifiedUs ?? null,
    cold_us: b.coldUs ?? null,
    verify: b.verify ?? null,
    damaged: b.damaged,
  };
}

export function eventView(e: EventRow): GatewayEvent {
  return { id: e.id, at_us: e.atUs, code: e.code, level: e.level, text: e.text, detail: e.detail };
}

/** UTC day number of `YYYY-MM-DD` (already validated). */
export function dayNumber(date: string): number {
  return (Date.parse(`${date}T00:00:00Z`) * 1_000) / DAY_US;
}
