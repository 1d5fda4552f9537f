import type { AddressInfo } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { GroupCommit } from './group-commit.ts';
import { createApp, V1_WRITE } from './http/app.ts';
import { createAuth } from './http/auth.ts';
import { createBodyReader } from './http/body.ts';
import { HttpError, wholeSeconds } from './http/errors.ts';
import { partialWriteMessage } from './http/partial-write.ts';
import { v1Precision, v2Precision } from './http/precision.ts';
import { MAX_BODY_BYTES, MAX_JSON_BYTES } from './limits.ts';
import type { IngestRequest, IngestResult } from './types.ts';

const CLOSING_RETRY_S = 10;
const V2_WRITE = '/api/v2/write';
const METHODS = new Map([
  [V2_WRITE, 'POST'],
  [V1_WRITE, 'POST'],
  ['/readings', 'POST'],
  ['/ping', 'GET'],
  ['/health', 'GET'],
]);
const READINGS_FORMATS = new Map<string, 'readings-protobuf' | 'readings-json'>([
  ['application/x-protobuf', 'readings-protobuf'],
  ['application/protobuf', 'readings-protobuf'],
  ['application/json', 'readings-json'],
]);

/** Why ingest refuses everybody now, and when to come back. */
export interface Gate {
  reason: string;
  retryAfterS: number;
}

export interface IngestServerOptions {
  submit: GroupCommit['submit'];
  clock: Clock;
  log: Log;
  version: string;
  /** Tokens that may write; none: everybody may. */
  tokens: readonly string[];
  /** Asked for each request before its body is read. */
  gate: () => Gate | undefined;
}

/** Since the start. `refused` counts the lines, fields, series and readings that bodies had refused; `gated` the requests turned away. */
export interface IngestStats {
  requests: number;
  accepted: number;
  refused: number;
  floored: number;
  rounded: number;
  gated: number;
  lastReceivedUs?: number;
}

export interface IngestServer {
  /** Port 0 takes a free one. Resolves with the address bound; rejects with the system's error (EADDRINUSE, EACCES). */
  listen(host: string, port: number): Promise<{ host: string; port: number }>;
  stats(): IngestStats;
  /** Takes no new request, answers those under way, and cuts the connections that are left after the deadline. */
  close(deadlineMs: number): Promise<void>;
}

/** The HTTP side of ingest: InfluxDB's write endpoints and `POST /readings`. */
export function createIngestServer(o: IngestServerOptions): IngestServer {
  const stats: IngestStats = { requests: 0, accepted: 0, refused: 0, floored: 0, rounded: 0, gated: 0 };
  const app = createApp(o.log, METHODS);
  const authorized = createAuth(o.tokens);
  const readBody = createBodyReader();
  let closing = false;

  const refusal = (): Gate | undefined =>
    closing ? { reason: 'the gateway is shutting down', retryAfterS: CLOSING_RETRY_S } : o.gate();

  /** Refuses before the body is read. */
  const admit = async ({ headers, query }: FastifyRequest): Promise<void> => {
    stats.requests++;
    if (!authorized({ authorization: headers.authorization, p: param(query, 'p') })) {
      throw new HttpError(401, 'a known token is needed, as in Authorization: Token X');
    }
    const gate = refusal();
    if (gate === undefined) return;
    stats.gated++;
    throw new HttpError(503, gate.reason, { retryAfterS: gate.retryAfterS });
  };

  const count = (result: IngestResult): void => {
    stats.accepted += result.accepted;
    stats.refused += result.refused;
    stats.floored += result.floored;
    stats.rounded += result.rounded;
    if (result.accepted > 0) stats.lastReceivedUs = o.clock.nowUs();
  };

  const take = async (request: FastifyRequest, reply: FastifyReply, kind: Omit<IngestRequest, 'body'>) => {
    const limit = kind.format === 'readings-json' ? MAX_JSON_BYTES : MAX_BODY_BYTES;
    const { body, release } = await readBody(request.raw, limit);
    try {
      if (body.byteLength === 0) return reply.code(204).send();
      const result = await o.submit({ ...kind, body });
      count(result);
      if (result.refused === 0) return reply.code(204).send();
      throw new HttpError(400, partialWriteMessage(result, kind.format === 'line' ? 'line' : 'series'));
    } finally {
      release();
    }
  };

  /** Line protocol comes with any Content-Type, malformed ones too, which Fastify would refuse. */
  const ignoreContentType = async ({ raw }: FastifyRequest): Promise<void> => {
    delete raw.headers['content-type'];
  };
  const line = { onRequest: [admit, ignoreContentType] };

  app.post(V2_WRITE, line, (request, reply) =>
    take(request, reply, { format: 'line', precision: v2Precision(param(request.query, 'precision')) }),
  );
  app.post(V1_WRITE, line, (request, reply) =>
    take(request, reply, { format: 'line', precision: v1Precision(param(request.query, 'precision')) }),
  );
  app.post('/readings', { onRequest: admit }, (request, reply) =>
    take(request, reply, { format: readingsFormat(request), precision: 'us' }),
  );
  app.get('/ping', (_request, reply) => reply.header('x-influxdb-version', o.version).code(204).send());
  // As InfluxDB's: 200 and `pass`, or 503 and `fail` with the reason a write would be given now.
  app.get('/health', (_request, reply) => {
    const gate = refusal();
    if (gate !== undefined) reply.code(503).header('retry-after', wholeSeconds(gate.retryAfterS));
    const message = gate?.reason ?? 'ready for writes';
    return reply.send({ name: 'tidemark', message, status: gate === undefined ? 'pass' : 'fail', version: o.version });
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });

  return {
    async listen(host, port) {
      await app.listen({ host, port });
      return boundAddress(app.server.address());
    },
    stats: () => ({ ...stats }),
    async close(deadlineMs) {
      closing = true;
      const closed = app.close();
      const cancel = o.clock.after(deadlineMs, () => app.server.closeAllConnections());
      await closed;
      cancel();
    },
  };
}

/** A query parameter; of repeated ones the last, as InfluxDB does not say. */
function param(query: unknown, name: string): unknown {
  if (typeof query !== 'object' || query === null) return undefined;
  const value: unknown = Reflect.get(query, name);
  return Array.isArray(value) ? value.at(-1) : value;
}

function readingsFormat({ headers }: FastifyRequest): 'readings-protobuf' | 'readings-json' {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const format = READINGS_FORMATS.get(type);
  if (format === undefined) throw new HttpError(415, 'send application/x-protobuf or application/json');
  return format;
}

function boundAddress(address: AddressInfo | string | null): { host: string; port: number } {
  if (address === null || typeof address === 'string') throw new Error('the ingest server has no network address');
  return { host: address.address, port: address.port };
}
