import { RPCHandler } from '@orpc/server/message-port';
import { ipcMain, type WebFrameMain } from 'electron';
import { describeErrors, newConnection, type Router } from '../../api.ts';
import type { Log } from '../../ports/log.ts';
import { PAGE_ORIGIN } from './address.ts';
import { CONNECT } from './preload/channel.ts';

/** Only our own page speaks to the gateway: not a frame in it, not what a window may have come to show, not a frame that is gone. */
function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === PAGE_ORIGIN;
}

/** Serves the contract to each port that the page sends; the page sends a new one after a reload or when it lost the last. */
export function serveRpc(router: Router, log: Log): void {
  const rpc = new RPCHandler(router, { interceptors: [describeErrors] });
  ipcMain.on(CONNECT, (event) => {
    const [port] = event.ports;
    if (port === undefined) return;
    if (!isOurPage(event.senderFrame)) {
      log.warn({ origin: event.senderFrame?.origin ?? 'gone' }, 'refused a connection of a foreign page');
      port.close();
      return;
    }
    rpc.upgrade(port, { context: newConnection() });
    port.start();
  });
}
