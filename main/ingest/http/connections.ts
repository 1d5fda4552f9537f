import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Beyond this many the one that is idle longest is closed for each new one. Beyond the hard bound, all of them busy, new ones are dropped. */
const ROOMY_CONNECTIONS = 512;
const MAX_CONNECTIONS = 1024;

/**
 * Lets idle connections give way to new ones, so that nobody shuts the hubs out by only being connected. Idle is a connection without
 * a request under way, half-sent headers included; a client takes a closed idle connection for what it is and opens another.
 */
export function boundConnections(server: Server): void {
  /** In the order in which they fell idle. */
  const idle = new Set<Socket>();
  let open = 0;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket: Socket) => {
    open++;
    if (open > ROOMY_CONNECTIONS) {
      const [longest] = idle;
      longest?.destroy();
      if (longest !== undefined) idle.delete(longest);
    }
    idle.add(socket);
    socket.once('close', () => {
      open--;
      idle.delete(socket);
    });
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
}
