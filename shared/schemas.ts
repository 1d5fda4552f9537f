import { z } from 'zod';
import { BLOCK_STATES, COVERAGE_SOURCES } from './states.ts';

/** The shapes that cross the contract. Times are integer microseconds since the Unix epoch, UTC (`_us`); sizes are bytes. */
export const timeUs = z.int();
const bytes = z.number().nonnegative();
const count = z.number().int().nonnegative();

export const OVERALL_STATES = ['ok', 'working', 'offline', 'attention', 'error'] as const;
export const LINK_STATES = ['ok', 'offline', 'slow', 'clock', 'credentials', 'bucket', 'portal', 'unset'] as const;

const extent = { oldest_us: timeUs.nullable(), newest_us: timeUs.nullable() };

export const statusSchema = z.object({
  state: z.enum(OVERALL_STATES),
  /** The worst state in plain words, one or two sentences. */
  sentence: z.string(),
  site: z.object({
    name: z.string(),
    zone: z.string(),
    version: z.string(),
    demo: z.boolean(),
    archive: z.string().nullable(),
  }),
  now_us: timeUs,
  /** Bytes are those on the disk of the gateway or in the archive; of the head, which is in memory, those of its journal. */
  tiers: z.object({
    head: z.object({ readings: count, bytes, ...extent }),
    local: z.object({ readings: count, bytes, ...extent }),
    cache: z.object({ bytes, limit_bytes: bytes }),
    /** `damaged`: blocks of which an object is not what was written, or is missing. */
    cold: z.object({ readings: count, bytes, blocks: count, damaged: count, ...extent }),
  }),
  /** What the gateway holds on its own disk (database, log, cache) against `max_local_size_gb`, or what the disk gives if that is less. It may be more: the limit never stops ingest. */
  storage: z.object({ used_bytes: bytes, limit_bytes: bytes, db_bytes: bytes, wal_bytes: bytes }),
  queue: z.object({
    pending: count,
    uploading: count,
    quarantined: count,
    bytes,
    sent_bytes: bytes,
    rate_bytes_per_s: z.number().nullable(),
    /** Only when the rate is steady enough to be trusted. */
    eta_s: z.number().nullable(),
  }),
  link: z.object({
    state: z.enum(LINK_STATES),
    since_us: timeUs.nullable(),
    last_success_us: timeUs.nullable(),
    last_error: z.string().nullable(),
  }),
  tiering: z.object({
    last_run_us: timeUs.nullable(),
    next_run_us: timeUs.nullable(),
    running: z.boolean(),
    /** Waiting for the link or running after "Tier now" was pressed. */
    requested: z.boolean(),
    stage: z.string().nullable(),
    /** Null: not paused; 0: until resumed. */
    paused_until_us: timeUs.nullable(),
    last_verified_us: timeUs.nullable(),
    /** What has to go goes, so that the disk does not fill: the archive is reachable, nothing holds the moving up, and the limit is kept. */
    keeps_up: z.boolean(),
    max_age_days: z.number(),
    /** Due by age and not planned yet: the next run, or "Tier now", moves it. */
    due_days: count,
    due_readings: count,
  }),
  ingest: z.object({
    readings_per_s: z.number(),
    last_received_us: timeUs.nullable(),
    /** Readings of each of the last 60 minutes, oldest first. */
    minutes: z.array(z.number()),
    series: count,
    /** Why new readings are refused with 503 now; null: they are not. */
    refusing: z.string().nullable(),
  }),
  /** `room_bytes`: until new readings are refused. `reserve_bytes`: in the file that makes room for moving data on a full disk; neither used nor free. */
  disk: z.object({ free_bytes: bytes, total_bytes: bytes, room_bytes: bytes, reserve_bytes: bytes }),
  /** Days until the disk is full if nothing can be moved away, at the mean rate of the last hour; null when that is unknown or nothing came in. */
  runway_days: z.number().nullable(),
});
export type Status = z.infer<typeof statusSchema>;

export const seriesSchema = z.object({
  key: z.string(),
  measurement: z.string(),
  field: z.string(),
  tags: z.record(z.string(), z.string()),
  unit: z.string(),
  last: z.object({ t_us: timeUs, value: z.number().or(z.string()) }).nullable(),
});
export type Series = z.infer<typeof seriesSchema>;

