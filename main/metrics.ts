import { Gauge, Registry } from 'prom-client';
import type { Status } from '../shared/schemas.ts';

/** Prometheus text of the status, read when it is asked for. */
export function createMetrics(status: () => Promise<Status>): () => Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `tidemark_${name}`, help, labelNames, registers: [registry] });
  const tierBytes = gauge('tier_bytes', 'Bytes held by tier', ['tier']);
  const tierReadings = gauge('tier_readings', 'Readings held by tier', ['tier']);
  const queue = gauge('queue_blocks', 'Blocks on their way, by state', ['state']);
  const queueBytes = gauge('queue_bytes', 'Bytes of blocks on their way');
  const link = gauge('link_up', '1 when the archive can be reached');
  const success = gauge('link_last_success_seconds', 'Time of the last successful call to the archive, Unix seconds');
  const rate = gauge('ingest_readings_per_second', 'Readings committed per second, over ten seconds');
  const free = gauge('disk_free_bytes', 'Free bytes on the disk of the data folder');
  return async () => {
    const s = await status();
    for (const tier of ['head', 'local', 'cold'] as const) {
      tierBytes.set({ tier }, s.tiers[tier].bytes);
      tierReadings.set({ tier }, s.tiers[tier].readings);
    }
    tierBytes.set({ tier: 'cache' }, s.tiers.cache.bytes);
    for (const state of ['pending', 'uploading', 'quarantined'] as const) queue.set({ state }, s.queue[state]);
    queueBytes.set(s.queue.bytes);
    link.set(['ok', 'slow'].includes(s.link.state) ? 1 : 0);
    success.set((s.link.last_success_us ?? 0) / 1_000_000);
    rate.set(s.ingest.readings_per_s);
    free.set(s.disk.free_bytes);
    return registry.metrics();
  };
}
