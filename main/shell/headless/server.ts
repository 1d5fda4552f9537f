import type { IncomingMessage } from 'node:http';
import fastifyStatic from '@fastify/static';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { messageOf } from '../../../shared/errors.ts';
import { describeErrors, newConnection, type RestRouter, type Router } from '../../api.ts';
import type { Log } from '../../ports/log.ts';
import { hostAllowed, originMatches } from './guard.ts';
import { PAGE_FOLDER, renderPage } from './page.ts';
import { serveRpc } from './rpc.ts';
import { cookieValue, type Sessions, sameSecret } from './sessions.ts';

/** Of a call that is refused for now, seconds. */
const RETRY_AFTER_S = 5;

export interface HeadlessOptions {
  listen: { host: string; port: number };
  hosts: readonly string[];
  router: Router;
  restRouter: RestRouter;
  /** The OpenAPI document of the REST part. */
  openApi: () => Promise<unknown>;
  apiToken: string;
  sessions: Sessions;
  /** Prometheus text. */
  metrics: () => Promise<string>;
  /** False while starting or stopping. */
  ready: () => boolean;
  log: Log;
}

const sessionBody = z.object({ token: z.string().min(1).max(200) });

/** The screen and the API over loopback HTTP and WebSocket. Rejects when the address is taken. */
export async function serveHeadless(
  o: HeadlessOptions,
): Promise<{ host: string; port: number; close(): Promise<void> }> {
  const app = Fastify({ logger: false, bodyLimit: 1_000_000, requestTimeout: 120_000, forceCloseConnections: true });
  const cookieName = (): string => `tidemark-${portOf(app.server.address())}`;
  const hasSession = (headers: IncomingMessage['headers']): boolean =>
    o.sessions.known(cookieValue(headers.cookie, cookieName()));
  const hasToken = (headers: IncomingMessage['headers']): boolean => {
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    return token !== undefined && sameSecret(token, o.apiToken);
  };

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (!hostAllowed(request.headers.host, o.hosts, o.listen.host)) {
      await refuse(reply, 403, 'FORBIDDEN', 'this host name is not allowed; add it to [ui] hosts in tidemark.toml');
    }
  });
  app.setNotFoundHandler((_, reply) => refuse(reply, 404, 'NOT_FOUND', 'there is nothing at this address'));
  app.setErrorHandler<Error & { statusCode?: number }>((error, _, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) o.log.error({ error: messageOf(error) }, 'request failed');
    return refuse(
      reply,
      status,
      status >= 500 ? 'INTERNAL' : 'BAD_REQUEST',
      status >= 500 ? 'the gateway could not answer' : messageOf(error),
    );
  });

  app.get('/', (_, reply) => {
    const page = renderPage(PAGE_FOLDER, 'headless');
    return reply
      .header('content-security-policy', page.policy)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page.html);
  });
  await app.register(fastifyStatic, {
    root: PAGE_FOLDER,
    index: false,
    immutable: true,
    maxAge: '30d',
    dotfiles: 'ignore',
  });

  app.get('/session', (request, reply) =>
    hasSession(request.headers) ? reply.code(204).send() : refuse(reply, 401, 'UNAUTHORIZED', 'no session'),
  );
  app.post('/session', async (request, reply) => {
    if (!originMatches(request.headers)) return refuse(reply, 403, 'FORBIDDEN', 'Origin and Host differ');
    const body = sessionBody.safeParse(request.body);
    if (!body.success || !sameSecret(body.data.token, o.apiToken)) {
      return refuse(
        reply,
        401,
        'UNAUTHORIZED',
        'the address is no longer valid; run "tidemark url" on the gateway for the present one',
      );
    }
    const cookie = `${cookieName()}=${await o.sessions.open()}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`;
    return reply.header('set-cookie', cookie).code(204).send();
  });

  app.get('/healthz', (_, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', (_, reply) =>
    o.ready() ? reply.send({ status: 'ready' }) : refuse(reply, 503, 'UNAVAILABLE', 'starting or stopping'),
  );
  app.get('/metrics', async (request, reply) => {
    if (!hasToken(request.headers)) return refuse(reply, 401, 'UNAUTHORIZED', 'send the api-token as Bearer');
    return reply.type('text/plain; version=0.0.4').send(await o.metrics());
  });

  const rest = new OpenAPIHandler(o.restRouter, { interceptors: [describeErrors] });
  await app.register((api, _, done) => {
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', { parseAs: 'string' }, parseBody);
    api.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
      if (hasToken(request.headers)) return;
      const safe =
        request.headers.origin === undefined
          ? request.headers['sec-fetch-site'] !== 'cross-site' && request.method === 'GET'
          : originMatches(request.headers);
      if (!(safe && hasSession(request.headers)))
        await refuse(reply, 401, 'UNAUTHORIZED', 'send the api-token of the data folder as Bearer');
    });
    api.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode === 503) reply.header('retry-after', RETRY_AFTER_S);
    });
    api.get('/api/v1/openapi.json', async (_request, reply) => reply.send(await o.openApi()));
    api.all('/api/v1/*', async (request, reply) => {
      const { matched } = await rest.handle(request, reply, { prefix: '/api/v1', context: newConnection() });
      if (!matched) await refuse(reply, 404, 'NOT_FOUND', 'no such call; /api/v1/openapi.json lists them');
      return reply;
    });
    done();
  });

  const rpc = serveRpc({
    server: app.server,
    router: o.router,
    allowed: (headers) => hostAllowed(headers.host, o.hosts, o.listen.host) && originMatches(headers),
    hasSession,
    log: o.log,
  });

  await app.listen({ host: o.listen.host, port: o.listen.port });
  return {
    host: o.listen.host,
    port: portOf(app.server.address()),
    async close() {
      rpc.close();
      await app.close();
    },
  };
}

/** Calls take JSON or nothing: what else comes must not be read as a call without input. */
async function parseBody(request: FastifyRequest, text: string | Buffer): Promise<unknown> {
  if (text.length === 0) return undefined;
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw problem(415, 'send the input as JSON, with content-type: application/json');
  try {
    return JSON.parse(text.toString());
  } catch {
    throw problem(400, 'the body is not valid JSON; /api/v1/openapi.json lists what may be sent');
  }
}

function problem(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply.code(status).send({ code, message });
}

function portOf(address: ReturnType<import('node:net').Server['address']>): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
