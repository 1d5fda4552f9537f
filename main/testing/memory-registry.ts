import { formatSeriesKey } from '../../shared/series-key.ts';
import { BatchBuilder } from '../ingest/batch-builder.ts';
import type { IngestStore, SeriesRegistry } from '../ingest/types.ts';

export interface Reading {
  key: string;
  t: number;
  v: number;
}

/** Gives ids in order of appearance, up to `max`, and finds the key of an id. For tests of ingest without a database. */
export class MemoryRegistry implements SeriesRegistry {
  generation = 0;
  max: number;
  readonly keys: string[] = [];
  readonly units: (string | undefined)[] = [];
  resolved = 0;
  private readonly ids = new Map<string, number>();

  constructor(max = Number.POSITIVE_INFINITY) {
    this.max = max;
  }

  resolve(identity: Parameters<SeriesRegistry['resolve']>[0], unit?: string): number | undefined {
    this.resolved++;
    const key = formatSeriesKey(identity);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    if (this.keys.length >= this.max) return undefined;
    this.ids.set(key, this.keys.length);
    this.units.push(unit);
    return this.keys.push(key) - 1;
  }

  /** What a failed append does: ids given out before are void and will not be given again for the same series. */
  forgetAll(): void {
    this.ids.clear();
    this.generation++;
  }

  readings(batch: { count: number; series: Uint32Array; t: Float64Array; v: Float64Array }): Reading[] {
    return Array.from({ length: batch.count }, (_, i) => ({
      key: this.keys[batch.series[i]!] ?? `no series ${batch.series[i]}`,
      t: batch.t[i]!,
      v: batch.v[i]!,
    }));
  }
}

/** Collects appended batches. `failure` makes the next append throw it. */
export class MemoryIngestStore implements IngestStore {
  readonly series: MemoryRegistry;
  readonly stored: Reading[] = [];
  appends = 0;
  failure: Error | undefined;

  constructor(max?: number) {
    this.series = new MemoryRegistry(max);
  }

  append(batch: Parameters<IngestStore['append']>[0]): { seq: number } {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) {
      this.series.forgetAll();
      throw failure;
    }
    this.stored.push(...this.series.readings(batch));
    return { seq: ++this.appends };
  }
}

/** A registry and a builder to parse into, and what was parsed. */
export function parseTarget(max?: number): { registry: MemoryRegistry; out: BatchBuilder; readings(): Reading[] } {
  const registry = new MemoryRegistry(max);
  const out = new BatchBuilder();
  return { registry, out, readings: () => registry.readings(out.batch()) };
}
