import { type ConditionalSchemaConverter, OpenAPIGenerator } from '@orpc/openapi';
import { implement, ORPCError, ValidationError } from '@orpc/server';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import { contract, restContract } from '../shared/contract.ts';
import { TidemarkError } from '../shared/errors.ts';
import {
  type Preview,
  type QueryUpdate,
  queryReplySchema,
  queryRowsSchema,
  type Setting,
  type Status,
} from '../shared/schemas.ts';
import { blockView, dayNumber, eventView, seriesView } from './api-views.ts';
import { archiveCalendar } from './archive-calendar.ts';
import type { QueryAnswer, RawAnswer } from './query/service.ts';
import { bucketRows, rawRows } from './query-rows.ts';
import type { Remote } from './store/remote.ts';
import type { StoreApi } from './store/types.ts';
import { Streams } from './streams.ts';
import { parseTime } from './times.ts';

/** What the contract needs of the core. */
export interface Services {
  writer: Remote<StoreApi>;
  status(): Promise<Status>;
  watchStatus(signal: AbortSignal | undefined): AsyncIterable<Status>;
  /** Streamed answers for the screen. */
  watchQuery(
    o: { key: string; from: number; to: number; points: number },
    signal: AbortSignal | undefined,
  ): AsyncIterable<QueryUpdate>;
  /** Whole answers; cold data is waited for up to 60 s, not at all while the link is away. */
  buckets(
    o: { key: string; from: number; to: number; points: number },
    signal: AbortSignal | undefined,
  ): Promise<QueryAnswer>;
  raw(o: { key: string; from: number; to: number; limit: number }, signal: AbortSignal | undefined): Promise<RawAnswer>;
  preview(): Promise<Preview>;
  tierNow(): Promise<void>;
  pause(forMs: number | undefined): Promise<number>;
  resume(): Promise<void>;
  retryBlock(id: string): Promise<void>;
  settings(): { settings: Setting[]; files: string[] };
}

/** What the shell knows of who calls: one object for each WebSocket or MessagePort, and for each REST call. */
export interface Connection {
  streams: Streams;
}

/** Of a new connection. */
export const newConnection = (): Connection => ({ streams: new Streams() });

/** Raw readings a page. */
const PAGE = 100_000;

export type RestRouter = ReturnType<typeof createRouters>['restRouter'];
export type Router = ReturnType<typeof createRouters>['router'];

/** Implements the contract over the core. The same handlers serve REST, WebSocket and MessagePort. */
export function createRouters(s: Services) {
  const os = implement({ ...restContract, ...contract }).$context<Connection>();

  const rest = {
    status: os.status.handler(() => s.status()),
    series: os.series.handler(async ({ input }) => {
      const { search, after, limit } = input;
      const page = await s.writer.listSeries({
        limit,
        ...(search === undefined ? {} : { search }),
        ...(after === undefined ? {} : { after }),
      });
      return {
        series: page.series.map(seriesView),
        total: page.total,
        next: page.series.length === limit ? (page.series.at(-1)?.key ?? null) : null,
      };
    }),
    query: os.query.handler(async ({ input, signal }) => {
      const range = { key: input.series, from: parseTime(input.from, 'from'), to: parseTime(input.to, 'to') };
      if (input.raw === '1') {
        const from = input.next === undefined ? range.from : parseTime(input.next, 'next');
        if (from < range.from || from > range.to) throw foreignCursor();
        return jsonReply(rawRows(range.key, await s.raw({ ...range, from, limit: PAGE }, signal)));
      }
      return jsonReply(bucketRows(range.key, await s.buckets({ ...range, points: input.points }, signal)));
    }),
    blocks: os.blocks.handler(async ({ input }) => {
      const found = await s.writer.blocks({
        limit: input.limit,
        ...(input.state === undefined ? {} : { states: [input.state] }),
        ...(input.attention === '1' ? { attention: true as const } : {}),
        ...(input.day === undefined ? {} : { day: dayNumber(input.day) }),
        ...(input.after === undefined ? {} : { after: input.after }),
      });
      return { blocks: found.map(blockView), next: found.length === input.limit ? (found.at(-1)?.id ?? null) : null };
    }),
    events: os.events.handler(async ({ input }) => {
      const { before, level, limit } = input;
      const rows = await s.writer.events({
        limit,
        ...(before === undefined ? {} : { before }),
        ...(level === undefined ? {} : { level }),
      });
      return { events: rows.map(eventView), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null };
    }),
    tierNow: os.tierNow.handler(async () => {
      const preview = await s.preview();
      await s.tierNow();
      return { accepted: true, preview };
    }),
    preview: os.preview.handler(() => s.preview()),
    pause: os.pause.handler(async ({ input }) => ({
      paused_until_us: await s.pause(input?.for_s === undefined ? undefined : input.for_s * 1_000),
    })),
    resume: os.resume.handler(async () => {
      await s.resume();
      return { paused: false as const };
    }),
    retryBlock: os.retryBlock.handler(async ({ input }) => {
      await s.retryBlock(input.id);
      const block = await s.writer.block(input.id);
      if (block === undefined)
        throw new TidemarkError('unknown-block', `there is no block ${input.id}`, {
          retry: 'never',
          blame: 'client',
          action: 'GET /api/v1/blocks lists them',
        });
      return blockView(block);
    }),
  };

  const { query: _, ...shared } = rest;
  const router = {
    ...shared,
    // The interceptor (describeErrors) has returned by the time a stream fails.
    watchStatus: os.watchStatus.handler(async function* ({ signal, context }) {
      yield* describingErrors(context.streams.limit(s.watchStatus(signal)));
    }),
    watchQuery: os.watchQuery.handler(async function* ({ input, signal, context }) {
      const range = { key: input.series, from: input.from, to: input.to, points: input.points };
      yield* describingErrors(context.streams.limit(s.watchQuery(range, signal)));
    }),
    archiveDays: os.archiveDays.handler(async () => archiveCalendar(await s.writer.days(), await s.writer.blocks())),
    settings: os.settings.handler(() => s.settings()),
  };
  return { restRouter: rest, router };
}

