import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { messageOf, TidemarkError } from '../../../shared/errors.ts';
import type { Log } from '../../ports/log.ts';
import { boundConnections } from './connections.ts';
import { errorBody, HttpError, headerText } from './errors.ts';

/** A connection on which nothing moves during a request is cut. What moves, however slowly, has an hour: a full body at 75 kbit/s. */
const STALLED_MS = 60_000;
const REQUEST_TIMEOUT_MS = 3_600_000;
const HEADERS_TIMEOUT_MS = 10_000;
const CONNECTIONS_CHECK_MS = 5_000;
/** Longer than clients keep idle connections by themselves, so that they, not we, close first and no write hits a closing one. */
const KEEP_ALIVE_MS = 100_000;
/** After a commit failed: long enough not to hammer a faulty disk, short enough for an edge client's buffer. */
const FAULT_RETRY_S = 5;

/** V1 clients: their path alone tells them from the others. */
export const V1_WRITE = '/write';

/**
 * A Fastify app without routes that leaves bodies unread for the handlers, bounds connections and times, and answers every error
 * as {code, message}. `methods` names the methods of each known path, for 405.
 */
export function createApp(log: Log, methods: ReadonlyMap<string, string>): FastifyInstance {
  const app = Fastify({
    connectionTimeout: STALLED_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CONNECTIONS_CHECK_MS },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenHttp,
    frameworkErrors: (error, request, reply) => sendError(log, error, request, reply),
  });
  boundConnections(app.server);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler((error, request, reply) => sendError(log, error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.get(pathOf(request));
    if (allowed === undefined) return sendError(log, new HttpError(404, 'path not found'), request, reply);
    reply.header('allow', allowed);
    return sendError(log, new HttpError(405, `use ${allowed}`), request, reply);
  });
  return app;
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

function sendError(log: Log, thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asHttpError(thrown);
  const path = pathOf(request);
  if (request.raw.readableAborted) {
    // Nobody is there to read the answer, and nothing is wrong here: a flapping link must not fill the log.
    log.debug({ reason: messageOf(thrown) }, 'a client went away during its request');
  } else if (error.status === 503 && error.cause !== undefined) {
    log.error({ reason: messageOf(error.cause) }, 'an ingest request failed');
  }
  if (error.status === 401) reply.header('www-authenticate', 'Token');
  if (error.status === 415) reply.header('accept-encoding', 'gzip, identity');
  if (error.retryAfterS !== undefined) reply.header('retry-after', error.retryAfterS);
  if (error.closes) reply.header('connection', 'close');
  const text = headerText(error.message);
  return reply
    .code(error.status)
    .headers({ 'x-influxdb-error': text, 'x-influx-error': text })
    .send(errorBody(error, path === V1_WRITE));
}

/** What went wrong, as a reply. Anything unforeseen is our fault: 503, so that clients keep their readings. */
function asHttpError(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown;
  if (thrown instanceof TidemarkError && thrown.retry !== 'never') {
    return new HttpError(503, thrown.message, { retryAfterS: FAULT_RETRY_S, cause: thrown });
  }
  switch (statusOf(thrown)) {
    case 400:
      return new HttpError(400, messageOf(thrown));
    case 404:
      return new HttpError(404, 'path not found');
    case 415:
      return new HttpError(415, messageOf(thrown));
    default:
      return new HttpError(503, 'the gateway could not take the request', {
        retryAfterS: FAULT_RETRY_S,
        cause: thrown,
      });
  }
}

function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('statusCode' in thrown)) return undefined;
  return typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

const TIMEOUTS = new Set(['ERR_HTTP_REQUEST_TIMEOUT', 'ECONNRESET']);

/**
 * A request that is no HTTP gets 400. One that does not arrive in time gets its connection cut instead of 408: on any 4xx clients
 * throw their readings away, on a broken connection they keep them.
 */
function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (TIMEOUTS.has(error.code ?? '') || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ code: 'invalid', message: 'the request is not valid HTTP/1.1' });
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}
