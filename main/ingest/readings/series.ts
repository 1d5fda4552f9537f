import type { SeriesIdentity } from '../../../shared/series-key.ts';
import { MAX_TIMESTAMP_US } from '../../../shared/units.ts';
import type { BatchBuilder } from '../batch-builder.ts';
import { makeIdentity } from '../identity.ts';
import { MAX_UNIT_LENGTH } from '../limits.ts';
import { type Outcome, quoteName, tooManySeries } from '../refusals.ts';
import type { SeriesRegistry } from '../types.ts';

/** One series of a `/readings` body, decoded from either form. */
export interface SensorSeries {
  measurement: string;
  field: string;
  tags: readonly (readonly [string, string])[];
  unit: string;
  timestampUs: readonly number[];
  value: readonly number[];
}

interface Target {
  registry: SeriesRegistry;
  out: BatchBuilder;
  outcome: Outcome;
}

/** Adds the readings of series `index` (1-based) to the batch. Refuses the series by name, or single readings of it. */
export function addSeries(series: SensorSeries, hub: string, index: number, { registry, out, outcome }: Target): void {
  const refuse = (message: string): void => outcome.refuse(index, 0, () => `series ${nameOf(series)}: ${message}`);
  const { timestampUs, value, unit } = series;
  const identity = identify(series, hub);
  if (typeof identity === 'string') {
    refuse(identity);
    return;
  }
  let id: number | undefined;
  for (let i = 0; i < value.length; i++) {
    const t = timestampUs[i] ?? Number.NaN;
    if (!(Math.abs(t) <= MAX_TIMESTAMP_US)) {
      refuse(`timestamp ${i + 1} is out of range: years 1684 to 2255, in microseconds, can be stored`);
      continue;
    }
    // Only a series with a reading is registered.
    id ??= registry.resolve(identity, unit === '' ? undefined : unit);
    if (id === undefined) {
      outcome.refuse(index, 0, () => tooManySeries(identity));
      return;
    }
    out.push(id, t, value[i] ?? Number.NaN);
  }
}

/** The identity of a series with the hub as a tag, or why the series is refused. */
function identify(
  { measurement, field, tags, unit, timestampUs, value }: SensorSeries,
  hub: string,
): SeriesIdentity | string {
  if (timestampUs.length !== value.length) return `${timestampUs.length} timestamps but ${value.length} values`;
  if (unit.length > MAX_UNIT_LENGTH || !unit.isWellFormed() || hasControl(unit)) {
    return `the unit is not a text of at most ${MAX_UNIT_LENGTH} characters`;
  }
  return makeIdentity(measurement, field, hub === '' ? tags : [...tags, ['hub', hub]]);
}

const nameOf = ({ measurement, field }: SensorSeries): string => quoteName(`${measurement}.${field}`);

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32 || text.charCodeAt(i) === 127) return true;
  return false;
}