export const blockSchema = z.object({
  id: z.string(),
  key: z.string(),
  store: z.string(),
  day: z.string(),
  from_us: timeUs,
  to_us: timeUs,
  readings: count,
  series: count,
  bytes,
  state: z.enum(BLOCK_STATES),
  parts: count,
  parts_stored: count,
  parts_verified: count,
  attempts: count,
  next_attempt_us: timeUs.nullable(),
  last_error: z.object({ code: z.string(), message: z.string(), at_us: timeUs }).nullable(),
  sha256: z.string(),
  planned_us: timeUs,
  uploaded_us: timeUs.nullable(),
  verified_us: timeUs.nullable(),
  cold_us: timeUs.nullable(),
  verify: z.enum(['readback', 'checksum']).nullable(),
  damaged: z.boolean(),
});
export type Block = z.infer<typeof blockSchema>;

export const eventSchema = z.object({
  id: z.int(),
  at_us: timeUs,
  code: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type GatewayEvent = z.infer<typeof eventSchema>;

export const coverageSchema = z.object({ from: timeUs, to: timeUs, source: z.enum(COVERAGE_SOURCES) });

/** A JSON number, or one of the strings NaN, Infinity, -Infinity. */
export const numberOrText = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);

export const coldSchema = z.object({ bytes, total_bytes: bytes, requests: count });

/** GET /api/v1/query: rows for people and scripts. */
export const queryRowsSchema = z.object({
  series: z.string(),
  unit: z.string(),
  /** `[t_us, value]` when raw, else `[t_us, min, max, mean, count]`, empty buckets left out. A stored sum (coverage: rollup) counts in the bucket of its start. */
  points: z.array(z.array(numberOrText)),
  coverage: z.array(coverageSchema),
  cold: coldSchema,
  /** Cursor of the next page (raw only). */
  next: z.string().nullable(),
});
export type QueryRows = z.infer<typeof queryRowsSchema>;

/**
 * A `QueryRows` as it goes out over REST: a stream of JSON text, whose points (up to 100,000) are not checked one by one. Only the gateway writes
 * it; tests check the text.
 */
export const queryReplySchema = z.object({
  headers: z.object({ 'content-type': z.literal('application/json') }),
  body: z.unknown(),
});

/**
 * One state of a streamed answer: replaces the one before. Columns are base64 of little-endian Float64, as many as points. `first` and `last` are NaN where
 * summaries are among it, which do not know them.
 */
export const queryUpdateSchema = z.object({
  series: z.string(),
  unit: z.string(),
  from: timeUs,
  to: timeUs,
  /** True when every bucket holds at most one reading: `mean` is the raw line, and `t` has the times of the readings, not of their buckets. */
  raw: z.boolean(),
  columns: z.object({
    t: z.string(),
    min: z.string(),
    max: z.string(),
    mean: z.string(),
    first: z.string(),
    last: z.string(),
    count: z.string(),
  }),
  coverage: z.array(coverageSchema),
  cold: coldSchema,
  done: z.boolean(),
  /** Some of it is only a summary, coarser than the points asked for: the full detail is on its way, or needs the link. */
  coarse: z.boolean(),
});
export type QueryUpdate = z.infer<typeof queryUpdateSchema>;

/** One UTC day of the archive calendar. */
export const archiveDaySchema = z.object({
  day: z.string(),
  local_bytes: bytes,
  local_readings: count,
  cold_bytes: bytes,
  cold_readings: count,
  blocks: count,
  verified_us: timeUs.nullable(),
  problem: z.string().nullable(),
});
export type ArchiveDay = z.infer<typeof archiveDaySchema>;

export const previewSchema = z.object({
  days: count,
  readings: count,
  bytes,
  /** Why nothing would be moved, in plain words; null when something would. */
  nothing: z.string().nullable(),
});
export type Preview = z.infer<typeof previewSchema>;

/** One effective setting. Secrets come as `set` or `not set`. */
export const settingSchema = z.object({
  key: z.string(),
  value: z.string(),
  source: z.enum(['default', 'environment', 'tidemark.toml', 'settings.toml', 'command line']),
});
export type Setting = z.infer<typeof settingSchema>;