function jsonReply(text: AsyncIterable<Uint8Array>) {
  return { headers: { 'content-type': 'application/json' as const }, body: ReadableStream.from(text) };
}

function foreignCursor(): TidemarkError {
  return new TidemarkError('bad-range', 'next: it does not belong to this range', {
    retry: 'never',
    blame: 'client',
    action: 'send the next of the page before with the same from and to',
  });
}

/** The OpenAPI document of the REST part. */
export function openApiDocument(version: string): Promise<unknown> {
  const zod = new ZodToJsonSchemaConverter();
  // Sent as text, described as what the text says.
  const rows = z.object({ body: queryRowsSchema });
  const queryReply: ConditionalSchemaConverter = {
    condition: (schema) => schema === queryReplySchema,
    convert: (_, o) => zod.convert(rows, o),
  };
  const generator = new OpenAPIGenerator({ schemaConverters: [queryReply, zod] });
  return generator.generate(restContract, {
    info: { title: 'Tidemark', version, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/api/v1' }],
    components: { securitySchemes: { apiToken: { type: 'http', scheme: 'bearer' } } },
    security: [{ apiToken: [] }],
  });
}

/** Interceptor that turns our errors into the contract's, and says which input was wrong instead of only that one was. */
export async function describeErrors<T>(call: { next(): Promise<T> }): Promise<T> {
  try {
    return await call.next();
  } catch (error) {
    if (error instanceof TidemarkError) throw toContractError(error);
    if (error instanceof ORPCError && error.cause instanceof ValidationError) throw namingInput(error, error.cause);
    throw error;
  }
}

async function* describingErrors<T>(stream: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* stream;
  } catch (error) {
    throw error instanceof TidemarkError ? toContractError(error) : error;
  }
}

function namingInput(error: ORPCError<string, unknown>, cause: ValidationError): ORPCError<string, { action: string }> {
  const issue = cause.issues[0];
  const path = issue?.path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') ?? '';
  const message = `${path === '' ? 'input' : path}: ${issue?.message ?? 'not valid'}`;
  return new ORPCError(error.code, {
    status: error.status,
    message,
    data: { action: '/api/v1/openapi.json lists what may be sent' },
    cause: error,
  });
}

function toContractError(error: TidemarkError): ORPCError<string, { action: string }> {
  const o = { message: error.message, data: { action: error.action }, cause: error };
  if (error.code.startsWith('unknown-')) return new ORPCError('NOT_FOUND', { ...o, status: 404 });
  if (error.blame === 'client') return new ORPCError('BAD_REQUEST', { ...o, status: 400 });
  return error.retry === 'never'
    ? new ORPCError('CONFLICT', { ...o, status: 409 })
    : new ORPCError('UNAVAILABLE', { ...o, status: 503 });
}
