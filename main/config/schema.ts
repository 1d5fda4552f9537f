import { z } from 'zod';

const DURATION = /^(\d+(?:\.\d+)?)(s|m|h|d)$/;
const DURATION_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `30s`, `15m`, `1h`, `2d`; undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  return amount === undefined || unit === undefined ? undefined : Number(amount) * (DURATION_MS[unit] ?? 0);
}

/** The shortest way to write it, e.g. `90m`, `2h`. */
export function formatDuration(ms: number): string {
  const [unit = 's', length = 1_000] =
    Object.entries(DURATION_MS)
      .reverse()
      .find(([, of]) => ms % of === 0) ?? [];
  return `${ms / length}${unit}`;
}

const text = z.string().min(1, 'must not be empty').max(4096);
/** A key or secret: it goes into headers, where a line break would fail every request. */
const CONTROL = /\p{Cc}/u;
export const isPrintable = (value: string): boolean => !CONTROL.test(value);
const credential = text.refine(isPrintable, 'must not hold line breaks or other control characters');
const whole = (least: number, most: number) =>
  z.int('expected a whole number').min(least, `must be at least ${least}`).max(most, `must be at most ${most}`);

const duration = (leastMs: number) =>
  z.string().transform((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined || ms < leastMs) {
      context.addIssue({
        code: 'custom',
        message: `expected a duration such as "15m" or "1h", at least ${leastMs / 1_000} s`,
      });
      return z.NEVER;
    }
    return ms;
  });

const LISTEN = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/;
const listen = z.string().transform((value, context) => {
  const [, host, port] = LISTEN.exec(value) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    context.addIssue({ code: 'custom', message: 'expected host:port such as "127.0.0.1:8086" (port 0: any free one)' });
    return z.NEVER;
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
});

const endpoint = z
  .string()
  .refine(isEndpoint, 'expected an address such as "http://archive.example:9000", without a path');

function isEndpoint(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    ['http:', 'https:'].includes(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  );
}

const GATEWAY_ID = /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/i;
const PREFIX = /^([A-Za-z0-9!_.*'()=-]+\/)+$/;

/**
 * Every key there is, by section, with its unit and default. The names are fixed (docs/OPERATIONS.md).
 * Sizes: GB = 10^9, MB = 10^6 bytes.
 */
export const SECTIONS = {
  gateway: z.strictObject({
    /** Part of every object's key; without one the first start takes the host's name and keeps it. */
    id: z.string().regex(GATEWAY_ID, 'use letters, digits, . _ - (at most 64)').optional(),
    data_dir: text.optional(),
    max_series: whole(1, 10_000_000).default(200_000),
  }),
  minio: z.strictObject({
    endpoint,
    bucket: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        'expected a bucket name: 3 to 63 lower-case letters, digits, dots, hyphens',
      ),
    prefix: z
      .union([z.literal(''), z.string().regex(PREFIX, 'must end in "/" and hold no "//" or odd characters')])
      .default(''),
    region: text.default('us-east-1'),
    access_key: credential,
    secret_key: credential.optional(),
    secret_key_file: text.optional(),
    ca_file: text.optional(),
  }),
  cold: z.strictObject({ directory: text }),
  tiering: z.strictObject({
    max_age_days: whole(1, 36_500).default(30),
    /** Room for local data (database, log, cache), GB: near it the oldest data moves early. */
    max_local_size_gb: z
      .number('expected a number of GB, such as 10 or 0.5')
      .positive('must be more than 0')
      .max(1_000_000, 'must be at most 1000000')
      .default(10),
    interval: duration(1_000).default(3_600_000),
    /** Blocks on the way at the same time. */
    concurrency: whole(1, 16).default(2),
    /** Largest block, MB. */
    target_block_mb: whole(1, 4_096).default(32),
    verify: z.enum(['readback', 'checksum'], 'must be "readback" or "checksum"').default('readback'),
    /** Room for fetched cold data, MB; 0 keeps none. */
    cache_mb: whole(0, 1_000_000).default(512),
  }),
  ingest: z.strictObject({ commit_linger_ms: whole(0, 10_000).default(100) }),
  'ingest.http': z.strictObject({
    listen: listen.default({ host: '127.0.0.1', port: 8086 }),
    token_file: text.optional(),
  }),
  ui: z.strictObject({
    listen: listen.default({ host: '127.0.0.1', port: 8480 }),
    /** Host names by which browsers may reach the screen, beside the loopback ones. */
    hosts: z
      .array(z.string().regex(/^[A-Za-z0-9.-]+$/, 'expected host names without a port'))
      .max(100)
      .default([]),
  }),
} as const;

export type SectionName = keyof typeof SECTIONS;

/** Keys whose feature is not built yet: refused, never silently inert. */
export const NOT_YET: readonly string[] = [
  'tiering.upload_limit_kbps',
  'tiering.windows',
  'tiering.retention_days',
  'ingest.mqtt',
];

export const SECRET_KEYS: readonly string[] = ['minio.secret_key'];

type Parsed<S extends SectionName> = z.output<(typeof SECTIONS)[S]>;

/** The validated configuration. Durations are milliseconds, listeners {host, port}, files are read. */
export interface Config {
  gateway: { id: string | undefined; data_dir: string; max_series: number };
  minio?: Omit<Parsed<'minio'>, 'secret_key' | 'secret_key_file' | 'ca_file'> & { secret_key: string; ca?: string };
  cold?: Parsed<'cold'>;
  tiering: Parsed<'tiering'>;
  ingest: Parsed<'ingest'> & { http: { listen: Listen; tokens?: string[] } };
  ui: Parsed<'ui'>;
}

export interface Listen {
  host: string;
  port: number;
}
