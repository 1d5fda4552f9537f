import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  archiveDaySchema,
  blockSchema,
  eventSchema,
  previewSchema,
  queryReplySchema,
  queryUpdateSchema,
  seriesSchema,
  settingSchema,
  statusSchema,
} from './schemas.ts';
import { BLOCK_STATES } from './states.ts';

/**
 * The one typed contract. `restContract` is served as REST with OpenAPI under /api/v1; `contract` adds what only the screen uses and is served
 * over WebSocket and MessagePort. Every message is checked at run time on each.
 *
 * Errors: NOT_FOUND (unknown series or block), BAD_REQUEST (names the wrong input), UNAVAILABLE (retry later).
 */
const base = oc.errors({
  NOT_FOUND: { status: 404, data: z.object({ action: z.string() }) },
  BAD_REQUEST: { status: 400, data: z.object({ action: z.string() }) },
  CONFLICT: { status: 409, data: z.object({ action: z.string() }) },
  UNAVAILABLE: { status: 503, data: z.object({ action: z.string() }) },
});

/** RFC 3339 time or integer epoch microseconds. */
const timeText = z
  .string({ error: 'missing; give RFC 3339 such as 2026-01-31T12:00:00Z, or integer microseconds since 1970' })
  .min(1)
  .max(40);
const seriesKey = z.string({ error: 'missing; name a series, such as pump.temp{hub=h1}' }).min(1).max(8192);
const wholeNumber = z.coerce.number({ error: 'not a whole number' }).int('not a whole number');

const limit = (most: number, standard: number) => wholeNumber.min(1).max(most).default(standard);

export const restContract = {
  status: base
    .route({ method: 'GET', path: '/status', summary: 'State, storage by tier, queue, link, ingest' })
    .output(statusSchema),
  series: base
    .route({ method: 'GET', path: '/series', summary: 'Series, by key' })
    .input(
      z.strictObject({
        search: z.string().max(200).optional(),
        after: seriesKey.optional(),
        limit: limit(10_000, 1_000),
      }),
    )
    .output(z.object({ series: z.array(seriesSchema), total: z.int(), next: z.string().nullable() })),
  query: base
    .route({
      method: 'GET',
      path: '/query',
      summary: 'History of one series over [from, to)',
      description:
        'Buckets are (to - from) / points wide. Where they are an hour or 5 minutes wide or wider, stored sums of an hour or 5 minutes are used where they exist (coverage: rollup); each counts whole in the bucket that holds its start. Sums also stand in for readings that cannot be reached.',
      outputStructure: 'detailed',
    })
    .input(
      z.strictObject({
        series: seriesKey,
        from: timeText,
        to: timeText,
        points: limit(100_000, 1_000),
        raw: z.enum(['0', '1']).optional(),
        next: z.string().max(40).optional(),
      }),
    )
    .output(queryReplySchema),
  blocks: base
    .route({ method: 'GET', path: '/blocks', summary: 'Blocks of the manifest, newest day first' })
    .input(
      z.strictObject({
        state: z.enum(BLOCK_STATES).optional(),
        /** Only those that need a person: damaged or missing in the archive, or set aside. */
        attention: z.enum(['0', '1']).optional(),
        day: z.iso.date().optional(),
        after: z.string().max(100).optional(),
        limit: limit(10_000, 1_000),
      }),
    )
    .output(z.object({ blocks: z.array(blockSchema), next: z.string().nullable() })),
  events: base
    .route({ method: 'GET', path: '/events', summary: 'What happened, newest first' })
    .input(
      z.strictObject({
        before: wholeNumber.optional(),
        level: z.enum(['info', 'warning', 'error']).optional(),
        limit: limit(1_000, 200),
      }),
    )
    .output(z.object({ events: z.array(eventSchema), next: z.number().nullable() })),
  tierNow: base
    .route({
      method: 'POST',
      path: '/tier-now',
      summary: 'Move everything that is due, now; stays queued while offline',
      successStatus: 202,
    })
    .output(z.object({ accepted: z.boolean(), preview: previewSchema })),
  preview: base.route({ method: 'GET', path: '/preview', summary: 'What "tier-now" would move' }).output(previewSchema),
  pause: base
    .route({ method: 'POST', path: '/pause', summary: 'Stop tiering until resumed, or for a while' })
    .input(
      z
        .strictObject({
          for_s: z
            .number()
            .int()
            .min(1)
            .max(31 * 86_400)
            .optional(),
        })
        .optional(),
    )
    .output(z.object({ paused_until_us: z.int() })),
  resume: base
    .route({ method: 'POST', path: '/resume', summary: 'End a pause' })
    .output(z.object({ paused: z.literal(false) })),
  retryBlock: base
    .route({ method: 'POST', path: '/blocks/{id}/retry', summary: 'Try a quarantined or waiting block again, now' })
    .input(z.object({ id: z.string().min(1).max(100) }))
    .output(blockSchema),
};

const { query: _, ...shared } = restContract;

export const contract = {
  ...shared,
  /** The status now, and again whenever it changes (at most once a second). */
  watchStatus: base.output(eventIterator(statusSchema)),
  /** The answer as it sharpens: local part first, cold parts as they arrive; ends after `done`. Closing it cancels the fetches. */
  watchQuery: base
    .input(z.object({ series: seriesKey, from: z.int(), to: z.int(), points: z.number().int().min(1).max(10_000) }))
    .output(eventIterator(queryUpdateSchema)),
  archiveDays: base.output(z.array(archiveDaySchema)),
  settings: base.output(z.object({ settings: z.array(settingSchema), files: z.array(z.string()) })),
};
