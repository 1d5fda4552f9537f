import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../shared/contract.ts';

export type Client = ContractRouterClient<typeof contract>;

/** Why a channel ended: the way to the gateway broke, or the gateway does not know this browser. */
export type Ended = 'broken' | 'no-session';

/** One way to the gateway, until it breaks. `ended` resolves once; after that calls fail or, on a MessagePort, hang. */
export interface Channel {
  client: Client;
  ended: Promise<Ended>;
  close(): void;
}

/** Close code of the gateway for a WebSocket without a session. */
const NO_SESSION = 4401;

export function openSocket(): Channel {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/rpc`);
  const ended = new Promise<Ended>((resolve) => {
    socket.addEventListener('close', (event) => resolve(event.code === NO_SESSION ? 'no-session' : 'broken'));
  });
  return {
    client: createORPCClient(new SocketLink({ websocket: lenient(socket) })),
    ended,
    close: () => socket.close(),
  };
}

/** What the link needs of a WebSocket. */
type LinkSocket = ConstructorParameters<typeof SocketLink>[0]['websocket'];

/**
 * The link tells the gateway when a call is given up, and nobody waits for that message: on a socket that closes or is closed it is dropped, where
 * the link would throw into the void. A call made then hangs, as on a MessagePort; its end is the channel's.
 */
function lenient(socket: LinkSocket): LinkSocket {
  return {
    get readyState() {
      return socket.readyState === WebSocket.CONNECTING ? WebSocket.CONNECTING : WebSocket.OPEN;
    },
    send: (data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data);
    },
    addEventListener: socket.addEventListener.bind(socket),
    removeEventListener: socket.removeEventListener.bind(socket),
  };
}

/** The preload carries port1 to the main process, which answers only pages of its own origin. */
export function openPort(): Channel {
  const { port1, port2 } = new MessageChannel();
  const ended = new Promise<Ended>((resolve) => {
    port2.addEventListener('close', () => resolve('broken'));
  });
  const client: Client = createORPCClient(new PortLink({ port: port2 }));
  port2.start();
  window.postMessage('tidemark:connect', location.origin, [port1]);
  return { client, ended, close: () => port2.close() };
}

/** The shell names itself on the page; without a name the address tells. */
export function isElectron(): boolean {
  const shell = document.documentElement.dataset.shell;
  return shell === undefined ? location.protocol === 'app:' : shell === 'electron';
}
