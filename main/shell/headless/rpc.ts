import type { IncomingHttpHeaders, Server } from 'node:http';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { messageOf } from '../../../shared/errors.ts';
import { type Connection, describeErrors, newConnection, type Router } from '../../api.ts';
import type { Log } from '../../ports/log.ts';

const RPC_PATH = '/rpc';
/** Close code for a browser without a session: the page shows how to get one. */
const NO_SESSION = 4401;
const MOST_MESSAGE_BYTES = 1_000_000;

/** What the handler needs of a socket. */
type Peer = Parameters<RPCHandler<Connection>['upgrade']>[0];

/**
 * The handler waits for what `send` returns before it asks a stream for its next answer: here, until the socket has taken the message. So a client that
 * does not read costs one message for each of its streams, and when it reads again it gets the newest answer next.
 */
function paced(ws: WebSocket): Peer {
  return {
    // Of a socket that failed its close event tells.
    send: (data: Parameters<WebSocket['send']>[0]) => new Promise<void>((sent) => ws.send(data, () => sent())),
    addEventListener: ws.addEventListener.bind(ws),
  };
}

/**
 * The page's calls over WebSocket. An upgrade reaches this before any hook of the web framework: whatever is sent here, whoever sends it, nothing may
 * throw out of it or leave a socket without somebody who hears its errors.
 */
export function serveRpc(o: {
  server: Server;
  router: Router;
  /** Host and Origin are ours. */
  allowed(headers: IncomingHttpHeaders): boolean;
  hasSession(headers: IncomingHttpHeaders): boolean;
  log: Log;
}): { close(): void } {
  const rpc = new RPCHandler(o.router, { interceptors: [describeErrors] });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });
  const failed = (error: unknown): void => o.log.debug({ error: messageOf(error) }, 'browser connection failed');
  o.server.on('upgrade', (request, socket, head) => {
    socket.on('error', (error) => {
      failed(error);
      socket.destroy();
    });
    const path = request.url?.split('?', 1)[0];
    if (path !== RPC_PATH || !o.allowed(request.headers)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', failed);
      if (!o.hasSession(request.headers)) {
        ws.close(NO_SESSION, 'no session');
        return;
      }
      Promise.resolve(rpc.upgrade(paced(ws), { context: newConnection() })).catch(failed);
    });
  });
  return {
    close() {
      for (const ws of sockets.clients) ws.terminate();
    },
  };
}
